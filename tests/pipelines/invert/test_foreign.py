"""Screenshots of plots that others have drawn, as sound: a chirp stays the chirp it was."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from soundgan.audio.stft import STFTSettings, stft
from soundgan.errors import PictureError
from soundgan.pictures.open import Picture, open_picture
from soundgan.pictures.reading import read_levels
from soundgan.pipelines.invert.foreign import sketch
from soundgan.pipelines.invert.run import InvertRequest, invert_pictures
from soundgan.pipelines.invert.stated import Stated
from soundgan.pipelines.spectrogram.draw import Analysis, Look, analyse, picture
from soundgan.reporting import SilentReporter

RATE, SECONDS = 8000, 1.0
ANALYSIS = STFTSettings(256, 64, 256)
LOW_HZ, HIGH_HZ = 500.0, 3000.0


def chirp() -> NDArray[np.float32]:
    """From 500 Hz to 3 kHz in a second."""
    time = np.arange(round(RATE * SECONDS)) / RATE
    phase = 2 * np.pi * (LOW_HZ * time + (HIGH_HZ - LOW_HZ) * time**2 / (2 * SECONDS))
    return (0.5 * np.sin(phase)).astype(np.float32)


def plot(path: Path, *, colormap: str, size: tuple[float, float]) -> Path:
    """What a notebook shows of the chirp: axes, ticks, title, colour bar, 80 dB."""
    magnitude = stft(torch.from_numpy(chirp())[None], ANALYSIS)[0].abs().numpy()
    levels = 20 * np.log10(np.maximum(magnitude / magnitude.max(), 1e-4))
    figure = Figure(figsize=size, dpi=100, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    drawn = axes.imshow(
        levels, origin="lower", aspect="auto", cmap=colormap, extent=(0, SECONDS, 0, RATE / 2)
    )
    figure.colorbar(drawn, ax=axes, format="%+2.f dB")
    axes.set(title="a chirp", xlabel="Time", ylabel="Hz")
    options = {"pil_kwargs": {"quality": 80}} if path.suffix == ".jpg" else {}
    figure.savefig(path, **options)  # type: ignore[arg-type]
    return path


SMALL, WIDE = (6.4, 4.8), (10.0, 4.0)


@pytest.mark.parametrize(
    ("colormap", "suffix", "size"),
    [
        ("magma", ".png", SMALL),
        ("magma", ".jpg", WIDE),
        ("viridis", ".jpg", SMALL),
        ("gray_r", ".png", WIDE),
        ("jet", ".jpg", SMALL),
    ],
)
def test_a_screenshot_of_a_chirp_keeps_its_pitch_within_one_bin(
    colormap: str, suffix: str, size: tuple[float, float], tmp_path: Path
) -> None:
    path = plot(tmp_path / f"chirp{suffix}", colormap=colormap, size=size)
    request = InvertRequest(
        paths=(path,),
        out=tmp_path,
        stated=Stated(seconds=SECONDS, sample_rate=RATE, f_max_hz=RATE / 2),
    )
    result = invert_pictures(request, SilentReporter())
    assumed = {item.name: item.value for item in result.sounds[0].assumptions}
    assert assumed["colormap"] == colormap
    samples, _ = soundfile.read(result.sounds[0].path, dtype="float32")
    spectrum = stft(torch.from_numpy(samples)[None], ANALYSIS)[0].abs()
    found = spectrum.argmax(dim=0).numpy() * RATE / ANALYSIS.n_fft
    time = np.arange(spectrum.shape[1]) * ANALYSIS.hop_length / RATE
    wanted = LOW_HZ + (HIGH_HZ - LOW_HZ) * time / SECONDS
    error = np.abs(found - wanted)[4:-4]  # half windows at the ends are half silent
    assert error.max() <= 1.5 * RATE / ANALYSIS.n_fft
    assert np.median(error) <= RATE / ANALYSIS.n_fft


def test_a_sound_too_long_for_memory_is_refused_before_it_is_made() -> None:
    black = Picture(np.zeros((64, 64, 1), np.uint8), {}, "PNG")
    with pytest.raises(PictureError, match="lower `seconds` or `sample_rate`"):
        sketch(black, Stated(seconds=3600.0, sample_rate=192_000), "a.png")


def test_a_high_upper_edge_raises_the_assumed_rate() -> None:
    black = Picture(np.zeros((64, 64, 1), np.uint8), {}, "PNG")
    assert sketch(black, Stated(), "a.png").sample_rate == 22050
    drawn = sketch(black, Stated(f_max_hz=24_000.0), "a.png")
    assert drawn.sample_rate == 48_000
    assert "twice `f_max`" in {item.why for item in drawn.assumptions}


@pytest.mark.parametrize("seconds", [0.1, 0.7])
def test_a_stripped_plot_of_our_own_is_found_without_its_colour_bar(
    seconds: float, tmp_path: Path
) -> None:
    samples = chirp()[: round(seconds * RATE)]
    drawn = analyse(samples, RATE, Analysis())
    path = tmp_path / "plot.jpg"
    (tmp_path / "plot.png").write_bytes(picture(drawn, Look(axes=True, title="a chirp")))
    with Image.open(tmp_path / "plot.png") as plotted:
        plotted.save(path, quality=80)
        text = json.loads(json.loads(plotted.text["soundgan"])["picture"])  # type: ignore[attr-defined]
    box = read_levels(open_picture(path)).box
    plot = text["plot"]
    height, width = drawn.image.shape
    expected = (
        plot["left"],
        plot["top"],
        plot["left"] + plot["cell_width"] * width,
        plot["top"] + plot["cell_height"] * height,
    )
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx(expected, abs=2)
