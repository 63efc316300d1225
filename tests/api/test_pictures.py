from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

import soundgan
from tests.conftest import Run


@pytest.fixture(scope="module")
def chirp() -> np.ndarray:
    seconds = np.arange(6000) / 8000
    wave = 0.8 * np.sin(2 * np.pi * (300 + 900 * seconds) * seconds) * np.exp(-4 * seconds)
    return wave.astype(np.float32)


def test_a_spectrogram_turns_back_into_its_waveform(chirp: np.ndarray) -> None:
    drawn = soundgan.spectrogram(chirp, 8000)
    assert drawn.levels.dtype == np.float32
    assert (drawn.sample_rate, drawn.n_samples) == (8000, 6000)
    back = soundgan.invert(drawn)
    assert (back.sample_rate, back.own, back.assumptions) == (8000, True, ())
    assert back.waveform.shape == chirp.shape
    again = soundgan.spectrogram(back.waveform, 8000).levels
    loud = drawn.levels > 0  # within half of the range of the loudest
    assert np.abs(again - drawn.levels)[loud].mean() < 0.02


def test_pictures_and_sounds_are_those_of_the_command_line(
    chirp: np.ndarray, run: Run, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "chirp.wav", chirp, 8000, "FLOAT")
    assert run("spectrogram", tmp_path / "chirp.wav", "--out", tmp_path / "p").code == 0
    drawn = tmp_path / "p" / "chirp.png"
    with Image.open(drawn) as picture:
        shown = np.asarray(picture)
    (tmp_path / "own.png").write_bytes(soundgan.spectrogram(chirp, 8000).png())
    with Image.open(tmp_path / "own.png") as picture:
        assert np.array_equal(np.asarray(picture), shown)
    assert run("invert", drawn, "--out", tmp_path / "s").code == 0
    written, _ = soundfile.read(tmp_path / "s" / "chirp.wav", dtype="float32")
    assert np.abs(soundgan.invert(drawn).waveform - written).max() <= 1 / 32768


def test_bare_pixels_need_no_file() -> None:
    pixels = np.zeros((64, 100), np.uint8)
    pixels[40:44] = 255
    made = soundgan.invert(pixels, seconds=0.5, sample_rate=8000, colormap="gray", crop="none")
    assert (made.waveform.shape, made.sample_rate, made.own) == ((4000,), 8000, False)
    spectrum = np.abs(np.fft.rfft(made.waveform))
    # Rows 40 to 43 of 64 from the top, 0 to 4000 Hz upwards: the middle is 22 rows above the floor.
    assert abs(spectrum.argmax() * 2 - 22 / 64 * 4000) < 150
    named = {assumption.parameter for assumption in made.assumptions}
    assert {"axis", "f_min", "f_max", "range_db"} == named
    with pytest.raises(soundgan.SoundGANError, match=r"`source`: pixels of the shape \[8\]"):
        soundgan.invert(np.zeros(8, np.uint8))
