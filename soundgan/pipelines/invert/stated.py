"""What a caller says about a picture that does not say it itself."""

from __future__ import annotations

from dataclasses import dataclass

from soundgan.errors import UsageError
from soundgan.pictures.tools import TOOLS
from soundgan.ranges import INVERT, demand, demand_even
from soundgan.registry import did_you_mean


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
        levels: What brightness stands for: ``db``, ``amplitude``, ``power``, or ``power:G`` for
            amplitude to the power of G.
        time: Where time runs, one of :data:`soundgan.pictures.turned.TIMES`.
        flip: Whether low frequencies are on top, or at the right.
        overlays: ``fill`` or ``keep`` what lies over the plot.
        panel: Which of a figure's plots, in reading order from 1; ``None`` is the largest.
        drawn_by: Program that drew it, one of :data:`soundgan.pictures.tools.TOOLS`; ``None`` to
            recognise it.

    Raises:
        UsageError: A number is out of range, or the edges are the wrong way round.
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
    levels: str | None = None
    time: str | None = None
    flip: bool = False
    overlays: str = "fill"
    panel: int | None = None
    drawn_by: str | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without a picture."""
        demand(
            INVERT,
            {
                "seconds": self.seconds,
                "sample_rate": self.sample_rate,
                "f_min": self.f_min_hz,
                "f_max": self.f_max_hz,
                "range_db": self.range_db,
                "n_fft": self.n_fft,
                "panel": self.panel,
            },
        )
        demand_even("n_fft", self.n_fft)
        if self.panel is not None and self.crop != "auto":
            raise UsageError("`panel`: `crop` says where the plot is; leave one of them out")
        if self.drawn_by is not None and self.drawn_by not in TOOLS.names():
            close = did_you_mean(self.drawn_by, TOOLS.names())
            raise UsageError(f"`drawn_by={self.drawn_by}`: no such program; {close}")
        if self.overlays not in ("fill", "keep"):
            raise UsageError(f"`overlays={self.overlays}`: no such way; choose fill or keep")
        low, high = self.f_min_hz, self.f_max_hz
        if low is not None and high is not None and low >= high:
            raise UsageError(f"`f_min`: {low:g} must be below `f_max` {high:g}")
