"""Numbers and errors as people say them."""

from __future__ import annotations

_MOST_CHARACTERS = 300


def percent(share: float) -> str:
    """``0.634`` as ``63 %``; with a tenth near the ends, where it tells: ``0.4 %``, ``99.6 %``."""
    number = 100 * share
    if 0 < number < 0.05:
        return "under 0.1 %"
    if 0 < number < 0.95 or 99.05 < number < 100:
        return f"{min(number, 99.9):.1f} %"
    return f"{number:.0f} %"


def first_line(error: BaseException) -> str:
    """What an error says, without the advice that some libraries append."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip()[:_MOST_CHARACTERS] if lines else type(error).__name__


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2,000 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
