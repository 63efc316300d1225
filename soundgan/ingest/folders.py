"""Which folders are classes: what people's trees of folders mean."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from soundgan.audio.find import display

SPLIT_WORDS = frozenset(
    (
        "train", "training", "trainset", "trn", "test", "testing", "testset", "tst", "val", "valid",
        "validation", "valset", "dev", "devel", "devset", "development", "eval", "evaluation",
        "evalset", "holdout", "heldout", "held", "fold",
    )
)  # fmt: skip
"""Words that name a part of a collection, made for whoever trains on it."""

_FILLERS = frozenset(
    (
        "audio", "clean", "clips", "data", "dataset", "files", "full", "out", "other", "part",
        "samples", "set", "sounds", "split", "subset", "unseen", "wav", "wavs",
    )
)  # fmt: skip

WRAPPED = 0.9
"""A folder that holds so large a part of the sounds is wrapped around them."""

_NAMED = 6


@dataclass(frozen=True)
class Classes:
    """The class of each file, and how it was found.

    Attributes:
        depth: The level of folders that are classes; 1 is the first. ``None``: none is.
        labels: The class of each file; ``None`` where it lies above that level.
        notes: What may not be what was meant, a sentence each, with the option that changes it.
    """

    depth: int | None
    labels: tuple[str | None, ...]
    notes: tuple[str, ...]


def understand(
    files: Sequence[str], sounds: Sequence[bool], *, depth: int | None = None
) -> Classes:
    """Find the level of folders that are classes.

    Folders wrapped around everything are passed, and so is a level of folders that are all named
    like parts of a collection (train, test). Spellings of one name are one class.

    Args:
        files: Paths, ``/`` between their parts.
        sounds: Which of them gave a sound; the others do not count.
        depth: The level, if it is known.
    """
    parts = [display(path).split("/")[:-1] for path in files]
    heard = [folders for folders, sound in zip(parts, sounds, strict=True) if sound]
    found, notes = (depth, []) if depth is not None else _find_depth(heard)
    if found is None:
        return Classes(None, (None,) * len(files), tuple(notes))
    named = [folders[found - 1] if len(folders) >= found else None for folders in parts]
    joined = _parts_of_classes(
        name for name, sound in zip(named, sounds, strict=True) if sound and name is not None
    )
    if joined:
        notes.append(
            f"{_listed(sorted(joined))} are taken for parts of the classes "
            f"{_listed(_distinct(joined.values()))}; "
            "validation and test clips come from all alike; rename a folder to keep it apart"
        )
    named = [joined.get(name, name) if name is not None else None for name in named]
    labels, merged = merge_spellings(named, sounds, apart="rename a folder to keep it apart")
    return Classes(found, labels, (*notes, *merged))


def merge_spellings(
    names: Sequence[str | None], sounds: Sequence[bool], *, apart: str
) -> tuple[tuple[str | None, ...], list[str]]:
    """One name for all spellings of a class, and a sentence on each class with several.

    Args:
        names: The class of each file as it is written.
        sounds: Which of them gave a sound; the others do not count.
        apart: How to keep two spellings apart.
    """
    spellings, notes = _spellings(
        (name for name, sound in zip(names, sounds, strict=True) if sound and name is not None),
        apart,
    )
    return tuple(None if n is None else spellings.get(n, _tidy(n)) for n in names), notes


def _find_depth(heard: Sequence[list[str]]) -> tuple[int | None, list[str]]:
    """The level of the classes, and why it is not the first."""
    wrappers: list[str] = []
    splits: list[str] = []
    depth = 1
    while True:
        inside = [folders for folders in heard if len(folders) >= depth]
        names = _distinct(folders[depth - 1] for folders in inside)
        if len(names) == 1 and len(inside) >= WRAPPED * len(heard):
            wrappers.append(names[0])
        elif len(names) >= 2 and all(_is_split(name) for name in names):
            splits = [*splits, *names]
        else:
            break
        depth += 1
    if len(names) >= 2:
        return depth, _explained(heard, depth, names, wrappers, splits)
    if splits:
        return None, [
            f"{_listed(splits)} look like parts of one collection, not like classes: the dataset "
            "is unlabelled; `label_depth=N` takes the folders of level N, `label_pattern` parts "
            "of file names"
        ]
    # A single folder is no class; who judges says so.
    return (1 if names or wrappers else None), []


def _explained(
    heard: Sequence[list[str]],
    depth: int,
    names: list[str],
    wrappers: list[str],
    splits: list[str],
) -> list[str]:
    """What is said of the level that was found."""
    notes = []
    if splits:
        notes.append(
            f"{_listed(splits)} are taken for parts of one collection: classes are the folders "
            f"in them, {_listed(names)}, and validation and test clips come from all alike; "
            f"`label_depth={depth - 1}` makes classes of the parts"
        )
    classes = f"in {'/'.join(wrappers)}: {_listed(names)}" if wrappers else _listed(names)
    suspects = [name for name in names if _is_split(name)]
    below = any(len(folders) > depth for folders in heard)
    if wrappers and not splits and (not below or len(suspects) >= 2):
        notes.append(f"classes are the folders {classes}; `label_depth` or `unlabelled` changes it")
    if below and len(suspects) >= 2:
        notes.append(
            f"{_listed(suspects)} look like parts of a collection, but are classes, as other "
            f"folders lie beside them; `label_depth={depth + 1}` takes the folders in them"
        )
    elif below:
        notes.append(
            f"classes are the folders {classes}, whatever folders are in them; "
            f"`label_depth={depth + 1}` takes those"
        )
    return notes


def _parts_of_classes(names: Iterable[str]) -> dict[str, str]:
    """The class of names such as kick_train and kick_test, where one has several parts."""
    parts: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for name in set(names):
        words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", _tidy(name)))
        kept = [word for word in words if not _is_split(word)]
        part = _key(" ".join(word for word in words if _is_split(word)))
        if kept and part:
            stem = (" " if " " in name else "_").join(kept)
            parts[_key(stem)][name] = stem, part
    return {
        name: stem
        for names_of_one in parts.values()
        if len({part for _, part in names_of_one.values()}) > 1
        for name, (stem, _) in names_of_one.items()
    }


def _spellings(names: Iterable[str], apart: str) -> tuple[dict[str, str], list[str]]:
    """The class of each way to write a name, and a sentence where there are several.

    Of several the most frequent stays, or the plainest.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        forms[_key(name)][name] += 1
    chosen: dict[str, str] = {}
    notes = []
    for key, counts in sorted(forms.items()):
        best = min(counts, key=lambda name: (-counts[name], name != key, name.encode()))
        chosen |= dict.fromkeys(counts, _tidy(best))
        others = ", ".join(repr(name) for name in sorted(counts) if name != _tidy(best))
        if len(counts) > 1:
            notes.append(
                f"{len(counts)} spellings are one class, {_tidy(best)} (also {others}); {apart}"
            )
    if len(notes) > _NAMED:
        notes = [*notes[:_NAMED], f"{len(notes) - _NAMED} more classes have several spellings"]
    return chosen, notes


def _distinct(names: Iterable[str]) -> list[str]:
    """Names without further spellings, sorted."""
    first: dict[str, str] = {}
    for name in sorted(set(names), key=lambda name: (name != _key(name), name)):
        first.setdefault(_key(name), _tidy(name))
    return [first[key] for key in sorted(first)]


def _tidy(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    return " ".join(composed.split()) or composed


def _key(name: str) -> str:
    """Equal for names that differ in case, spaces or the encoding of accents alone."""
    return unicodedata.normalize("NFC", _tidy(name).casefold())


def _is_split(name: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+", _key(name)))
    return bool(words & SPLIT_WORDS) and words <= SPLIT_WORDS | _FILLERS


def _listed(names: Sequence[str]) -> str:
    """Some names, the last after "and"."""
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
