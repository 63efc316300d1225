"""Which sources are held out."""

from __future__ import annotations

import hashlib
from itertools import groupby, pairwise

import pytest

from soundgan.data.split import Split, choose_splits, divide

N = 1000


def sources(count: int, *, prefix: str = "s") -> list[str]:
    return [hashlib.sha256(f"{prefix}{i}".encode()).hexdigest() for i in range(count)]


def choose_held_out(
    label_of: dict[str, int], clips_of: dict[str, int], *, share: float
) -> frozenset[str]:
    """Sources that are held out, all of whose clips are."""
    starts = {source: range(0, clips_of[source] * N, N) for source in label_of}
    splits = choose_splits(label_of, starts, n_samples=N, share=share)
    assert [len(splits[source]) for source in label_of] == [clips_of[s] for s in label_of]
    assert all(len(set(split)) <= 1 for split in splits.values())
    return frozenset(source for source, split in splits.items() if split[0] == "held_out")


def test_the_share_is_kept_in_every_class() -> None:
    kicks, snares = sources(200), sources(100, prefix="t")
    labels = dict.fromkeys(kicks, 0) | dict.fromkeys(snares, 1)
    held = choose_held_out(labels, dict.fromkeys(labels, 1), share=0.05)
    assert len(held & set(kicks)) == 10
    assert len(held & set(snares)) == 5


@pytest.mark.parametrize(("count", "expected"), [(1, 0), (7, 0), (8, 1), (9, 1), (29, 1), (40, 2)])
def test_a_small_class_gives_one_source_from_eight_clips_on(count: int, expected: int) -> None:
    names = sources(count)
    held = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.05)
    assert len(held) == expected


def test_the_only_sound_of_a_class_stays_in_training() -> None:
    [name] = sources(1)
    assert choose_held_out({name: 0}, {name: 7}, share=0.5) == frozenset()


def test_nothing_is_held_out_when_the_share_is_zero() -> None:
    names = sources(100)
    assert not choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.0)


def test_order_does_not_change_the_draw() -> None:
    names = sources(300)
    ahead = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.1)
    behind = choose_held_out(dict.fromkeys(names[::-1], 0), dict.fromkeys(names, 1), share=0.1)
    assert ahead == behind


def test_one_more_file_moves_at_most_one_other() -> None:
    names = sources(301)
    before = choose_held_out(dict.fromkeys(names[:-1], 0), dict.fromkeys(names, 1), share=0.05)
    after = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.05)
    assert len((before ^ after) - {names[-1]}) <= 1


def runs(splits: tuple[Split, ...]) -> list[str]:
    """The splits in order, each once for a run of it."""
    return [split for split, _ in groupby(splits)]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("count", [8, 9, 15, 40, 100, 1000])
def test_the_only_recording_of_a_class_keeps_stretches_back_and_gaps_beside_them(
    count: int, share: float
) -> None:
    for name in sources(20):
        starts = {name: range(0, count * N, N)}
        splits = choose_splits({name: 0}, starts, n_samples=N, share=share)[name]
        assert splits.count("held_out") == max(1, round(share * count))
        assert splits.count("train") >= count / 4
        neighbours = {frozenset(pair) for pair in pairwise(splits)}
        assert frozenset({"train", "held_out"}) not in neighbours


def test_a_long_recording_leaves_a_clips_length_between_its_splits() -> None:
    for name in sources(20):
        starts = range(0, 200 * 600, 600)  # nearer than a clip is long
        splits = divide(name, starts, n_samples=N, share=0.1)
        held = [start for start, split in zip(starts, splits, strict=True) if split == "held_out"]
        for start, split in zip(starts, splits, strict=True):
            if split == "train":
                assert min(abs(start - other) for other in held) >= 2 * N


def test_a_long_recording_is_held_out_in_several_places() -> None:
    [name] = sources(1)
    splits = divide(name, range(0, 1000 * N, N), n_samples=N, share=0.1)
    assert runs(splits).count("held_out") == 5
    assert runs(divide(name, range(0, 60 * N, N), n_samples=N, share=0.1)).count("held_out") == 1


def test_a_recording_among_one_shots_is_divided_and_does_not_fill_a_split() -> None:
    names = sources(31)
    starts = {name: range(1) for name in names} | {names[0]: range(0, 300 * N, N)}
    splits = choose_splits(dict.fromkeys(names, 0), starts, n_samples=N, share=0.1)
    assert splits[names[0]].count("held_out") == 30
    assert sum(splits[name] == ("held_out",) for name in names[1:]) == 3


def test_recordings_of_which_there_are_enough_stay_whole() -> None:
    names = sources(12)
    held = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 300), share=0.1)
    assert len(held) == 1


def test_without_a_share_no_recording_is_divided() -> None:
    [name] = sources(1)
    assert not choose_held_out({name: 0}, {name: 500}, share=0.0)
