"""What a caller says about a picture that does not say it itself."""

from __future__ import annotations

from dataclasses import dataclass

from soundgan.errors import UsageError
from soundgan.ranges import INVERT, demand, demand_even


@dataclass(frozen=True)
class Stated:
    """What the user says about a picture; ``None`` is what has to be assumed.

    Attributes:
        seconds: Duration of what the picture shows.
        sample_rate: Of the sound, Hz.
        axis: One of :data:`soundgan.pictures.axis.AXES`.
        f_min_hz: Frequency at the lower edge.
        f_max_hz: Frequency at the upper edge.
        range_db: Distance from the quietest to the loudest level.
        colormap: Name of a colour map; ``auto`` to detect it.
        crop: The part to read: ``auto``, ``none`` or ``left,top,right,bottom``.
        n_fft: Transform size, samples.
    """

    seconds: float | None = None
    sample_rate: int | None = None
    axis: str | None = None
    f_min_hz: float | None = None
    f_max_hz: float | None = None
    range_db: float | None = None
    colormap: str = "auto"
    crop: str = "auto"
    n_fft: int | None = None


def state(
    *,
    seconds: float | None = None,
    sample_rate: int | None = None,
    axis: str | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    range_db: float | None = None,
    colormap: str = "auto",
    crop: str = "auto",
    n_fft: int | None = None,
) -> Stated:
    """All of it, checked as far as it can be without a picture.

    Raises:
        UsageError: A number is out of range, or the edges are the wrong way round.
    """
    demand(
        INVERT,
        {
            "seconds": seconds,
            "sample_rate": sample_rate,
            "f_min": f_min,
            "f_max": f_max,
            "range_db": range_db,
            "n_fft": n_fft,
        },
    )
    demand_even("n_fft", n_fft)
    if f_min is not None and f_max is not None and f_min >= f_max:
        raise UsageError(f"`f_min`: {f_min:g} must be below `f_max` {f_max:g}")
    return Stated(seconds, sample_rate, axis, f_min, f_max, range_db, colormap, crop, n_fft)
