"""Which clips are kept from training, and for what."""

from __future__ import annotations

import hashlib
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundgan.data.split import SMALLEST_TEST, Shares, Split, checked_shares, choose_splits, divide
from soundgan.errors import UsageError

N = 1000
TENTHS = Shares(0.1, 0.1)
KEPT: tuple[Split, Split] = ("validation", "test")


def sources(count: int, *, prefix: str = "s") -> list[str]:
    return [hashlib.sha256(f"{prefix}{i}".encode()).hexdigest() for i in range(count)]


def choose(
    label_of: dict[str, int], clips_of: dict[str, int], shares: Shares = TENTHS
) -> dict[Split, set[str]]:
    """Sources of each split, each of them whole."""
    starts = {source: range(0, clips_of[source] * N, N) for source in label_of}
    splits = choose_splits(label_of, starts, n_samples=N, shares=shares)
    assert [len(splits[source]) for source in label_of] == [clips_of[s] for s in label_of]
    assert all(len(set(split)) <= 1 for split in splits.values())
    found: dict[Split, set[str]] = {"train": set(), "validation": set(), "test": set()}
    for source, split in splits.items():
        found[split[0]].add(source)
    return found


def of_one_class(names: list[str], shares: Shares = TENTHS) -> dict[Split, set[str]]:
    """The same of single clips of one class."""
    return choose(dict.fromkeys(names, 0), dict.fromkeys(names, 1), shares)


def test_the_shares_are_kept_in_every_class() -> None:
    kicks, snares = sources(200), sources(100, prefix="t")
    labels = dict.fromkeys(kicks, 0) | dict.fromkeys(snares, 1)
    found = choose(labels, dict.fromkeys(labels, 1), Shares(0.05, 0.2))
    assert [len(found[split] & set(kicks)) for split in KEPT] == [10, 40]
    assert [len(found[split] & set(snares)) for split in KEPT] == [5, 20]


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, (0, 0)), (7, (0, 0)), (8, (1, 1)), (9, (1, 1)), (29, (1, 1)), (40, (2, 2))],
)
def test_a_small_class_gives_one_source_to_each_from_eight_clips_on(
    count: int, expected: tuple[int, int]
) -> None:
    names, others = sources(count), sources(400, prefix="t")
    labels = dict.fromkeys(names, 0) | dict.fromkeys(others, 1)
    found = choose(labels, dict.fromkeys(labels, 1), Shares(0.05, 0.05))
    assert tuple(len(found[split] & set(names)) for split in KEPT) == expected


def test_a_class_of_six_gives_a_clip_to_validation_and_none_to_the_test() -> None:
    names, others = sources(6), sources(400, prefix="t")
    labels = dict.fromkeys(names, 0) | dict.fromkeys(others, 1)
    found = choose(labels, dict.fromkeys(labels, 1))
    assert tuple(len(found[split] & set(names)) for split in KEPT) == (1, 0)


@pytest.mark.parametrize(("count", "test"), [(20, 0), (94, 0), (95, 10), (96, 10), (200, 20)])
def test_a_set_that_could_not_test_with_ten_clips_has_no_test(count: int, test: int) -> None:
    found = of_one_class(sources(count))
    assert len(found["test"]) == test
    assert len(found["validation"]) == round(0.1 * count)


def test_a_set_without_a_test_trains_on_what_it_would_have_kept() -> None:
    names = sources(60)
    assert of_one_class(names) == of_one_class(names, Shares(0.1, 0.0))


def test_the_only_sound_of_a_class_stays_in_training() -> None:
    [name] = sources(1)
    assert choose({name: 0}, {name: 7}, Shares(0.25, 0.25))["train"] == {name}


def test_nothing_is_kept_when_the_shares_are_zero() -> None:
    names = sources(100)
    assert of_one_class(names, Shares(0.0, 0.0))["train"] == set(names)
    assert not of_one_class(names, Shares(0.0, 0.1))["validation"]
    assert not of_one_class(names, Shares(0.1, 0.0))["test"]
    [name] = names[:1]
    assert choose({name: 0}, {name: 500}, Shares(0.0, 0.0))["train"] == {name}


def test_order_does_not_change_the_draw() -> None:
    names = sources(300)
    assert of_one_class(names) == of_one_class(names[::-1])


@given(count=st.integers(120, 400), share=st.sampled_from([0.05, 0.1, 0.2]), salt=st.integers(0))
@settings(max_examples=40, deadline=None)
def test_one_more_file_moves_at_most_one_other_into_or_out_of_each_split(
    count: int, share: float, salt: int
) -> None:
    *names, new = sources(count + 1, prefix=f"{salt}/")
    shares = Shares(share, max(0.1, share))
    before, after = of_one_class(names, shares), of_one_class([*names, new], shares)
    for split in KEPT:
        assert len((before[split] ^ after[split]) - {new}) <= 1
    assert not before["test"] & after["validation"]
    assert not before["validation"] & after["test"]


