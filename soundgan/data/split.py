"""Which clips a model never trains on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

Split = Literal["train", "held_out", "gap", "unlabelled"]
"""``gap``: beside a held-out clip of the same recording; ``unlabelled``: without a label in a
labelled dataset. Both are in neither split."""

SMALLEST_CLASS = 8
"""From this many clips on, every class keeps something back."""

STRETCH_CLIPS = 8
MOST_STRETCHES = 5
"""A divided recording keeps back about so many neighbouring clips in each of a few places."""


def choose_splits(
    label_of: Mapping[str, int],
    starts_of: Mapping[str, Sequence[int]],
    *,
    n_samples: int,
    share: float,
) -> dict[str, tuple[Split, ...]]:
    """The split of each clip of each source, drawn within each class by the hash of its content.

    Whole sources are held out where a class has enough of them. A recording that alone gives
    more than twice the share of its class, or more than half of it, is divided instead: stretches
    of it are held out, and what lies beside them is in neither split.

    The draw depends on nothing but content: not on names, order or the clock. Adding a file
    moves at most the last source of its own class from one side to the other, unless a recording
    comes to be divided, or no longer is.

    Args:
        label_of: Label of each source; a source is named by the hash of its decoded content.
        starts_of: First sample of each clip of each source, ascending.
        n_samples: Length of a clip.
        share: Part to hold out, in [0, 1); a class of :data:`SMALLEST_CLASS` clips or more gives
            at least one clip, and every class keeps some to train on.
    """
    classes: dict[int, list[str]] = defaultdict(list)
    for source, label in label_of.items():
        classes[label].append(source)
    splits: dict[str, tuple[Split, ...]] = {}
    for sources in classes.values():
        divided = _to_divide(sources, starts_of, share)
        whole = [source for source in sources if source not in divided]
        held = _held_whole(whole, starts_of, share, alone=not divided)
        for source in whole:
            split: Split = "held_out" if source in held else "train"
            splits[source] = (split,) * len(starts_of[source])
        for source in divided:
            splits[source] = divide(source, starts_of[source], n_samples=n_samples, share=share)
    return splits


def divide(
    source: str, starts: Sequence[int], *, n_samples: int, share: float
) -> tuple[Split, ...]:
    """The split of each clip of one recording, with a gap beside each stretch held out.

    The gap is the next clip on either side, and of a long recording whatever else begins less
    than a clip's length away from a held-out clip.
    """
    count = len(starts)
    wanted = max(1, round(share * count))
    stretches = min(MOST_STRETCHES, max(1, round(wanted / STRETCH_CLIPS)))
    held: set[int] = set()
    for number in range(stretches):
        first, last = (count * edge // stretches for edge in (number, number + 1))
        length = wanted * (number + 1) // stretches - wanted * number // stretches
        begin = first + _draw(f"{source}/{number}") % (last - first - length + 1)
        held.update(range(begin, begin + length))
    reach = max(1, count // 8)
    gap = {
        near
        for index in held
        for step in range(1, reach + 1)
        for near in (index - step, index + step)
        if 0 <= near < count and (step == 1 or abs(starts[near] - starts[index]) < 2 * n_samples)
    }
    return tuple(
        "held_out" if index in held else "gap" if index in gap else "train"
        for index in range(count)
    )


def _to_divide(
    sources: Sequence[str], starts_of: Mapping[str, Sequence[int]], share: float
) -> frozenset[str]:
    """Recordings too large a part of their class to be held out, or trained on, as a whole."""
    if share == 0:
        return frozenset()
    most = min(2 * share, 0.5) * sum(len(starts_of[source]) for source in sources)
    least = max(most, SMALLEST_CLASS - 1)
    return frozenset(source for source in sources if len(starts_of[source]) > least)


def _held_whole(
    sources: Sequence[str], starts_of: Mapping[str, Sequence[int]], share: float, *, alone: bool
) -> frozenset[str]:
    """Sources that are held out whole; ``alone``: the class has no others."""
    wanted = round(share * len(sources))
    if not alone:
        return frozenset(sorted(sources, key=_rank)[:wanted])
    if share > 0 and sum(len(starts_of[source]) for source in sources) >= SMALLEST_CLASS:
        wanted = max(wanted, 1)
    return frozenset(sorted(sources, key=_rank)[: max(0, min(wanted, len(sources) - 1))])


def _rank(source: str) -> bytes:
    return hashlib.sha256(f"held-out/{source}".encode()).digest()


def _draw(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"stretch/{name}".encode()).digest()[:8])
