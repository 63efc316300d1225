"""What people's trees of folders mean."""

from __future__ import annotations

from itertools import permutations

import pytest

from soundgan.ingest.folders import Classes, understand


def look(*files: str, silent: tuple[str, ...] = (), depth: int | None = None) -> Classes:
    names = [*files, *silent]
    return understand(names, [True] * len(files) + [False] * len(silent), depth=depth)


def labels(*files: str, **options: object) -> list[str | None]:
    return list(look(*files, **options).labels)  # type: ignore[arg-type]


def test_the_first_folder_is_the_class_whatever_is_below_it() -> None:
    files = ["kick/a.wav", "kick/808/b.wav", "snare/deep/er/a.wav", "c.wav"]
    assert labels(*files) == ["kick", "kick", "snare", None]
    [note] = look(*files).notes
    assert note == (
        "classes are the folders kick and snare, whatever folders are in them; "
        "`label_depth=2` takes those"
    )


def test_of_plain_class_folders_nothing_is_said() -> None:
    assert look("kick/a.wav", "snare/b.wav").notes == ()


@pytest.mark.parametrize("wrapped", ["kit/", "My Kit/drums/wav/", "train/"])
def test_folders_around_everything_are_passed(wrapped: str) -> None:
    found = look(f"{wrapped}kick/a.wav", f"{wrapped}snare/b.wav", f"{wrapped}snare/x/c.wav")
    assert found.labels == ("kick", "snare", "snare")
    assert found.depth == wrapped.count("/") + 1
    assert f"the folders in {wrapped[:-1]}: kick and snare" in found.notes[0]
    assert "`label_depth" in found.notes[0]


def test_what_is_no_sound_does_not_stand_beside_the_wrapping_folder() -> None:
    strangers = ("README.md", "art/cover.jpg", "__MACOSX/x/a.wav")
    assert labels("kit/a/1.wav", "kit/b/2.wav", silent=strangers)[:2] == ["a", "b"]


def test_a_stray_sound_beside_the_wrapping_folder_has_no_label() -> None:
    kit = [f"kit/{name}/{number}.wav" for name in "ab" for number in range(10)]
    assert labels(*kit, "demo.wav")[-2:] == ["b", None]


def test_a_folder_beside_as_many_sounds_is_not_wrapped_around_them() -> None:
    found = look("1.wav", "2.wav", "more/a/3.wav", "more/b/4.wav")
    assert set(found.labels) == {None, "more"}


@pytest.mark.parametrize(
    "splits",
    [
        ("train", "test"),
        ("Train", "Val", "TEST"),
        ("training", "validation", "testing"),
        ("train-clean-100", "dev-clean", "test-other"),
        ("training_set", "test_set"),
        ("trainset", "held out"),
        ("fold1", "fold2", "fold10"),
        ("Development data", "Evaluation data"),
    ],
)
def test_parts_of_a_collection_are_no_classes(splits: tuple[str, ...]) -> None:
    files = [f"{split}/{name}/{split}.wav" for split in splits for name in ("kick", "snare")]
    found = look(*files)
    assert found.labels == ("kick", "snare") * len(splits)
    assert found.depth == 2
    [note] = found.notes
    assert "the folders in them, kick and snare" in note
    assert note.endswith("`label_depth=1` makes classes of the parts")


def test_parts_and_wrappers_may_be_nested_in_any_way() -> None:
    wraps = ["corpus/train/train_data/", "corpus/test/test_data/"]
    files = [f"{wrap}wav/{name}/1.wav" for wrap in wraps for name in "ab"]
    assert labels(*files) == ["a", "b", "a", "b"]


def test_a_class_with_parts_in_it_is_the_class() -> None:
    files = [f"{name}/{split}/1.wav" for name in ("kick", "snare") for split in ("train", "test")]
    assert labels(*files) == ["kick", "kick", "snare", "snare"]


def test_parts_without_folders_in_them_give_no_classes() -> None:
    found = look("train/1.wav", "test/2.wav")
    assert (found.labels, found.depth) == ((None, None), None)
    assert "test and train look like parts of one collection" in found.notes[0]


@pytest.mark.parametrize("names", [("test tones", "sweeps"), ("train", "car"), ("trains", "tests")])
def test_classes_that_sound_like_parts_stay_classes(names: tuple[str, str]) -> None:
    assert set(labels(*(f"{name}/{n}.wav" for name in names for n in "12"))) == set(names)


def test_parts_beside_another_folder_are_classes_but_said() -> None:
    found = look("train/a/1.wav", "test/a/2.wav", "noise/3.wav")
    assert set(found.labels) == {"train", "test", "noise"}
    assert found.notes[0].startswith("test and train look like parts of a collection, but are")


