from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from soundgan.audio.wav import encode_audio
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import NothingUsableError
from soundgan.pipelines.evaluate.from_folder import FolderSounds, read_sounds
from soundgan.reporting import SilentReporter
from tests.sounds import silence, tone, write

N_SAMPLES = 2048


def read(folder: Path, dataset: PreparedDataset, count: int | None = None) -> FolderSounds:
    return read_sounds(folder, dataset, count, SilentReporter())


def test_a_file_that_is_a_clip_already_keeps_every_sample(
    dataset: PreparedDataset, tmp_path: Path, rng: np.random.Generator
) -> None:
    # Quiet, and silent at its start: prepare would level and trim it.
    samples = rng.integers(-900, 900, N_SAMPLES).astype(np.int16)
    samples[:1000] = 0
    write(tmp_path / "a.wav", samples, subtype="PCM_16")
    write(tmp_path / "b.flac", samples, subtype="PCM_16")
    found = read(tmp_path, dataset).sounds
    np.testing.assert_array_equal(found.samples, [samples, samples])


def test_other_files_become_clips_as_prepare_makes_them(
    dataset: PreparedDataset, tmp_path: Path
) -> None:
    sound = np.concatenate([silence(0.3, rate=16_000), tone(0.1, rate=16_000, level=0.1)])
    write(tmp_path / "a.wav", np.stack([sound, sound], axis=1), 16_000)
    (clip,) = read(tmp_path, dataset).sounds.samples
    loud = np.flatnonzero(np.abs(clip) > 3000)
    assert np.abs(clip).max() == round(32768 * 10 ** (-1 / 20))
    assert loud[0] < 200
    assert 700 < loud[-1] < 1100
    pitch = np.abs(np.fft.rfft(clip[: loud[-1]])).argmax() * 8000 / loud[-1]
    assert pitch == pytest.approx(440, abs=10)


def test_silence_is_a_sound_like_any_other(dataset: PreparedDataset, tmp_path: Path) -> None:
    write(tmp_path / "a.wav", silence(1.0))
    write(tmp_path / "b.wav", tone(0.2))
    found = read(tmp_path, dataset)
    assert found.lost == ()
    assert found.sounds.names == ("a.wav", "b.wav")
    assert not found.sounds.samples[0].any()


def test_broken_files_are_named_and_left_out(dataset: PreparedDataset, tmp_path: Path) -> None:
    write(tmp_path / "good.wav", tone(0.2))
    whole = encode_audio(tone(0.2), 8000)
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "notes.txt").write_text("not looked at")
    found = read(tmp_path, dataset)
    assert found.sounds.names == ("good.wav",)
    assert [line.split(":")[0] for line in found.lost] == ["cut.wav", "text.wav"]


def test_a_folder_without_sounds_is_refused(dataset: PreparedDataset, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(NothingUsableError, match="no WAV or FLAC files"):
        read(tmp_path, dataset)
    (tmp_path / "a.wav").write_text("x")
    with pytest.raises(NothingUsableError, match="no usable sound in 1 file"):
        read(tmp_path, dataset)


def test_a_class_is_what_our_own_file_says_else_its_folder(
    dataset: PreparedDataset, tmp_path: Path
) -> None:
    def stamped(name: str, comment: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encode_audio(tone(0.2), 8000, metadata={"comment": comment}))

    stamped("low/a.wav", json.dumps({"soundgan": "0", "label": "high"}))
    stamped("low/b.wav", json.dumps({"label": "high"}))
    stamped("low/c.wav", "[" * 100_000)
    stamped("odd/d.wav", json.dumps({"soundgan": "0", "label": None}))
    stamped("e.wav", "")
    found = read(tmp_path, dataset)
    assert dict(zip(found.sounds.names, found.sounds.labels.tolist(), strict=True)) == {
        "e.wav": -1, "low/a.wav": 2, "low/b.wav": 0, "low/c.wav": 0, "odd/d.wav": -1,
    }  # fmt: skip
    assert found.foreign_labels == ("odd",)


def test_a_count_takes_some_files_always_the_same(dataset: PreparedDataset, tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path / f"{number:02d}.wav", tone(0.1, hertz=300 + 20 * number))
    names = read(tmp_path, dataset, 5).sounds.names
    assert len(names) == 5
    assert list(names) == sorted(names)
    assert read(tmp_path, dataset, 5).sounds.names == names
    assert names != tuple(f"{number:02d}.wav" for number in range(5))


def test_the_hash_of_a_folder_is_of_names_and_contents(
    dataset: PreparedDataset, tmp_path: Path
) -> None:
    write(tmp_path / "a.wav", tone(0.1))
    before = read(tmp_path, dataset).sha256
    (tmp_path / "notes.txt").write_text("x")
    assert read(tmp_path, dataset).sha256 == before
    write(tmp_path / "a.wav", tone(0.1, hertz=441))
    assert read(tmp_path, dataset).sha256 != before
