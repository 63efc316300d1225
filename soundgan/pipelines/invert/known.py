"""What is known about a picture: stated, else read from it, else assumed."""

from __future__ import annotations

from soundgan.errors import UsageError
from soundgan.pictures.box import Box
from soundgan.pictures.reading import Assumption
from soundgan.pictures.ticks.axes import Axes, ReadAxis
from soundgan.pictures.ticks.bar import Bar
from soundgan.pictures.tools.contract import Tool
from soundgan.pictures.turned import turn_of
from soundgan.pipelines.invert.stated import Stated

DEFAULT_SAMPLE_RATE = 22050
DEFAULT_RANGE_DB = 80.0
COLUMNS_PER_SECOND = 100
"""Of a picture whose duration nobody states: the 5 s of a plot of common size."""
DEFAULT_AXIS = "linear"
POWER_RANGE_DB = 120.0
"""Quieter than so much below the loudest is silence where levels are no decibels."""
_NEAR_RATE = 1.005
"""An upper edge is read no more exactly than this."""
LOWEST_HZ = 20.0
"""Lower edge of a logarithmic axis, which has no 0 Hz."""


class Known:
    """What was stated, completed by what is printed and by defaults, each of them noted.

    Attributes:
        assumptions: What was read and what was assumed.
        seconds: Duration.
        axis: Kind of the frequency axis.
        sample_rate: Of the sound, Hz.
        f_min_hz: Frequency at the lower edge; a little below 0 where a margin was read too.
        f_max_hz: Frequency at the upper edge.
        range_db: Range of levels.
        power: Of amplitude that levels stand for; ``None`` for decibels.
        turn: How the picture stands.
        raised_hz: So much higher than the axis says are the frequencies.
    """

    def __init__(
        self,
        stated: Stated,
        printed: Axes,
        box: Box,
        *,
        bar: Bar | None = None,
        tool: Tool | None = None,
    ) -> None:
        self.assumptions: list[Assumption] = []
        self.turn = turn_of(stated.time, flip=stated.flip, printed=printed, box=box)
        if self.turn.read:
            why = "the numbers beside it"
            self.assumptions.append(Assumption("orientation", str(self.turn), "time", why, True))
        self.seconds = self._duration(stated, printed.time, box)
        frequency = printed.frequency
        if stated.axis not in (None, frequency.ruler.kind if frequency else None):
            frequency = None  # numbers on another axis than the stated one tell no edges
        self.axis = self._axis(stated, frequency, tool)
        edges = _edges(frequency, box)
        wanted_rate, why = DEFAULT_SAMPLE_RATE, "the default"
        top_hz = stated.f_max_hz or (edges[1] if edges else 0.0)
        if 2 * top_hz > wanted_rate * _NEAR_RATE:
            wanted_rate, why = common_rate(2 * top_hz), "twice `f_max`"
        self.sample_rate = int(
            self._number("sample rate, Hz", stated.sample_rate, wanted_rate, "sample_rate", why)
        )
        if edges and frequency:
            why = frequency.why()
            low = stated.f_min_hz if stated.f_min_hz is not None else edges[0]
            high = stated.f_max_hz if stated.f_max_hz is not None else edges[1]
            self._printed("lowest frequency, Hz", stated.f_min_hz, max(0.0, edges[0]), "f_min", why)
            self._printed("highest frequency, Hz", stated.f_max_hz, edges[1], "f_max", why)
            self.f_min_hz, self.f_max_hz = low, high
        else:
            self.f_min_hz = self._number(
                "lowest frequency, Hz",
                stated.f_min_hz,
                LOWEST_HZ if self.axis == "log" else 0.0,
                "f_min",
                f"usual on a {self.axis} axis",
            )
            self.f_max_hz = self._number(
                "highest frequency, Hz",
                stated.f_max_hz,
                self.sample_rate / 2,
                "f_max",
                "half the sample rate",
            )
        self.raised_hz = 0.0
        if tool is not None:
            self._as_drawn_by(tool, box, edges_read=bool(edges))
        self.power = self._power(stated, bar)
        if self.power is None:
            self.range_db = self._range(stated, tool, bar)
        else:
            self.range_db = stated.range_db or POWER_RANGE_DB

    def _as_drawn_by(self, tool: Tool, box: Box, *, edges_read: bool) -> None:
        """What a program draws elsewhere than its numbers say."""
        n_rows = box.height if self.turn.level else box.width
        if not edges_read:
            named = (self.f_min_hz, self.f_max_hz)
            self.f_min_hz, self.f_max_hz = tool.edges(*named, n_rows, self.axis)
        if self.axis == "log":
            self.raised_hz = tool.log_raised_hz

    def _power(self, stated: Stated, bar: Bar | None) -> float | None:
        if stated.levels is None and bar is not None and bar.levels != "db":
            self.assumptions.append(Assumption("levels", bar.levels, "levels", bar.why, read=True))
            return power_of(bar.levels)
        return power_of(stated.levels)

    def _range(self, stated: Stated, tool: Tool | None, bar: Bar | None) -> float:
        name, parameter = "level range, dB", "range_db"
        if bar is not None and bar.levels == "db":
            self._printed(name, stated.range_db, bar.high - bar.low, parameter, bar.why)
            return stated.range_db or bar.high - bar.low
        usual, why = DEFAULT_RANGE_DB, "the default"
        if tool is not None and tool.range_db is not None:
            usual, why = tool.range_db, f"usual in pictures by {tool.title}"
        return self._number(name, stated.range_db, usual, parameter, why)

    def _duration(self, stated: Stated, time: ReadAxis | None, box: Box) -> float:
        name, parameter = "duration, s", "seconds"
        if time is not None:
            start, stop = (time.ruler.at(place) for place in time.ends(box))
            seconds = abs(stop - start)
            self._printed(name, stated.seconds, seconds, parameter, time.why())
            return stated.seconds or seconds
        return self._number(
            name,
            stated.seconds,
            (box.width if self.turn.level else box.height) / COLUMNS_PER_SECOND,
            parameter,
            f"{COLUMNS_PER_SECOND} columns a second",
        )

    def _axis(self, stated: Stated, frequency: ReadAxis | None, tool: Tool | None) -> str:
        if stated.axis is not None:
            return stated.axis
        if frequency is None:
            usual, why = DEFAULT_AXIS, "the default"
            if tool is not None and tool.axis is not None:
                usual, why = tool.axis, f"usual in pictures by {tool.title}"
            self._note("frequency axis", usual, "axis", why)
            return usual
        kind = frequency.ruler.kind
        why = f"the spacing of its {len(frequency.ruler.used)} numbers"
        self.assumptions.append(Assumption("frequency axis", kind, "axis", why, read=True))
        return kind

    def _printed(
        self, name: str, stated: float | None, value: float, parameter: str, why: str
    ) -> None:
        """Note what is printed, unless something else was stated."""
        if stated is None:
            self.assumptions.append(Assumption(name, f"{value:.4g}", parameter, why, read=True))

    def _number(
        self, name: str, stated: float | None, default: float, parameter: str, why: str
    ) -> float:
        if stated is not None:
            return stated
        self._note(name, f"{default:g}", parameter, why)
        return default

    def _note(self, name: str, value: str, parameter: str, why: str) -> None:
        self.assumptions.append(Assumption(name, value, parameter, why))


