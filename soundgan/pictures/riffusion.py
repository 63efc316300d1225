"""What riffusion writes into the pictures that it makes: EXIF tags with all its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_RATE, _STEP, _BANDS, _LOW, _HIGH, _POWER = 11000, 11010, 11040, 11050, 11060, 11070


@dataclass(frozen=True)
class RiffusionTags:
    """Mel bands of equal height, dark where loud.

    Attributes:
        sample_rate: Hz.
        step_ms: From column to column.
        n_bands: Rows of the picture as it was drawn.
        f_min_hz: Lower edge.
        f_max_hz: Upper edge.
        power: Of amplitude that darkness stands for.
    """

    sample_rate: int
    step_ms: float
    n_bands: int
    f_min_hz: float
    f_max_hz: float
    power: float


def riffusion_tags(exif: Mapping[int, Any]) -> RiffusionTags | None:
    """The tags, where all of them are there and possible."""
    try:
        found = RiffusionTags(
            int(exif[_RATE]),
            float(exif[_STEP]),
            int(exif[_BANDS]),
            float(exif[_LOW]),
            float(exif[_HIGH]),
            float(exif[_POWER]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    possible = (
        1000 <= found.sample_rate <= 192_000
        and 0.1 <= found.step_ms <= 1000.0
        and 8 <= found.n_bands <= 8192
        and 0.0 <= found.f_min_hz < found.f_max_hz <= 96_000.0
        and 0.05 <= found.power <= 4.0
    )
    return found if possible else None
