"""Which recordings are cut up, class by class."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.pipelines.prepare.slicing import Slicing, choose_slicing, seldom_seen, slicing_words
from soundgan.pipelines.prepare.survey import Surveyed
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.sounds import silence, tone, write

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


def test_a_small_class_of_loops_in_a_large_folder_is_cut(
    tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("corpus", "slicing"):
        monkeypatch.setattr(f"soundgan.pipelines.prepare.{module}.SAMPLE_FILES", 20)
    for number in range(60):
        name = ("kick", "snare")[number % 2]
        write(tmp_path / "kit" / name / f"{number}.wav", tone(0.2, hertz=150 + 7 * number))
    for number in range(4):
        write(tmp_path / "kit" / "loops" / f"{number}.wav", loop(300 + 11 * number))
    result = prepare(tmp_path / "kit", tmp_path / "out", slice=None)
    assert result.report["parameters"]["slice"] == ["loops"]
    assert sum(clip.path.startswith("loops/") for clip in result.manifest.clips) == 24


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


def loop(hertz: float) -> np.ndarray:
    """Six hits in five seconds."""
    hits = [tone(0.2, hertz=hertz + 40 * number, level=0.4) for number in range(6)]
    return np.concatenate([part for hit in hits for part in (hit, silence(0.65))])


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Loops beside one-shots, among which the same loop lies as well."""
    folder = tmp_path / "kit"
    for number in range(3):
        write(folder / "loops" / f"{number}.wav", loop(300 + 11 * number))
    for name in ("kick", "snare"):
        for number in range(5):
            hit = tone(0.2, hertz=200 + 13 * number + 400 * (name == "snare"))
            write(folder / name / f"{number}.wav", hit)
    write(folder / "snare" / "twin.wav", loop(300))
    return folder


def test_a_loop_gives_many_clips_in_its_class_and_one_among_one_shots(
    tmp_path: Path, prepare: Prepare, kit: Path
) -> None:
    write(kit / "snare" / "other.wav", loop(450))
    report = prepare(kit, tmp_path / "out", slice=None).report
    files = {file["path"]: file for file in report["files"]}
    assert [files[f"loops/{number}.wav"]["clips"] for number in range(3)] == [6, 6, 6]
    assert files["snare/other.wav"]["clips"] == 1
    assert files["snare/twin.wav"]["duplicate_of"] == "loops/0.wav"
    assert report["parameters"]["slice"] == ["loops"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert re.search(r">slice</t[dh]>\s*<td[^>]*>loops</td>", page)


def test_a_recording_takes_over_nothing_from_a_twin_that_was_cut_otherwise(
    tmp_path: Path, prepare: Prepare, kit: Path
) -> None:
    options = {"slice": None, "label_depth": 1}
    prepare(kit, tmp_path / "out", **options)
    (kit / "loops" / "0.wav").unlink()
    again = prepare(kit, tmp_path / "out", **options)
    prepare(kit, tmp_path / "fresh", **options)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
    files = {file["path"]: file for file in again.report["files"]}
    assert (files["snare/twin.wav"]["clips"], files["snare/twin.wav"]["duplicate_of"]) == (1, None)


def test_the_same_clips_come_out_whether_a_class_is_cut_by_itself_or_on_request(
    tmp_path: Path, prepare: Prepare, kit: Path
) -> None:
    (kit / "snare" / "twin.wav").unlink()
    prepare(kit, tmp_path / "chosen", slice=None)
    prepare(kit, tmp_path / "asked", slice=True)
    one, other = (PreparedDataset.open(tmp_path / name) for name in ("chosen", "asked"))
    every = np.arange(len(one))
    np.testing.assert_array_equal(one.samples(every), other.samples(every))
