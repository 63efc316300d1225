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
