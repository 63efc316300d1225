"""Folders of recordings and one-shots, prepared."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.sounds import silence, tone, write


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


def test_a_small_class_of_loops_in_a_large_folder_is_cut(
    tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("corpus", "slicing"):
        monkeypatch.setattr(f"soundgan.ingest.{module}.SAMPLE_FILES", 20)
    for number in range(60):
        name = ("kick", "snare")[number % 2]
        write(tmp_path / "kit" / name / f"{number}.wav", tone(0.2, hertz=150 + 7 * number))
    for number in range(4):
        write(tmp_path / "kit" / "loops" / f"{number}.wav", loop(300 + 11 * number))
    result = prepare(tmp_path / "kit", tmp_path / "out", slice=None)
    assert result.report["parameters"]["slice"] == ["loops"]
    assert sum(clip.path.startswith("loops/") for clip in result.manifest.clips) == 24


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
