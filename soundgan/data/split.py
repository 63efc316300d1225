"""Which files a model never trains on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping

SMALLEST_CLASS = 8
"""From this many clips on, every class keeps at least one file back."""


def choose_held_out(
    label_of: Mapping[str, int], clips_of: Mapping[str, int], *, share: float
) -> frozenset[str]:
    """Sources whose clips are held out, drawn within each class by the hash of their content.

    The draw depends on nothing but content: not on names, order or the clock. Adding a file
    moves at most the last source of its own class from one side to the other.

    Args:
        label_of: Label of each source; a source is named by the hash of its decoded content, so
            that slices of one file stay together.
        clips_of: Number of clips of each source.
        share: Part to hold out, in [0, 1); a class of :data:`SMALLEST_CLASS` clips or more gives
            at least one source, and every class keeps at least one to train on.
    """
    classes: dict[int, list[str]] = defaultdict(list)
    for source, label in label_of.items():
        classes[label].append(source)
    chosen: set[str] = set()
    for sources in classes.values():
        wanted = round(share * len(sources))
        if share > 0 and sum(clips_of[source] for source in sources) >= SMALLEST_CLASS:
            wanted = max(wanted, 1)
        chosen.update(sorted(sources, key=_rank)[: min(wanted, len(sources) - 1)])
    return frozenset(chosen)


def _rank(source: str) -> bytes:
    return hashlib.sha256(f"held-out/{source}".encode()).digest()
