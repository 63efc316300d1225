from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.cli.test_invert import dominant_hz
from tests.cli.test_spectrogram import write_tone
from tests.conftest import Run
from tests.pictures.drawn import figure, rendered


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A figure of two plots: a tone of 1 kHz above, one of 3 kHz below."""
    drawn = figure(figsize=(6.4, 4.8), dpi=100)
    frequency = np.linspace(0, 4000, 200)[:, None]
    for axes, hz in zip(drawn.subplots(2, 1), (1000.0, 3000.0), strict=True):
        noise = 0.1 * np.random.default_rng(0).random((200, 120))
        levels = 0.9 * np.exp(-(((frequency - hz) / 60.0) ** 2)) + noise
        axes.imshow(
            levels, origin="lower", aspect="auto", cmap="magma", extent=(0, 1, 0, 4000), vmin=0,
            vmax=1,
        )  # fmt: skip
        axes.set(xlabel="Time [s]", ylabel="Frequency [Hz]")
    drawn.tight_layout()
    path = tmp_path / "two.png"
    Image.fromarray(rendered(drawn)).save(path)
    return path


def test_all_panels_of_a_figure_sound_each_for_itself(
    soundgan: Run, two: Path, tmp_path: Path
) -> None:
    done = soundgan("invert", two, "--panels", "all", "--show", "--out", tmp_path / "out", "--json")
    assert done.code == 0
    sounds = json.loads(done.stdout)["sounds"]
    assert [Path(sound["path"]).name for sound in sounds] == ["two-1.wav", "two-2.wav"]
    assert [sound["panel"] for sound in sounds] == [1, 2]
    for sound, hz in zip(sounds, (1000.0, 3000.0), strict=True):
        assert dominant_hz(Path(sound["path"])) == pytest.approx(hz, abs=40.0)
        with Image.open(sound["shown"]) as shown:
            assert shown.width >= 640
    alone = soundgan("invert", two, "--panel", "2", "--out", tmp_path / "one")
    assert alone.code == 0
    same = [soundfile.read(path)[0] for path in (tmp_path / "one/two.wav", sounds[1]["path"])]
    np.testing.assert_array_equal(*same)


def test_all_panels_of_one_plot_or_an_own_picture_are_one_sound(
    soundgan: Run, tmp_path: Path
) -> None:
    tone = write_tone(tmp_path / "tone.wav", hz=1000.0)
    assert soundgan("spectrogram", tone, "--out", tmp_path).code == 0
    done = soundgan(
        "invert", tmp_path / "tone.png", "--panels", "all", "--show", "--out", tmp_path / "out",
        "--json",
    )  # fmt: skip
    (sound,) = json.loads(done.stdout)["sounds"]
    assert (Path(sound["path"]).name, sound["panel"], sound["shown"]) == ("tone.wav", None, None)


def test_a_panel_takes_no_other_pictures_name(soundgan: Run, two: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    two.rename(folder / "two.png")
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(folder / "two-2.png")
    done = soundgan("invert", folder, "--panels", "all", "--out", tmp_path / "out")
    assert done.code == 3
    assert "its plot 2, two-2.wav, would replace that of another picture" in done.stderr


@pytest.mark.parametrize("option", [("--panel", "1"), ("--crop", "0,0,99,99")])
def test_all_panels_and_one_are_refused_together(
    soundgan: Run, two: Path, tmp_path: Path, option: tuple[str, str]
) -> None:
    done = soundgan("invert", two, "--panels", "all", *option, "--out", tmp_path / "out")
    assert done.code == 2
    assert f"--panels all: {option[0]} names one plot; leave one of them out" in done.stderr


def stereo_figure(path: Path, *, beside: bool = False) -> Path:
    """Left 1 kHz, right 2 kHz and 20 dB below; one of the axes is printed but once."""
    drawn = figure(figsize=(9.0, 4.0) if beside else (6.4, 5.4), dpi=100)
    shape = (1, 2) if beside else (2, 1)
    pair = drawn.subplots(*shape, sharex=not beside, sharey=beside)
    frequency = np.linspace(0, 4000, 200)[:, None]
    noise = 2.0 * np.random.default_rng(0).random((200, 120)) - 78.0
    for axes, hz, top in zip(pair, (1000.0, 2000.0), (0.0, -20.0), strict=True):
        levels = np.maximum(top - 0.5 * ((frequency - hz) / 40.0) ** 2, noise)
        axes.imshow(
            levels, origin="lower", aspect="auto", cmap="magma", extent=(0, 0.5, 0, 4000),
            vmin=-80, vmax=0,
        )  # fmt: skip
    drawn.supxlabel("time, s")
    pair[0].set_ylabel("frequency, Hz")
    Image.fromarray(rendered(drawn)).save(path)
    return path


@pytest.mark.parametrize("beside", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_two_plots_are_left_and_right_and_keep_their_distance_in_level(
    soundgan: Run, tmp_path: Path, beside: bool
) -> None:
    path = stereo_figure(tmp_path / "two.png", beside=beside)
    done = soundgan("invert", path, "--panels", "stereo", "--out", tmp_path / "out", "--json")
    (sound,) = json.loads(done.stdout)["sounds"]
    samples, rate = soundfile.read(sound["path"])
    assert samples.shape == (sound["n_samples"], 2)
    assert len(samples) / rate == pytest.approx(0.5, rel=0.01)
    spectra = np.abs(np.fft.rfft(samples * np.hanning(len(samples))[:, None], axis=0))
    peaks = spectra.argmax(axis=0) * rate / len(samples)
    np.testing.assert_allclose(peaks, [1000.0, 2000.0], atol=60.0)
    left, right = 20.0 * np.log10(spectra.max(axis=0))
    assert left - right == pytest.approx(20.0, abs=3.0)
    assert {"crop", "crop, right"} <= {item["name"] for item in sound["assumed"]}


def test_one_plot_is_no_left_and_right(soundgan: Run, tmp_path: Path) -> None:
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(tmp_path / "one.png")
    done = soundgan("invert", tmp_path / "one.png", "--panels", "stereo", "--out", tmp_path / "out")
    assert done.code == 1
    assert "one.png: no plot is found; --panels stereo takes two, left first" in done.stderr
