"""How the levels of a model's sounds are brought to those of the recordings.

No picture that a network draws is exactly the spectrogram of a sound. The sound that comes nearest
has lower peaks and fuller valleys, by about a decibel each, and all of its kind the same way.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.inference.level_curve import MOST, LevelCurve

_BANDS = 8
_QUANTILES = 64
_LEVELS = 65
_ROUNDS = 2
_STEP = 0.8
"""Share of what is missing that a round adds: levels are not independent of each other."""
_SILENT = -0.98
"""Levels up to here are the floor, whatever rounding made of it, and stay."""


def calibrated_levels(
    real: Tensor, made: Tensor, heard: Callable[[Tensor], Tensor]
) -> LevelCurve | None:
    """The curve after which a model's sounds have the levels of real ones.

    In each of up to eight bands the quantiles of levels are matched: those of ``heard(made)``,
    corrected, with those of ``real``, in two rounds.

    Args:
        real: Images of recordings [N, C, F, T].
        made: Images of the generator [M, C, F, T], labels in the proportions of ``real``.
        heard: Images [M, C, F, T] of the sounds that such images are turned into.

    Returns:
        ``None`` for a generator whose images or sounds are not finite.
    """
    if not torch.isfinite(made).all():
        return None
    height = real.shape[2]
    bands = np.array_split(np.arange(height), min(_BANDS, height))
    wanted, drawn = _quantiles(real, bands), _quantiles(made, bands)
    moved = drawn
    curve = _curve(drawn, moved, height)
    for _ in range(_ROUNDS):
        sounds = heard(curve(made))
        if not torch.isfinite(sounds).all():
            return None
        missing = np.where(drawn < _SILENT, 0.0, wanted - _quantiles(sounds, bands))
        # A louder level stays the louder one, and none moves far.
        moved = np.maximum.accumulate(moved + _STEP * missing, axis=1)
        moved = np.clip(moved, drawn - MOST, drawn + MOST)
        curve = _curve(drawn, moved, height)
    return curve


def _curve(drawn: NDArray[np.float64], moved: NDArray[np.float64], height: int) -> LevelCurve:
    """The correction at even levels that takes quantiles ``drawn`` to ``moved``, [bands, Q]."""
    levels = np.linspace(-1.0, 1.0, _LEVELS)
    rows = [np.interp(levels, *pair) for pair in zip(drawn, moved - drawn, strict=True)]
    correction = np.stack(rows)
    correction[:, 0] = 0.0
    return LevelCurve(torch.from_numpy(correction).float(), height)


def _quantiles(images: Tensor, bands: list[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Levels below which even shares of a band's pixels lie, [bands, Q]."""
    shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    pictures = images.mean(dim=1).numpy()
    return np.stack([np.quantile(pictures[:, band], shares).astype(np.float64) for band in bands])
