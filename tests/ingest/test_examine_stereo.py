"""Clips that keep left and right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundgan.audio.decode import AudioFile
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.examine import examine
from soundgan.ingest.record import FileRecord
from tests.ingest.test_examine import recipe
from tests.sounds import RATE, silence, tone, write

N = 4096


def look(path: Path, wanted: ClipRecipe) -> tuple[FileRecord, np.ndarray]:
    """The record, and clips [B, C, N]."""
    clips: list[np.ndarray] = []
    with AudioFile(str(path)) as file:
        record = examine(file, file.sha256(), wanted, clips.append, lambda: None)
    return record, np.array(clips)


def stereo(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([left, right], axis=1).astype(np.float32)


def hits(rate: int) -> np.ndarray:
    """Loud and quiet ones about a level, and silence between."""
    parts = [
        part
        for number in range(4)
        for part in (
            tone(0.4, hertz=300 + 170 * number, level=0.2 + 0.1 * number, rate=rate),
            silence(0.5, rate=rate),
        )
    ]
    return np.concatenate(parts) + np.float32(0.05)


@pytest.mark.parametrize("rate", [RATE, 11025, 22050])
@pytest.mark.parametrize("cut_up", [False, True])
@pytest.mark.parametrize("normalise", ["peak", "none"])
def test_of_equal_channels_each_is_the_mono_clip_to_the_bit(
    tmp_path: Path, rate: int, cut_up: bool, normalise: str
) -> None:
    sound = hits(rate)
    both = write(tmp_path / "both.wav", stereo(sound, sound), rate, subtype="FLOAT")
    wanted = recipe(slice=cut_up, normalise=normalise)
    mono, expected = look(both, wanted)
    record, clips = look(both, wanted.model_copy(update={"channels": 2}))
    assert expected.shape == (4 if cut_up else 1, 1, N)
    np.testing.assert_array_equal(clips, np.repeat(expected, 2, axis=1))
    assert record.starts == mono.starts
    assert record.side_db == -120.0


def test_a_mono_file_is_the_same_sound_as_its_stereo_twin(tmp_path: Path) -> None:
    sound = tone(0.3)
    one = write(tmp_path / "one.wav", sound)
    two = write(tmp_path / "two.wav", stereo(sound, sound))
    wanted = recipe(channels=2)
    found = [look(path, wanted) for path in (one, two)]
    assert found[0][0].decoded_sha256 == found[1][0].decoded_sha256
    np.testing.assert_array_equal(found[0][1], found[1][1])


def test_left_and_right_stay_where_they_are_with_one_level_for_both(tmp_path: Path) -> None:
    left, right = tone(0.4, hertz=500), tone(0.4, hertz=1250, level=0.125)
    for name, (one, other) in {"a": (left, right), "b": (right, left)}.items():
        _, [clip] = look(write(tmp_path / f"{name}.wav", stereo(one, other)), recipe(channels=2))
        clip = clip / 32768
        for channel, hertz in zip(clip, (500, 1250) if name == "a" else (1250, 500), strict=True):
            spectrum = np.abs(np.fft.rfft(channel))
            assert int(spectrum.argmax()) * RATE / N == pytest.approx(hertz, abs=2)
        levels = np.abs(clip).max(axis=1)
        assert levels.max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
        assert levels.max() / levels.min() == pytest.approx(4, rel=0.01)


def test_a_sound_that_cancels_in_the_mix_is_heard_in_stereo(tmp_path: Path) -> None:
    path = write(tmp_path / "wide.wav", stereo(tone(0.3), -tone(0.3)))
    assert look(path, recipe())[0].verdict == "silent"
    record, [clip] = look(path, recipe(channels=2))
    assert record.verdict == "padded"
    assert record.side_db is not None
    assert record.side_db > 80
    np.testing.assert_allclose(clip[0], -clip[1].astype(int), atol=2)


def test_each_channel_rests_at_zero(tmp_path: Path) -> None:
    sound = tone(0.4, level=0.3)
    path = write(tmp_path / "dc.wav", stereo(sound + 0.2, sound - 0.1), subtype="FLOAT")
    record, [clip] = look(path, recipe(channels=2))
    assert np.abs(clip[:, :3200].mean(axis=1)).max() < 3
    np.testing.assert_allclose(clip[0], clip[1], atol=2)
    assert record.dc_offset == pytest.approx(0.2, abs=1e-3)


def test_an_attack_on_one_side_begins_the_clip(tmp_path: Path) -> None:
    late = np.concatenate([silence(0.5), tone(0.3)])
    early = np.concatenate([silence(0.3), tone(0.5, hertz=700)])
    record, [clip] = look(write(tmp_path / "a.wav", stereo(late, early)), recipe(channels=2))
    assert record.starts[0] == pytest.approx(0.3 * RATE, abs=80)
    assert np.flatnonzero(np.abs(clip[0]) > 8)[0] == pytest.approx(0.2 * RATE, abs=80)