def test_the_level_can_be_told() -> None:
    files = ["train/kick/a.wav", "test/snare/b.wav", "test/c.wav"]
    assert labels(*files, depth=1) == ["train", "test", "test"]
    assert labels(*files, depth=2) == ["kick", "snare", None]
    assert look(*files, depth=1).notes == ()


def test_spellings_of_a_name_are_one_class_named_as_most_are() -> None:
    composed, decomposed = "Caf\u00e9/1.wav", "cafe\u0301 /2.wav"
    found = look("kick/1.wav", "Kick/2.wav", "kick /3.wav", "KICK/4.wav", "Kick/5.wav",
                 composed, decomposed, "caf\u00e9/3.wav", "caf\u00e9/4.wav")  # fmt: skip
    assert found.labels == ("Kick",) * 5 + ("caf\u00e9",) * 4
    assert found.notes == (
        "3 spellings are one class, caf\u00e9 (also 'Caf\u00e9', 'cafe\u0301 '); rename a folder "
        "to keep it apart",
        "4 spellings are one class, Kick (also 'KICK', 'kick', 'kick '); rename a folder to keep "
        "it apart",
    )


def test_two_spellings_alone_are_a_single_folder() -> None:
    assert set(labels("kick/1.wav", "Kick/2.wav")) == {"kick"}


def test_spellings_of_parts_and_wrappers_do_not_matter() -> None:
    assert labels("Kit/a/1.wav", "kit /b/2.wav") == ["a", "b"]
    assert labels("Train/a/1.wav", "test /b/2.wav", "train/b/3.wav") == ["a", "b", "b"]


def test_the_order_of_the_files_does_not_matter() -> None:
    files = ["train/Kick/1.wav", "train/kick/2.wav", "test/snare/3.wav", "x.wav"]
    expected = dict(zip(files, look(*files).labels, strict=True))
    notes = look(*files).notes
    for order in permutations(files):
        assert dict(zip(order, look(*order).labels, strict=True)) == expected
        assert look(*order).notes == notes


def test_no_sounds_or_no_folders_are_no_classes() -> None:
    assert look().labels == ()
    assert look("a.wav", "b.wav").labels == (None, None)
    assert look(silent=("kick/a.wav", "snare/b.wav")).depth is None


def test_a_folder_named_with_a_space_alone_is_a_class() -> None:
    assert labels(" /1.wav", "a/2.wav") == [" ", "a"]


def test_many_classes_are_counted_not_listed() -> None:
    [note] = look(*(f"all/{number:02}/1.wav" for number in range(30))).notes
    assert "00, 01, 02, 03, 04, 05 and 24 more" in note


@pytest.mark.parametrize(
    "names",
    [
        ("kick_train", "kick_test", "snare_train", "snare_test"),
        ("train-kick", "test-kick", "train-snare", "val-snare"),
        ("Kick Train", "kick TEST", "Snare Train", "Snare dev"),
        ("kick_fold1", "kick_fold2", "snare_fold1", "snare_fold2"),
        ("KickTraining", "KickTesting", "SnareTraining", "SnareTesting"),
        ("kick_train", "kick_test", "snare", "snare"),
    ],
)
def test_parts_of_a_collection_in_the_names_of_classes_join_them(names: tuple[str, ...]) -> None:
    found = understand([f"{name}/{i}.wav" for i, name in enumerate(names)], [True] * 4)
    assert [str(label).lower() for label in found.labels] == ["kick", "kick", "snare", "snare"]
    assert "are taken for parts of the classes" in found.notes[0]
    assert "rename a folder to keep it apart" in found.notes[0]


@pytest.mark.parametrize(
    "names",
    [("kick_train", "snare_test"), ("kick", "kick_test"), ("kick_1", "kick_2"), ("low", "high")],
)
def test_a_class_with_one_part_or_none_keeps_its_name(names: tuple[str, ...]) -> None:
    found = understand([f"{name}/{i}.wav" for i, name in enumerate(names)], [True] * 2)
    assert found.labels == names
    assert found.notes == ()


def test_of_a_pack_with_folders_in_its_classes_one_sentence_tells_all() -> None:
    files = [f"Pack/{name}/{vol}/1.wav" for name in ("kick", "snare") for vol in ("a", "b")]
    assert understand(files, [True] * 4).notes == (
        "classes are the folders in Pack: kick and snare, whatever folders are in them; "
        "`label_depth=3` takes those",
    )
