"""Which files are recordings to be cut where sounds begin: decided for each class."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soundgan.ingest.survey import SAMPLE_FILES, Surveyed

LEAST_LOOKS = 4
"""Of a large folder not every file is looked at; a class of which fewer were follows the others."""

MORE_LOOKS, MOST_LOOKS = 8, 256
"""So many files of such a class are looked at, too, if they are not too many in all classes."""

NAMED = 5
"""So many classes are named."""


@dataclass(frozen=True)
class Slicing:
    """Which files are cut.

    Attributes:
        files: Their positions.
        stated: For reports: whether all files are cut, or the classes whose files are.
    """

    files: frozenset[int]
    stated: bool | tuple[str, ...]

    @classmethod
    def of_all(cls, n_files: int, *, cut: bool) -> Slicing:
        """All of ``n_files`` are cut, or none."""
        return cls(frozenset(range(n_files) if cut else ()), cut)


def choose_slicing(found: Mapping[int, Surveyed], labels: Sequence[str | None]) -> Slicing:
    """Cut the classes of which at least half of the files are recordings to cut up.

    Among one-shots a long file gives one clip like any other, and does not outweigh them.

    Args:
        found: Files looked at, by position.
        labels: The class of every file; without at least two classes all files are one.
    """
    classes: dict[str | None, list[Surveyed]] = defaultdict(list)
    for index, file in found.items():
        classes[labels[index]].append(file)
    together = mostly_long(list(found.values()))
    named = sorted({name for name in labels if name is not None})
    if sum(name is not None for name in classes) < 2:
        return Slicing.of_all(len(labels), cut=together)
    cut = [name for name in named if _is_cut(classes[name], len(labels), otherwise=together)]
    with_sounds = [name for name in named if classes[name]]
    if not cut or set(with_sounds) <= set(cut):
        return Slicing.of_all(len(labels), cut=bool(cut))
    files = frozenset(index for index, name in enumerate(labels) if name in cut)
    return Slicing(files, tuple(cut))


def seldom_seen(
    order: Sequence[int], labels: Sequence[str | None], found: Mapping[int, Surveyed]
) -> list[int]:
    """Files to look at in addition, so that small classes of a large folder are known, too.

    Args:
        order: Positions of all files that have not been looked at, the next to be first.
        labels: The class of every file.
        found: Files looked at.
    """
    looks = Counter(labels[index] for index in found)
    more: dict[str, list[int]] = defaultdict(list)
    for index in order:
        name = labels[index]
        if name is not None and looks[name] < LEAST_LOOKS and len(more[name]) < MORE_LOOKS:
            more[name].append(index)
    wanted = [index for positions in more.values() for index in positions]
    return wanted if len(wanted) <= MOST_LOOKS else []


def mostly_long(files: Sequence[Surveyed]) -> bool:
    """Whether at least half of the files are recordings to cut up."""
    return bool(files) and 2 * sum(file.long for file in files) >= len(files)


def slicing_words(found: Mapping[int, Surveyed], slicing: Slicing) -> str | None:
    """What becomes of long recordings, in a sentence; ``None`` where there is none."""
    count = sum(file.long for file in found.values())
    if not count:
        return None
    recordings = f"long recordings: {count} of {len(found)} files"
    if slicing.stated is True:
        return f"{recordings}, cut where sounds begin; `slice=False` prevents it"
    if slicing.stated is False:
        return f"{recordings}, one clip of each; `slice` gives one per sound"
    names = ", ".join(slicing.stated[:NAMED])
    more = len(slicing.stated) - NAMED
    whose = f"{names} and {more} more classes" if more > 0 else names
    others = sum(file.long and index not in slicing.files for index, file in found.items())
    rest = f", {others} in others give one clip each" if others else ""
    return (
        f"{recordings}; those of {whose} are cut where sounds begin{rest}; "
        "`slice` cuts all, `slice=False` none"
    )


def _is_cut(looked_at: Sequence[Surveyed], n_files: int, *, otherwise: bool) -> bool:
    """Whether a class is cut, by those of its files that were looked at."""
    enough = n_files <= SAMPLE_FILES or len(looked_at) >= LEAST_LOOKS
    return mostly_long(looked_at) if enough else otherwise
