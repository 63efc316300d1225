"""Folders of stereo sounds, prepared."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import UsageError
from soundgan.pipelines.prepare.ceiling import measure_ceiling
from soundgan.pipelines.prepare.page import closer_look
from tests.conftest import Run
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.sounds import tone, write


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Twelve stereo sounds, four mono ones, and the stereo twin of one of these."""
    for number in range(12):
        left, right = (tone(0.2, hertz=hertz + 20 * number) for hertz in (300, 900))
        write(tmp_path / "src" / f"wide{number}.wav", np.stack([left, right], axis=1))
    for number in range(4):
        write(tmp_path / "src" / f"mono{number}.wav", tone(0.2, hertz=2000 + 50 * number))
    twin = tone(0.2, hertz=2000)
    write(tmp_path / "src" / "twin.flac", np.stack([twin, twin], axis=1))
    return tmp_path / "src"


def test_clips_hold_left_and_right_and_the_report_says_how_far_they_differ(
    wide: Path, tmp_path: Path, prepare: Prepare
) -> None:
    result = prepare(wide, tmp_path / "out", channels="stereo")
    dataset = PreparedDataset.open(tmp_path / "out")
    assert dataset.clip.channels == result.manifest.channels == 2
    assert dataset.samples(np.arange(len(dataset))).shape == (16, 2, 2048)
    for index, clip in enumerate(dataset.manifest.clips):
        [both] = dataset.waveforms(np.array([index]))
        peaks = np.abs(np.fft.rfft(both)).argmax(axis=1) * 8000 / 2048
        if clip.path.startswith("wide"):
            assert peaks[1] - peaks[0] == pytest.approx(600, abs=8)
        else:
            np.testing.assert_array_equal(both[0], both[1])
    files = {file["path"]: file for file in result.report["files"]}
    assert files["twin.flac"]["duplicate_of"] == "mono0.wav"
    stereo = result.report["summary"]["stereo"]
    assert (stereo["files"], stereo["of"]) == (12, 16)
    assert stereo["median_side_db"] == pytest.approx(0, abs=0.1)
    page = (tmp_path / "out" / "report.html").read_text()
    assert "of 16 sounds differ left and right" in page
    assert not any(loss["kind"] in ("channels", "hollow") for loss in result.report["losses"])


def test_a_second_preparation_is_a_fresh_one_whatever_the_channels_before(
    wide: Path, tmp_path: Path, prepare: Prepare
) -> None:
    prepare(wide, tmp_path / "out")
    prepare(wide, tmp_path / "out", channels="stereo")
    prepare(wide, tmp_path / "out", channels="stereo")
    prepare(wide, tmp_path / "fresh", channels="stereo", jobs=2)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_folder_of_which_a_quarter_is_stereo_becomes_stereo_and_any_other_mono(
    wide: Path, tmp_path: Path, prepare: Prepare
) -> None:
    result = prepare(wide, tmp_path / "auto", channels="auto")
    assert result.manifest.channels == 2
    said = "stereo: 12 of 17 files looked at are; `channels` overrides it"
    assert said in result.sentences
    assert prepare(wide, tmp_path / "left", channels="auto", channel="left").manifest.channels == 1
    for number in range(9):
        (wide / f"wide{number}.wav").unlink()
    assert prepare(wide, tmp_path / "few", channels="auto").manifest.channels == 2
    (wide / "wide9.wav").unlink()
    (wide / "wide10.wav").unlink()
    assert prepare(wide, tmp_path / "one", channels="auto").manifest.channels == 1


def test_one_channel_and_both_exclude_each_other(
    wide: Path, tmp_path: Path, prepare: Prepare
) -> None:
    with pytest.raises(UsageError, match="`channel=left`: takes one channel, and `channels=stereo"):
        prepare(wide, tmp_path / "out", channels="stereo", channel="left")


def test_clips_are_stereo_in_all_that_is_said_of_them(
    wide: Path, tmp_path: Path, soundgan: Run
) -> None:
    fixed = ("--sample-rate", 8000, "--clip-seconds", 0.256, "--no-slice")
    said = soundgan("prepare", wide, "--out", tmp_path / "out", "--channels", "stereo", *fixed)
    assert "stereo clips; left and right differ in 12 of 16 files" in said.stdout
    assert "no audible ceiling" not in said.stderr
    page = (tmp_path / "out" / "report.html").read_text()
    assert "A picture shows what both channels have on top" in page
    facts = json.loads(soundgan("info", tmp_path / "out", "--json").stdout)
    assert facts["channels"] == 2
    assert soundgan("verify", tmp_path / "out").code == 0


def test_a_closer_look_at_planes_keeps_the_same_rows_of_each() -> None:
    planes = np.full((3, 40, 4), -1.0, np.float32)
    planes[1, :20] = 1.0
    shown, part = closer_look(planes.reshape(120, 4), planes=3)
    assert (shown.shape, part) == ((60, 4), 0.5)
    np.testing.assert_array_equal(shown[20:40], 1.0)
    np.testing.assert_array_equal(shown[:20], -1.0)


def test_copies_in_the_report_are_stereo_and_show_three_planes(
    wide: Path, tmp_path: Path, prepare: Prepare
) -> None:
    prepare(wide, tmp_path / "out", channels="stereo")
    ceiling = measure_ceiling(PreparedDataset.open(tmp_path / "out"))
    assert len(ceiling.examples) > 0
    for example in ceiling.examples:
        assert example.original.shape == example.rebuilt.waveform.shape == (2, 2048)
        assert example.rebuilt.image.shape == (3 * ceiling.image[0], ceiling.image[1])
