from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import soundgan
from soundgan.errors import ExitCode
from tests.conftest import Run
from tests.sounds import tone, write


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    write(tmp_path / "sounds" / "a.wav", tone(0.2, hertz=500.0))
    write(tmp_path / "sounds" / "low" / "b.wav", tone(0.1, hertz=200.0))
    return tmp_path / "sounds"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_files_there_and_back_are_those_of_the_command_line(
    sounds: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = soundgan.spectrogram_files(sounds, tmp_path / "p", mel=64)
    made = soundgan.invert_files([picture.path for picture in drawn.pictures], tmp_path / "s")
    assert capsys.readouterr() == ("", "")
    assert [sound.path.name for sound in made.sounds] == ["a.wav", "b.wav"]
    assert all(sound.own and not sound.assumptions for sound in made.sounds)
    assert run("spectrogram", sounds, "--out", tmp_path / "q", "--mel", 64).code == 0
    assert contents(tmp_path / "q") == contents(tmp_path / "p")
    pictures = [tmp_path / "q" / "a.png", tmp_path / "q" / "low" / "b.png"]
    assert run("invert", *pictures, "--out", tmp_path / "t").code == 0
    assert contents(tmp_path / "t") == contents(tmp_path / "s")


def test_a_picture_of_somebody_else_sounds_as_it_does_in_memory(tmp_path: Path) -> None:
    pixels = np.zeros((64, 100), np.uint8)
    pixels[40:44] = 255
    Image.fromarray(pixels).save(tmp_path / "found.png")
    stated = {"seconds": 0.5, "sample_rate": 8000, "colormap": "gray", "crop": "none"}
    (sound,) = soundgan.invert_files(tmp_path / "found.png", tmp_path / "s", **stated).sounds  # type: ignore[arg-type]
    inverted = soundgan.invert(pixels, **stated)  # type: ignore[arg-type]
    assert (sound.n_samples, sound.sample_rate) == (len(inverted.waveform), 8000)
    assert sound.assumptions == inverted.assumptions


def test_one_damaged_file_stops_no_other(sounds: Path, run: Run, tmp_path: Path) -> None:
    (sounds / "bad.wav").write_bytes(b"RIFF\x04\0\0\0WAVE")
    heard: list[soundgan.Progress] = []
    result = soundgan.spectrogram_files(sounds, tmp_path / "p", progress=heard.append)
    assert (len(result.pictures), result.exit_code) == (2, ExitCode.PARTIAL)
    assert [failure.path.name for failure in result.failures] == ["bad.wav"]
    assert [event.warning for event in heard if event.message] == [True]


def test_a_model_decides_what_its_images_show(sounds: Path, tmp_path: Path) -> None:
    drawn = soundgan.spectrogram_files(sounds / "a.wav", tmp_path / "p", like="drums")
    assert [(p.height, p.width) for p in drawn.pictures] == [(128, 64)]
    with pytest.raises(soundgan.SoundGANError, match="`hop`: the model of `like` decides this"):
        soundgan.spectrogram_files(sounds, tmp_path / "q", like="drums", hop=64)


def test_an_axis_that_is_not_there_is_refused_before_any_picture(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((64, 100), np.uint8)).save(tmp_path / "found.png")
    with pytest.raises(soundgan.SoundGANError, match="`axis=lin`: no such axis; did you mean"):
        soundgan.invert_files(tmp_path / "found.png", tmp_path / "s", axis="lin")
    assert not (tmp_path / "s").exists()