@given(sizes=st.lists(st.integers(0, 60), min_size=1, max_size=6), salt=st.integers(0))
@settings(max_examples=60, deadline=None)
def test_every_class_keeps_sounds_to_train_on_and_its_shares(sizes: list[int], salt: int) -> None:
    labels = {
        name: label
        for label, size in enumerate(sizes)
        for name in sources(size, prefix=f"{salt}/{label}/")
    }
    found = choose(labels, dict.fromkeys(labels, 1))
    assert sum(map(len, found.values())) == len(labels)
    assert not found["test"] or len(found["test"]) >= SMALLEST_TEST
    for label, size in enumerate(sizes):
        train, validation, test = (
            sum(labels[name] == label for name in names) for names in found.values()
        )
        assert validation == max(round(0.1 * size), size >= 8)
        assert test in (0, validation)
        assert train >= min(size, 1)


# -- recordings that are divided ---------------------------------------------------------------


def runs(splits: tuple[Split, ...]) -> list[str]:
    """The splits in order, each once for a run of it."""
    return [split for split, _ in groupby(splits)]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.25])
@pytest.mark.parametrize("count", [8, 9, 15, 40, 100, 1000])
def test_the_only_recording_of_a_class_keeps_stretches_back_and_gaps_beside_them(
    count: int, share: float
) -> None:
    for name in sources(20):
        splits = divide(name, range(0, count * N, N), n_samples=N, shares=Shares(share, share))
        for split in KEPT:
            assert splits.count(split) == max(1, round(share * count))
        assert splits.count("train") >= count / 8
        neighbours = {frozenset(pair) for pair in pairwise(splits)}
        for pair in (("train", "validation"), ("train", "test"), KEPT):
            assert frozenset(pair) not in neighbours


@pytest.mark.parametrize("shares", [TENTHS, Shares(0.02, 0.2), Shares(0.3, 0.01)])
@given(step=st.integers(N // 4, 2 * N), count=st.integers(100, 300), salt=st.integers(0))
@settings(max_examples=25, deadline=None)
def test_a_long_recording_leaves_a_clips_length_between_its_splits(
    shares: Shares, step: int, count: int, salt: int
) -> None:
    """As far as an eighth of it reaches, where clips lie very close."""
    starts = range(0, count * step, step)
    splits = divide(f"{salt}", starts, n_samples=N, shares=shares)
    assert {"train", *KEPT} <= set(splits)
    for index, split in enumerate(splits):
        for other in range(index + 1, min(count, index + 1 + count // 8)):
            if starts[other] - starts[index] < 2 * N and "gap" not in (split, splits[other]):
                assert splits[other] == split


def test_a_long_recording_is_kept_back_in_several_places() -> None:
    [name] = sources(1)
    splits = divide(name, range(0, 1000 * N, N), n_samples=N, shares=TENTHS)
    assert [runs(splits).count(split) for split in KEPT] == [5, 5]
    splits = divide(name, range(0, 60 * N, N), n_samples=N, shares=TENTHS)
    assert [runs(splits).count(split) for split in KEPT] == [1, 1]


def test_a_recording_among_one_shots_is_divided_and_does_not_fill_a_split() -> None:
    names = sources(31)
    starts = {name: range(1) for name in names} | {names[0]: range(0, 300 * N, N)}
    splits = choose_splits(dict.fromkeys(names, 0), starts, n_samples=N, shares=TENTHS)
    for split in KEPT:
        assert splits[names[0]].count(split) == 30
        assert sum(splits[name] == (split,) for name in names[1:]) == 3


def test_recordings_of_which_there_are_enough_stay_whole() -> None:
    names = sources(12)
    found = choose(dict.fromkeys(names, 0), dict.fromkeys(names, 300))
    assert [len(found[split]) for split in KEPT] == [1, 1]


@pytest.mark.parametrize(
    ("validation", "test", "told"),
    [
        (0.6, 0.0, "`validation`: 0.6 is not from 0 to 0.5"),
        (0.1, -0.1, "`test`: -0.1 is not from 0 to 0.5"),
        (float("nan"), 0.1, "`validation`: nan is not from 0 to 0.5"),
        (0.3, 0.25, "`validation=0.3` and `test=0.25`: keep back more than half"),
    ],
)
def test_shares_that_leave_too_little_are_refused(
    validation: float, test: float, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        checked_shares(validation, test)
    assert checked_shares(0.25, 0.25) == Shares(0.25, 0.25)