def power_of(levels: str | None) -> float | None:
    """The power of amplitude that levels stand for; ``None`` for decibels.

    Raises:
        UsageError: They are no such levels.
    """
    if levels in (None, "db"):
        return None
    named = {"amplitude": 1.0, "power": 2.0}.get(levels or "")
    if named is not None:
        return named
    try:
        power = float((levels or "").removeprefix("power:"))
    except ValueError:
        power = 0.0
    if not 0.05 <= power <= 4.0 or not str(levels).startswith("power:"):
        raise UsageError(
            f"`levels={levels}`: no such levels; choose db, amplitude, power, or power:G with G "
            "from 0.05 to 4"
        )
    return power


def common_rate(least_hz: float) -> int:
    """The sample rate in common use that is nearest above, or the number itself."""
    rates = (24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
    return next(
        (rate for rate in rates if 0.97 * rate < least_hz <= _NEAR_RATE * rate), round(least_hz)
    )


def _edges(frequency: ReadAxis | None, box: Box) -> tuple[float, float] | None:
    """Frequencies at the lower and upper edge.

    A plot does not begin less than a pixel above 0 Hz: ticks are drawn at whole pixels.
    """
    if frequency is None:
        return None
    ruler = frequency.ruler
    lowest, highest = sorted(frequency.ends(box), key=ruler.at)
    outside = lowest + (1 if lowest > highest else -1)
    low, high = ruler.at(lowest), ruler.at(highest)
    if ruler.kind != "log" and ruler.at(outside) <= 0.0:
        low = min(low, 0.0)
    return low, high
