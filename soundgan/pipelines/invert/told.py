"""What the file of a foreign picture says: the tags that riffusion writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from soundgan.pictures.open import Picture
from soundgan.pictures.reading import Assumption
from soundgan.pipelines.invert.stated import Stated

_WHY = "riffusion's tags in the file"


def told_by_riffusion(picture: Picture, stated: Stated) -> tuple[Stated, tuple[Assumption, ...]]:
    """What was stated, completed by the tags of a picture, and what they say; as it was without."""
    tags = picture.riffusion
    if tags is None:
        return stated, ()
    height, width = picture.pixels.shape[:2]
    seconds = width * (tags.n_bands / height) * tags.step_ms / 1000.0
    said: dict[str, tuple[str, str, Any]] = {
        "seconds": ("duration, s", "seconds", seconds),
        "sample_rate": ("sample rate, Hz", "sample_rate", tags.sample_rate),
        "axis": ("frequency axis", "axis", "mel_htk"),
        "f_min_hz": ("lowest frequency, Hz", "f_min", tags.f_min_hz),
        "f_max_hz": ("highest frequency, Hz", "f_max", tags.f_max_hz),
        "levels": ("levels", "levels", f"power:{tags.power:g}"),
        "colormap": ("colormap", "colormap", "gray_r"),
        "crop": ("crop", "crop", "none"),
    }
    silent = {key: entry for key, entry in said.items() if getattr(stated, key) in (None, "auto")}
    completed = replace(stated, **{key: value for key, (_, _, value) in silent.items()})
    notes = tuple(
        Assumption(
            name, f"{value:g}" if isinstance(value, float) else str(value), option, _WHY, True
        )
        for name, option, value in silent.values()
    )
    return completed, notes


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def area_db(n_bins: int, sample_rate: int) -> Tensor:
    """How much louder riffusion draws each of an STFT's bins than the lowest, [n_bins].

    Its triangles are all as high, so the wider ones higher up gather more: in proportion to their
    width, which on HTK's mel scale rises as 700 Hz and the frequency together.
    """
    hz = torch.arange(n_bins) * (sample_rate / (2 * (n_bins - 1)))
    return 20.0 * torch.log10(1.0 + hz / 700.0)
