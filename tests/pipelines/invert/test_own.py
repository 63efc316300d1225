"""Pictures of our own, there and back, against inverting magnitudes that were never drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from soundgan.audio.metrics import spectral_convergence_db
from soundgan.audio.stft import stft
from soundgan.drums.kit import CLASSES, play
from soundgan.pictures.open import open_picture
from soundgan.pipelines.invert.method import choose_method
from soundgan.pipelines.invert.own import image_of, text_of
from soundgan.pipelines.spectrogram.draw import Analysis, Look, analyse, picture
from soundgan.pipelines.spectrogram.waveform import read_waveform

LOOKS = [Look(), Look(colormap="magma"), Look(axes=True)]


EIGHT_BIT_DB = -30.0
"""Steps of 0.4 dB, a range of 100 in 256 colours, allow this and not much more."""


def convergences(
    samples: NDArray[np.float32], rate: int, look: Look, folder: Path
) -> tuple[float, float]:
    """Spectral convergence without and through the picture, dB."""
    invert = choose_method(None, None).invert
    drawn = analyse(samples, rate, Analysis())
    settings, n_samples = drawn.representation.stft, len(samples)
    wanted = stft(torch.from_numpy(samples)[None], settings).abs()
    path = folder / "a.png"
    path.write_bytes(picture(drawn, look))
    opened = open_picture(path)
    text = text_of(opened, "a.png")
    assert text is not None
    representation, image = image_of(opened.pixels, text, "a.png")
    assert representation.stft == settings
    found = [
        spectral_convergence_db(
            wanted,
            stft(invert(magnitude, settings, n_samples=n_samples, seeds=[0]), settings).abs(),
        ).item()
        for magnitude in (wanted, representation.decode(image).magnitude)
    ]
    return found[0], found[1]


def bound_db(undrawn: float, look: Look) -> float:
    """16-bit grey loses at most 1 dB, and colours no more than their steps do."""
    exact = not look.colormap and not look.axes
    return undrawn + 1.0 if exact else max(undrawn + 1.0, EIGHT_BIT_DB)


@pytest.mark.parametrize("look", LOOKS, ids=["grey", "magma", "axes"])
@pytest.mark.parametrize("voice", CLASSES)
def test_a_drawn_drum_is_as_close_as_one_never_drawn(
    voice: str, look: Look, tmp_path: Path
) -> None:
    hit = play(voice, 1, seed=0)
    waveform = np.asarray(hit.waveform, np.float32)
    undrawn, drawn = convergences(waveform, hit.recording.sample_rate, look, tmp_path)
    assert drawn < bound_db(undrawn, look)


@pytest.mark.parametrize("look", LOOKS, ids=["grey", "magma", "axes"])
def test_a_drawn_digit_is_as_close_as_one_never_drawn(
    look: Look, tmp_path: Path, fsdd: Path
) -> None:
    for path in sorted(fsdd.rglob("*_5.wav"))[::12]:
        sound = read_waveform(path)
        undrawn, drawn = convergences(sound.samples, sound.sample_rate, look, tmp_path)
        assert drawn < bound_db(undrawn, look), path.name


@pytest.mark.parametrize("level_db", [-60, -20, 0])
def test_the_level_survives_exactly(level_db: float, tmp_path: Path) -> None:
    time = np.arange(4000) / 8000
    samples = (10 ** (level_db / 20) * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    drawn = analyse(samples, 8000, Analysis())
    path = tmp_path / "a.png"
    path.write_bytes(picture(drawn, Look()))
    opened = open_picture(path)
    text = text_of(opened, "a.png")
    assert text is not None
    representation, image = image_of(opened.pixels, text, "a.png")
    found = representation.decode(image).magnitude[0, 64, 30] / representation.stft.full_scale
    assert 20 * torch.log10(found).item() == pytest.approx(level_db, abs=0.01)


def test_a_scaled_plot_is_read_as_a_strangers(tmp_path: Path) -> None:
    samples = np.zeros(800, np.float32)
    path = tmp_path / "a.png"
    path.write_bytes(picture(analyse(samples, 8000, Analysis()), Look(axes=True)))
    opened = open_picture(path)
    assert text_of(opened, "a.png") is not None
    smaller = type(opened)(opened.pixels[::2, ::2], opened.metadata, opened.format)
    assert text_of(smaller, "a.png") is None
