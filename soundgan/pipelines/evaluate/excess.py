"""Every number beside what chance does to it, and the worst of them in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soundgan.evaluation.quantities import QUANTITIES, Quantity
from soundgan.evaluation.view import ATTACK, WHOLE
from soundgan.pipelines.evaluate.chance import Chance
from soundgan.pipelines.evaluate.numbers import (
    GROUP_OF_QUANTITIES,
    GROUP_OF_RIPPLES,
    number_of,
    value_at,
)
from soundgan.words import percent

CLEAR_TIMES = 2.0
"""From here on a number stands out: it is at twice what 19 of 20 real sets stay within."""

_MAINLY = 1 / 3
"""Of a distance: a shift of the median that explains less is not what is wrong."""

_SHORTEST_REACH = 0.02
"""Between what is usual for a share and its limit, at least."""

WORDS = {
    "attack_time": ("attacks are {} slower than yours", "attacks are {} faster than yours"),
    "steepness": (
        "attacks rise {} more in their steepest millisecond than yours",
        "attacks rise {} less in their steepest millisecond than yours",
    ),
    "crest_factor": (
        "peaks stand {} higher above the rest of the sound than in yours",
        "peaks stand {} lower above the rest of the sound than in yours",
    ),
    "decay_time": ("sounds take {} longer to die away", "sounds take {} less to die away"),
    "length": ("sounds are {} longer than yours", "sounds are {} shorter than yours"),
    "end_level": ("sounds end {} louder than yours", "sounds end {} quieter than yours"),
    "brightness": ("sounds are {} brighter than yours", "sounds are {} duller than yours"),
    "upper_edge": ("sounds reach {} higher than yours", "sounds reach {} less high than yours"),
    "above_8_khz": (
        "there is {} more above 8 kHz than in yours",
        "there is {} less above 8 kHz than in yours",
    ),
    "side_to_mid": (
        "the stereo image is {} wider than yours",
        "the stereo image is {} narrower than yours",
    ),
    "correlation": (
        "left and right are more alike than in yours, by {}",
        "left and right are less alike than in yours, by {}",
    ),
}
"""What a positive and a negative difference are called."""

OF_VIEW = {
    WHOLE.name: "as a whole",
    ATTACK.name: "in their attacks",
}


@dataclass(frozen=True)
class Excess:
    """A number beyond what chance does.

    Attributes:
        key: The number.
        times: What it has of its limit: at most 1 in 19 of 20 sets of real sounds.
        words: What it says of the sounds.
    """

    key: str
    times: float
    words: str


def excesses_of(rows: dict[str, dict[str, Any]], chances: dict[str, Chance]) -> tuple[Excess, ...]:
    """Every number that could be drawn by chance, the farthest beyond it first.

    The kernel distance is a square, so its root is taken: all of them grow alike with a fault.
    """
    row = rows["candidate"]
    found = [
        Excess(key, times_of(key, value, chance), words_of(key, row, chance))
        for key, chance in chances.items()
        if (value := value_at(row, key)) is not None and number_of(key).better != "real"
    ]
    return tuple(sorted(found, key=lambda excess: -excess.times))


def worst_of(excesses: Sequence[Excess]) -> Excess | None:
    """The number that stands out most, where one does.

    Where attacks are both less steep and slower, it is the milliseconds that are told.
    """
    clear = [excess for excess in excesses if excess.times >= CLEAR_TIMES]
    if not clear:
        return None
    slower = [excess for excess in clear if excess.key == f"{GROUP_OF_QUANTITIES}.attack_time"]
    steepest = clear[0].key == f"{GROUP_OF_QUANTITIES}.steepness"
    return slower[0] if slower and steepest else clear[0]


def times_of(key: str, value: float, chance: Chance) -> float:
    """How far a number is from the usual, in what chance reaches: 1 at the limit, 0 at best."""
    if number_of(key).better == "high":
        reach = max(chance.usual - chance.limit, _SHORTEST_REACH)
        return max(0.0, (chance.usual - value) / reach)
    times = max(0.0, value) / max(chance.limit, 1e-9)
    return math.sqrt(times) if key.endswith("kernel_distance") else times


def words_of(key: str, row: dict[str, Any], chance: Chance) -> str:
    """What a number says of the sounds, as a part of a sentence."""
    group, _, name = key.partition(".")
    if group == GROUP_OF_QUANTITIES:
        return _of_quantity(next(q for q in QUANTITIES if q.key == name), row[group][name])
    value = value_at(row, key) or 0.0
    if group == GROUP_OF_RIPPLES:
        return f"a regular pattern runs through them along {name}, {value:.1f} dB above the rest"
    where = OF_VIEW[group]
    if name == "kernel_distance":
        return f"{where} they are farther from yours than real sounds would be"
    lacking, real = percent(1 - value), percent(1 - chance.usual)
    if name == "precision":
        return f"{where} {lacking} are like none of yours, real {real}"
    if name == "coverage":
        return f"{where} {lacking} of yours have none of them nearby, real {real}"
    return f"{where} they leave out {lacking} of yours, real {real}"


def _of_quantity(quantity: Quantity, numbers: dict[str, float]) -> str:
    if abs(numbers["shift"]) < _MAINLY * numbers["distance"]:
        return f"{quantity.title} is spread otherwise than in yours"
    difference = numbers["difference"]
    amount = _amount(abs(difference), quantity.unit)
    return WORDS[quantity.key][0 if difference > 0 else 1].format(amount)


def _amount(value: float, unit: str) -> str:
    """Two digits and the unit; ``0.4 ms``, ``6.1 ms``, ``38 dB``, ``1,200 Hz``."""
    digits = max(0, 1 - math.floor(math.log10(value))) if value > 0 else 0
    rounded = round(value, 1 - math.floor(math.log10(value))) if value > 0 else 0.0
    return f"{rounded:,.{digits}f} {unit}".strip()
