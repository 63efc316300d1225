from __future__ import annotations

import pytest

from soundgan.errors import UsageError
from soundgan.pipelines.prepare.labels import make_labelling


def test_the_top_folder_is_the_class() -> None:
    labelling = make_labelling(None, unlabelled=False)
    files = ["kick/a.wav", "kick/deep/b.wav", "snare/a.wav", "c.wav"]
    assert labelling.labels(files) == ["kick", "kick", "snare", None]


def test_a_pattern_is_searched_in_the_name_without_its_folders() -> None:
    labelling = make_labelling(r"^(?P<label>\d)_", unlabelled=False)
    assert labelling.labels(["7_dir/3_a.wav", "4_b.wav", "1_dir/x.wav"]) == ["3", "4", None]


def test_a_pattern_that_matches_nothing_of_a_name_gives_no_label() -> None:
    labelling = make_labelling(r"(?P<label>[a-z]*)_", unlabelled=False)
    assert labelling.labels(["ab_1.wav", "_1.wav"]) == ["ab", None]


def test_an_optional_group_that_is_not_there_gives_no_label() -> None:
    labelling = make_labelling(r"^(?P<label>a)?b", unlabelled=False)
    assert labelling.labels(["ab.wav", "b.wav"]) == ["a", None]


def test_unlabelled_ignores_folders() -> None:
    assert make_labelling(None, unlabelled=True).labels(["kick/a.wav"]) == [None]


def test_two_ways_to_write_a_letter_are_one_class() -> None:
    composed, decomposed = "caf\u00e9/a.wav", "cafe\u0301/a.wav"
    assert len(set(make_labelling(None, unlabelled=False).labels([composed, decomposed]))) == 1


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?P<label>", "is not a pattern"),
        (r"^(\d)_", "has no group named label"),
        (r"^(?P<digit>\d)_", "has no group named label"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"--label-pattern: .*{message}"):
        make_labelling(pattern, unlabelled=False)


def test_a_pattern_that_fits_no_name_is_refused_with_an_example() -> None:
    labelling = make_labelling(r"^(?P<label>\d)_", unlabelled=False)
    with pytest.raises(UsageError, match=r"fits no file name, for example not 'x\.wav'"):
        labelling.labels(["dir/x.wav"])


def test_pattern_and_unlabelled_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        make_labelling("(?P<label>.)", unlabelled=True)
