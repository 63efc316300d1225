"""Which clips a model never trains on: those it is measured by meanwhile, and those for a test."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from soundgan.errors import UsageError

Split = Literal["train", "validation", "test", "held_out", "gap", "unlabelled"]
"""``gap``: beside a clip kept back, of the same recording; ``unlabelled``: without a label in a
labelled dataset. Both are used by nothing. ``held_out``: of older datasets, validation and test."""

SMALLEST_CLASS = 8
"""From this many clips on, every class keeps something back."""

SMALLEST_TEST = 10
"""A test of fewer clips measures nothing, so a dataset that could keep no more has none."""

STRETCH_CLIPS = 8
MOST_STRETCHES = 5
"""A divided recording keeps back about so many neighbouring clips in each of a few places."""


@dataclass(frozen=True)
class Shares:
    """Parts of the clips to keep back, in [0, 1); together at most a half.

    Attributes:
        validation: For measuring during a training.
        test: For measuring afterwards.
    """

    validation: float
    test: float

    @property
    def without_test(self) -> Shares:
        """Validation alone."""
        return Shares(self.validation, 0.0)


def checked_shares(validation: float, test: float) -> Shares:
    """The shares, if some clips are left to train on.

    Raises:
        UsageError: One is out of range, or both together are more than half.
    """
    for name, share in (("validation", validation), ("test", test)):
        if not 0.0 <= share <= 0.5:
            raise UsageError(f"`{name}`: {share} is not from 0 to 0.5")
    if validation + test > 0.5:
        raise UsageError(
            f"`validation={validation:g}` and `test={test:g}`: keep back more than half of the "
            "clips; give less"
        )
    return Shares(validation, test)


def choose_splits(
    label_of: Mapping[str, int],
    starts_of: Mapping[str, Sequence[int]],
    *,
    n_samples: int,
    shares: Shares,
) -> dict[str, tuple[Split, ...]]:
    """The split of each clip of each source, drawn within each class by the hash of its content.

    Whole sources are kept back where a class has enough of them. A recording that alone gives
    more than twice the share of its class, or more than half of it, is divided instead: stretches
    of it are kept back, and what lies beside them is used by nothing.

    The draw depends on nothing but content: not on names, order or the clock. The test takes the
    first sources in the order of their hashes and validation the last, so adding a file moves at
    most one source of its own class into or out of each of them, and none from one to the other;
    unless a recording comes to be divided or no longer is, or the test comes to be large enough.

    Args:
        label_of: Label of each source; a source is named by the hash of its decoded content.
        starts_of: First sample of each clip of each source, ascending.
        n_samples: Length of a clip.
        shares: What to keep back. A class of :data:`SMALLEST_CLASS` clips or more gives at least
            one clip to each, a smaller one none to the test, and every class keeps some to train
            on. Where the test would have fewer than :data:`SMALLEST_TEST` clips there is none.
    """
    splits = _choose(label_of, starts_of, n_samples=n_samples, shares=shares)
    if shares.test and _count(splits.values(), "test") < SMALLEST_TEST:
        return _choose(label_of, starts_of, n_samples=n_samples, shares=shares.without_test)
    return splits


def _count(splits: Iterable[Sequence[Split]], wanted: Split) -> int:
    return sum(split == wanted for source in splits for split in source)


def _choose(
    label_of: Mapping[str, int],
    starts_of: Mapping[str, Sequence[int]],
    *,
    n_samples: int,
    shares: Shares,
) -> dict[str, tuple[Split, ...]]:
    classes: dict[int, list[str]] = defaultdict(list)
    for source, label in label_of.items():
        classes[label].append(source)
    splits: dict[str, tuple[Split, ...]] = {}
    for sources in classes.values():
        clips = sum(len(starts_of[source]) for source in sources)
        wanted = shares if clips >= SMALLEST_CLASS else shares.without_test
        divided = _to_divide(sources, starts_of, wanted)
        whole = [source for source in sources if source not in divided]
        least = int(not divided and clips >= SMALLEST_CLASS)
        for source, split in _whole(whole, wanted, least=least, alone=not divided).items():
            splits[source] = (split,) * len(starts_of[source])
        for source in divided:
            splits[source] = divide(source, starts_of[source], n_samples=n_samples, shares=wanted)
    return splits


def divide(
    source: str, starts: Sequence[int], *, n_samples: int, shares: Shares
) -> tuple[Split, ...]:
    """The split of each clip of one recording, with a gap beside each stretch kept back.

    The gap is the next clip on either side, and of a long recording whatever else begins less
    than a clip's length away from a clip that is kept back. Every part of a long recording gives
    a stretch to the test and one to validation, a gap between them; in every other part they come
    the other way round, so that stretches of the two never meet.
    """
    count = len(starts)
    reach = max(1, count // 8)
    wanted = [max(1, round(share * count)) if share else 0 for share in _pair(shares)]
    stretches = min(MOST_STRETCHES, max(1, round(max(wanted) / STRETCH_CLIPS)))
    splits: list[Split] = ["train"] * count
    for number in range(stretches):
        first, last = (count * edge // stretches for edge in (number, number + 1))
        sizes = [n * (number + 1) // stretches - n * number // stretches for n in wanted]
        between = _between(last - first - sum(sizes), reach, starts[first:last], n_samples, sizes)
        begin = first + _draw(f"{source}/{number}") % (last - first - sum(sizes) - between + 1)
        parts: list[tuple[Split, int]] = [("test", sizes[0]), ("validation", sizes[1])]
        for split, size in parts[:: -1 if number % 2 else 1]:
            splits[begin : begin + size] = [split] * size
            begin += size + (between if size else 0)
    for split, others in (("test", ("train", "validation")), ("validation", ("train",))):
        for index in [place for place, found in enumerate(splits) if found == split]:
            for near in _beside(index, starts, reach, n_samples):
                if splits[near] in others:
                    splits[near] = "gap"
    return tuple(splits)


def _beside(index: int, starts: Sequence[int], reach: int, n_samples: int) -> Iterator[int]:
    """Clips too near to one to be in another split."""
    for step in range(1, reach + 1):
        for near in (index - step, index + step):
            inside = 0 <= near < len(starts)
            if inside and (step == 1 or abs(starts[near] - starts[index]) < 2 * n_samples):
                yield near


def _pair(shares: Shares) -> tuple[float, float]:
    return shares.test, shares.validation


def _between(
    room: int, reach: int, starts: Sequence[int], n_samples: int, sizes: Sequence[int]
) -> int:
    """Clips between the two stretches of a part: as many as may lie in the gap of either."""
    if not all(sizes):
        return 0
    near = max(
        sum(other - start < 2 * n_samples for other in starts[index + 1 : index + 1 + reach])
        for index, start in enumerate(starts)
    )
    return max(1, min(near, room))


def _to_divide(
    sources: Sequence[str], starts_of: Mapping[str, Sequence[int]], shares: Shares
) -> frozenset[str]:
    """Recordings too large a part of their class to be kept back, or trained on, as a whole."""
    asked = [share for share in _pair(shares) if share]
    if not asked:
        return frozenset()
    most = min(2 * min(asked), 0.5) * sum(len(starts_of[source]) for source in sources)
    least = max(most, SMALLEST_CLASS - 1)
    return frozenset(source for source in sources if len(starts_of[source]) > least)


def _whole(sources: Sequence[str], shares: Shares, *, least: int, alone: bool) -> dict[str, Split]:
    """The split of sources that are not divided.

    Args:
        sources: Of one class.
        shares: What to keep back.
        least: So many for each share that is asked for, at least.
        alone: Whether the class has no others, and so keeps one of these to train on.
    """
    order = sorted(sources, key=_rank)
    test, validation = (
        max(round(share * len(order)), least if share else 0) for share in _pair(shares)
    )
    spare = max(0, len(order) - int(alone))
    validation = min(validation, spare)
    test = min(test, spare - validation)
    splits: dict[str, Split] = dict.fromkeys(order, "train")
    splits |= dict.fromkeys(order[:test], "test")
    splits |= dict.fromkeys(order[len(order) - validation :], "validation")
    return splits


def _rank(source: str) -> bytes:
    return hashlib.sha256(f"held-out/{source}".encode()).digest()


def _draw(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"stretch/{name}".encode()).digest()[:8])
