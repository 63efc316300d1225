"""Two plots of one figure as the left and the right of a stereo sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from soundgan.pictures.open import Picture
from soundgan.pictures.reading import Assumption
from soundgan.pipelines.invert.foreign import Sketch, sketch
from soundgan.pipelines.invert.stated import Stated

_SHARED: dict[str, tuple[str, Callable[[str], Any]]] = {
    "seconds": ("seconds", float),
    "axis": ("axis", str),
    "f_min": ("f_min_hz", float),
    "f_max": ("f_max_hz", float),
    "range_db": ("range_db", float),
    "levels": ("levels", str),
}
"""Parameters that both plots have in common, and what states them."""

_OWN = ("crop", "overlays")


def sketch_pair(
    picture: Picture, stated: Stated, place: str
) -> tuple[Sketch, Sketch, tuple[Assumption, ...]]:
    """The first two plots of a figure, equally long, and what was read and assumed of both.

    What is printed beside one of them holds for the other too: a figure with one time axis below
    and one colour bar has them but once.

    Raises:
        UsageError: A colour map or plot that does not exist.
        PictureError: What was stated makes no sound, or one too long.
    """
    first, second = (sketch(picture, replace(stated, panel=n), place) for n in (1, 2))
    common = _common(first, second)
    known: dict[str, Any] = {
        key: kind(common[parameter].value)
        for parameter, (key, kind) in _SHARED.items()
        if parameter in common and common[parameter].read
    }
    if stated.seconds is None:
        known.setdefault("seconds", first.n_samples / first.sample_rate)
    shared = replace(stated, **known, sample_rate=max(first.sample_rate, second.sample_rate))
    left, right = (sketch(picture, replace(shared, panel=n), place) for n in (1, 2))
    own = tuple(
        replace(entry, name=f"{entry.name}, right")
        for entry in second.assumptions
        if entry.parameter in _OWN
    )
    return left, right, (*common.values(), *own)


def _common(first: Sketch, second: Sketch) -> dict[str, Assumption]:
    """By parameter, what was read of either plot, else what was assumed of the first."""
    common = {entry.parameter: entry for entry in first.assumptions}
    for entry in second.assumptions:
        known = common.get(entry.parameter)
        if known is None or (entry.read and not known.read and entry.parameter not in _OWN):
            common[entry.parameter] = entry
    return common
