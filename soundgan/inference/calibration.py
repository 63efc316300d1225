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

from soundgan.codec.level_curve import MOST, LevelCurve

_SECTIONS = 8
"""In time and in frequency."""
_QUANTILES = 64
_LEVELS = 65
ROUNDS = 2
_STEP = 0.8
"""Share of what is missing that a round adds: levels are not independent of each other."""
_SILENT = -0.98
"""Levels up to here are the floor, whatever rounding made of it, and stay."""


def calibrated_levels(
    real: Tensor, made: Tensor, heard: Callable[[Tensor], Tensor]
) -> LevelCurve | None:
    """The curve after which a model's sounds have the levels of real ones.

    In each of up to eight by eight sections of time and bands the quantiles of levels are matched:
    those of ``heard(made)``, corrected, with those of ``real``, in two rounds.

    Args:
        real: Images of recordings [N, C, F, T].
        made: Images of the generator [M, C, F, T], labels in the proportions of ``real``.
        heard: Images [M, C, F, T] of the sounds that such images are turned into.

    Returns:
        ``None`` for a generator whose images or sounds are not finite.
    """
    if not torch.isfinite(made).all():
        return None
    height, width = real.shape[2:]
    wanted, drawn = _quantiles(real), _quantiles(made)
    moved = drawn
    curve = _curve(drawn, moved, height, width)
    for _ in range(ROUNDS):
        sounds = heard(curve(made))
        if not torch.isfinite(sounds).all():
            return None
        missing = np.where(drawn < _SILENT, 0.0, wanted - _quantiles(sounds))
        # A louder level stays the louder one, and none moves far.
        moved = np.maximum.accumulate(moved + _STEP * missing, axis=2)
        moved = np.clip(moved, drawn - MOST, drawn + MOST)
        curve = _curve(drawn, moved, height, width)
    return curve


def _curve(
    drawn: NDArray[np.float64], moved: NDArray[np.float64], height: int, width: int
) -> LevelCurve:
    """The correction at even levels that takes quantiles ``drawn`` to ``moved``, [S, B, Q]."""
    levels = np.linspace(-1.0, 1.0, _LEVELS)
    pairs = zip(drawn.reshape(-1, _QUANTILES), (moved - drawn).reshape(-1, _QUANTILES), strict=True)
    correction = np.stack([np.interp(levels, *pair) for pair in pairs])
    correction[:, 0] = 0.0
    shaped = correction.reshape(*drawn.shape[:2], _LEVELS)
    return LevelCurve(torch.from_numpy(shaped).float(), height, width)


def _quantiles(images: Tensor) -> NDArray[np.float64]:
    """Levels below which even shares of a part's pixels lie, [S, B, Q]."""
    shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    pictures = images.mean(dim=1).numpy()
    bands, sections = (
        np.array_split(np.arange(size), min(_SECTIONS, size)) for size in pictures.shape[1:]
    )
    found = [
        [np.quantile(pictures[:, band][..., section], shares, method="nearest") for band in bands]
        for section in sections
    ]
    return np.array(found, np.float64)
