"""One part of a long list of sounds, for jobs that share the work."""

from __future__ import annotations

import re

from soundgan.errors import UsageError

_MOST = 1_000_000
_PART = re.compile(r"([0-9]{1,7})/([0-9]{1,7})")


def places_of(part: str, count: int) -> range:
    """The places that a part of ``count`` things takes, from 0.

    The places of all parts together are all places, each once, in order, and no part is longer
    than another by more than one.

    Args:
        part: Such as ``3/16``, the third of sixteen.
        count: Of all things.

    Raises:
        UsageError: It is no such part.
    """
    found = _PART.fullmatch(part)
    number, parts = (int(digits) for digits in found.groups()) if found else (0, 0)
    if not 1 <= number <= parts <= _MOST:
        raise UsageError(f"`part={part}`: no part; 3/16 is the third of sixteen, from 1/16 on")
    return range(count * (number - 1) // parts, count * number // parts)
