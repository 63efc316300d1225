"""Printed numbers and units: ``2.5k``, ``0:30``, ``-40 dB``, ``Frequency [kHz]``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NUMBER = re.compile(
    r"([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|[.,]\d+|\d+(?::\d{2}){1,2}(?:\.\d+)?)\.?"
    r"(?:[eE]([+-]?\d{1,3}))?"
    r"\s*(kHz|KHz|khz|Hz|HZ|hz|Mhz|MHz|dBFS|dB|DB|db|ms|msec|sec|s|k|K|min|m)?"
)
_LOOKS_LIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})

HZ, SECONDS, DECIBELS = "Hz", "s", "dB"
"""What an axis can measure."""

_UNITS = {
    "khz": (HZ, 1000.0),
    "mhz": (HZ, 1e6),
    "hz": (HZ, 1.0),
    "dbfs": (DECIBELS, 1.0),
    "db": (DECIBELS, 1.0),
    "ms": (SECONDS, 0.001),
    "msec": (SECONDS, 0.001),
    "sec": (SECONDS, 1.0),
    "s": (SECONDS, 1.0),
    "min": (SECONDS, 60.0),
    "m": (SECONDS, 60.0),
    "k": (HZ, 1000.0),
}

_TITLES = (
    (r"\bmel\b|\bmels\b", ("mel", 1.0)),
    (r"k\W?hz|kilohertz|kcps", (HZ, 1000.0)),
    (r"hz|hertz|cps", (HZ, 1.0)),
    (r"\bdb|decibel|dbfs|\(db", (DECIBELS, 1.0)),
    (r"[\[(]ms[\])]|, ?ms\b|millisec|msec|\bms$", (SECONDS, 0.001)),
    (r"min:s|m:s|mm:ss", (SECONDS, 1.0)),
    (r"[\[(]min[\])]|, ?min\b|minutes", (SECONDS, 60.0)),
    (r"[\[(]s[\])]|[\[(]secs?[\])]|seconds?|, ?s\b|\bsecs?\b", (SECONDS, 1.0)),
)
"""What titles of axes say, the first that fits; in lower case."""

_ABOUT = (
    (r"fre[qg]|pitch|formant", HZ),
    (r"\btime|zeit|temps|tiempo|tempo|duration", SECONDS),
)


@dataclass(frozen=True)
class Number:
    """A printed number.

    Attributes:
        value: In the unit that is printed with it, made basic: Hz, s or dB.
        unit: ``Hz``, ``s``, ``dB`` or nothing.
        sexagesimal: Whether it is printed in minutes and seconds.
    """

    value: float
    unit: str = ""
    sexagesimal: bool = False


@dataclass(frozen=True)
class Unit:
    """What the title of an axis says.

    Attributes:
        measures: ``Hz``, ``s``, ``dB``, ``mel`` or nothing.
        factor: From the printed numbers to Hz, s or dB; ``None`` where no unit is printed.
    """

    measures: str = ""
    factor: float | None = None


def number_in(text: str) -> Number | None:
    """The number that a word is; ``None`` where it is something else."""
    if text.upper() in ("DC", "0C"):
        return Number(0.0)
    plain = text.replace("\u2212", "-").replace(" ", "").strip("'_=*^")
    found = _NUMBER.fullmatch(plain)
    if not found and sum(c.isdigit() for c in plain) * 2 >= len(plain):
        found = _NUMBER.fullmatch(plain.translate(_LOOKS_LIKE))
    if not found:
        return None
    sign, digits, exponent, unit = found.groups()
    measures, factor = _UNITS.get((unit or "").lower(), ("", 1.0))
    if ":" in digits:
        value = 0.0
        for part in digits.split(":"):
            value = value * 60.0 + float(part)
        return Number(-value if sign == "-" else value, SECONDS, sexagesimal=True)
    value = float(_decimal(digits)) * 10.0 ** int(exponent or 0)
    return Number((-value if sign == "-" else value) * factor, measures)


def unit_in(texts: Iterable[str]) -> Unit:
    """What titles beside an axis say that it measures."""
    joined = " ".join(texts).lower()
    for pattern, (measures, factor) in _TITLES:
        if re.search(pattern, joined):
            return Unit(measures, factor)
    for pattern, measures in _ABOUT:
        if re.search(pattern, joined):
            return Unit(measures)
    return Unit()


def _decimal(digits: str) -> str:
    """Digits with a point at most; a comma before three digits parts thousands."""
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", digits):
        return digits.replace(",", "")
    return digits.replace(",", ".")
