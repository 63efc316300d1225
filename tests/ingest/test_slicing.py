"""Which recordings are cut up, class by class."""

from __future__ import annotations

import pytest

from soundgan.ingest.slicing import Slicing, choose_slicing, seldom_seen, slicing_words
from soundgan.ingest.survey import Surveyed

ONE_SHOT = Surveyed(8000, 0.3, (0.3,))
CYMBAL = Surveyed(8000, 7.0, (6.9,))
LOOP = Surveyed(8000, 8.0, (0.2,) * 30)
DRONE = Surveyed(8000, 200.0, ())


def chosen(**classes: list[Surveyed]) -> Slicing:
    """Of a folder with these classes, in this order."""
    files = [file for files in classes.values() for file in files]
    labels = [name for name, files in classes.items() for _ in files]
    return choose_slicing(dict(enumerate(files)), labels)


@pytest.mark.parametrize(
    ("found", "slicing"),
    [
        ([LOOP], True),
        ([DRONE], True),
        ([LOOP, DRONE, ONE_SHOT], True),
        ([ONE_SHOT] * 30 + [LOOP], False),  # one take does not outweigh thirty hits
        ([CYMBAL] * 9, False),  # long, but each is one sound
        ([ONE_SHOT], False),
        ([], False),
    ],
)
def test_recordings_are_cut_up_where_they_are_half_of_the_files(
    found: list[Surveyed], slicing: bool
) -> None:
    for label in (None, "all"):
        whole = choose_slicing(dict(enumerate(found)), [label] * len(found))
        assert whole == Slicing.of_all(len(found), cut=slicing)


def test_a_class_of_recordings_beside_many_one_shots_is_cut_and_they_are_not() -> None:
    hits = {f"kit{number}": [ONE_SHOT] * 9 for number in range(7)}
    found = chosen(loops=[LOOP, DRONE, LOOP], **hits)
    assert found == Slicing(frozenset({0, 1, 2}), ("loops",))


def test_a_class_of_one_shots_beside_many_recordings_is_not_cut() -> None:
    found = chosen(loops=[LOOP] * 9, takes=[DRONE] * 9, hits=[ONE_SHOT] * 2, cymbals=[CYMBAL] * 2)
    assert found == Slicing(frozenset(range(18)), ("loops", "takes"))


def test_where_every_class_is_of_recordings_all_files_are_cut() -> None:
    assert chosen(a=[LOOP] * 2, b=[LOOP, ONE_SHOT]) == Slicing.of_all(4, cut=True)


def test_files_without_a_class_among_classes_are_not_cut() -> None:
    found = choose_slicing(dict(enumerate([LOOP, ONE_SHOT, LOOP])), ["a", "b", None])
    assert found == Slicing(frozenset({0}), ("a",))


def test_of_a_large_folder_a_class_that_was_hardly_looked_at_follows_the_others() -> None:
    labels = ["hits"] * 900 + ["loops"] * 90
    looked_at = dict.fromkeys(range(400), ONE_SHOT)
    for looks, cut in ((3, False), (4, True)):
        found = choose_slicing(looked_at | dict.fromkeys(range(900, 900 + looks), LOOP), labels)
        assert (found.stated == ("loops",)) is cut
        assert found.files == frozenset(range(900, 990) if cut else ())


def test_of_a_class_that_was_hardly_looked_at_more_is_looked_at() -> None:
    labels = [None, *["hits"] * 900, *["loops"] * 30, *["takes"] * 2]
    found = dict.fromkeys(range(1, 400), ONE_SHOT) | {901: LOOP}
    order = list(reversed([index for index in range(len(labels)) if index not in found]))
    assert seldom_seen(order, labels, found) == [932, 931, *range(930, 922, -1)]
    assert seldom_seen(order, [f"c{n // 2}" for n in range(len(labels))], found) == []


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ({"hits": [ONE_SHOT]}, None),
        ({"loops": [LOOP]},
         "long recordings: 1 of 1 files, cut where sounds begin; `slice=False` prevents it"),
        ({"hits": [ONE_SHOT] * 3 + [LOOP]},
         "long recordings: 1 of 4 files, one clip of each; `slice` gives one per sound"),
        ({"hits": [ONE_SHOT] * 3 + [LOOP], "loops": [LOOP] * 2},
         "long recordings: 3 of 6 files; those of loops are cut where sounds begin, 1 in others "
         "give one clip each; `slice` cuts all, `slice=False` none"),
        ({"hits": [ONE_SHOT], **{f"l{n}": [LOOP] for n in range(7)}},
         "long recordings: 7 of 8 files; those of l0, l1, l2, l3, l4 and 2 more classes are cut "
         "where sounds begin; `slice` cuts all, `slice=False` none"),
    ],
)  # fmt: skip
def test_what_becomes_of_recordings_is_said(
    classes: dict[str, list[Surveyed]], words: str | None
) -> None:
    files = dict(enumerate(file for files in classes.values() for file in files))
    assert slicing_words(files, chosen(**classes)) == words
