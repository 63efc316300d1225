from __future__ import annotations

import pytest

from soundgan.errors import UsageError
from soundgan.ingest.labels import make_labelling


def test_the_top_folder_is_the_class() -> None:
    labelling = make_labelling(None, unlabelled=False)
    files = ["kick/a.wav", "kick/deep/b.wav", "snare/a.wav", "c.wav"]
    assert labelling.classes(files).labels == ("kick", "kick", "snare", None)


def test_a_pattern_is_searched_in_the_name_without_its_folders() -> None:
    labelling = make_labelling(r"^(?P<label>\d)_", unlabelled=False)
    assert labelling.classes(["7_dir/3_a.wav", "4_b.wav", "1_dir/x.wav"]).labels == ("3", "4", None)


def test_a_pattern_that_matches_nothing_of_a_name_gives_no_label() -> None:
    labelling = make_labelling(r"(?P<label>[a-z]*)_", unlabelled=False)
    assert labelling.classes(["ab_1.wav", "_1.wav"]).labels == ("ab", None)


def test_an_optional_group_that_is_not_there_gives_no_label() -> None:
    labelling = make_labelling(r"^(?P<label>a)?b", unlabelled=False)
    assert labelling.classes(["ab.wav", "b.wav"]).labels == ("a", None)


def test_unlabelled_ignores_folders() -> None:
    assert make_labelling(None, unlabelled=True).classes(["kick/a.wav"]).labels == (None,)


def test_spellings_of_a_label_in_names_are_one_class_and_named() -> None:
    labelling = make_labelling("^(?P<label>[A-Za-z ]+)_", unlabelled=False)
    files = ["kick_1.wav", "Kick_2.wav", "KICK_3.wav", "kick _4.wav", "kick_5.wav", "snare_1.wav"]
    found = labelling.classes(files)
    assert found.labels == (*["kick"] * 5, "snare")
    assert found.notes == (
        "4 spellings are one class, kick (also 'KICK', 'Kick', 'kick '); "
        "rename files to keep them apart",
    )


def test_a_label_of_spaces_names_nothing() -> None:
    labelling = make_labelling("^(?P<label>[a-z ]*)_", unlabelled=False)
    assert labelling.classes([" _1.wav", "a_1.wav"]).labels == (None, "a")


def test_a_level_deeper_than_any_file_is_refused() -> None:
    labelling = make_labelling(None, unlabelled=False, depth=3)
    with pytest.raises(UsageError, match="below more than 2 folders; give 1 to 2"):
        labelling.check(["a/b/1.wav", "c.wav"])
    labelling.check(["a/b/c/1.wav"])


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?P<label>", "is not a pattern"),
        (r"^(\d)_", "has no group named label"),
        (r"^(?P<digit>\d)_", "has no group named label"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"`label_pattern`: .*{message}"):
        make_labelling(pattern, unlabelled=False)


def test_a_pattern_that_fits_no_name_is_refused_with_an_example() -> None:
    labelling = make_labelling(r"^(?P<label>\d)_", unlabelled=False)
    with pytest.raises(UsageError, match=r"fits no file name, for example not 'x\.wav'"):
        labelling.check(["dir/x.wav"])


@pytest.mark.parametrize(
    "options",
    [
        {"pattern": "(?P<label>.)", "unlabelled": True},
        {"pattern": "(?P<label>.)", "unlabelled": False, "depth": 1},
        {"pattern": None, "unlabelled": True, "depth": 1},
    ],
)
def test_ways_to_label_exclude_each_other(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        make_labelling(**options)  # type: ignore[arg-type]
