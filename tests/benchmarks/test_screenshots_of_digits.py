"""Ten spoken digits drawn by ``librosa.display.specshow``, and what ``soundgan invert`` returns.

Run with ``pytest -m benchmark -s tests/benchmarks/test_screenshots_of_digits.py``. With
``SOUNDGAN_PICTURE`` set, a picture of one plot and its return is written to that path.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import pytest
import soundfile
import torch
from librosa.display import specshow
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from soundgan.audio.stft import STFTSettings, stft
from soundgan.pipelines.invert.run import InvertRequest, invert_pictures
from soundgan.pipelines.invert.stated import Stated
from soundgan.reporting import SilentReporter
from tests.transforms import log_spectral_distance_db

pytestmark = pytest.mark.benchmark

Samples = NDArray[np.float32]

DRAWN: dict[str, Any] = {"n_fft": 256, "hop_length": 32}
COMPARED = STFTSettings(256, 64, 256)


def digits() -> dict[str, tuple[Samples, int]]:
    """One recording of each digit, of alternating speakers."""
    if not os.environ.get("SOUNDGAN_FSDD"):
        pytest.skip("SOUNDGAN_FSDD does not name a folder of spoken digits")
    files = sorted(Path(os.environ["SOUNDGAN_FSDD"]).rglob("*_5.wav"))
    speakers = sorted({path.stem.split("_")[1] for path in files})
    chosen = [f"{digit}_{speakers[digit % len(speakers)]}_5" for digit in range(10)]
    return {
        path.stem: soundfile.read(path, dtype="float32") for path in files if path.stem in chosen
    }


def draw(path: Path, samples: Samples, rate: int) -> Path:
    """The plot of a notebook: magma, decibels, axes, title and colour bar."""
    levels = librosa.amplitude_to_db(np.abs(librosa.stft(samples, **DRAWN)), ref=np.max)
    figure = Figure(figsize=(6.4, 4.8), dpi=100, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    drawn = specshow(
        levels, sr=rate, hop_length=DRAWN["hop_length"], x_axis="time", y_axis="linear", ax=axes
    )
    figure.colorbar(drawn, ax=axes, format="%+2.f dB")
    axes.set_title(path.stem)
    figure.savefig(path)
    return path


def magnitudes(samples: Samples) -> torch.Tensor:
    """Of a sound, the loudest 1: a picture does not say how loud it was."""
    magnitude = stft(torch.from_numpy(samples)[None], COMPARED)[0].abs()
    return magnitude / magnitude.max()


def distance_db(original: Samples, estimate: Samples) -> float:
    n_samples = min(len(original), len(estimate))
    pair = [magnitudes(samples[:n_samples]) for samples in (original, estimate)]
    return float(log_spectral_distance_db(*pair, floor_db=-60.0))


def test_a_screenshot_is_nearer_to_its_digit_than_another_speaker_is(tmp_path: Path) -> None:
    sounds = digits()
    distances = []
    for name, (samples, rate) in sounds.items():
        picture = draw(tmp_path / f"{name}.png", samples, rate)
        stated = Stated(seconds=len(samples) / rate, sample_rate=rate)
        request = InvertRequest(paths=(picture,), out=tmp_path, stated=stated)
        returned, _ = soundfile.read(
            invert_pictures(request, SilentReporter()).sounds[0].path, dtype="float32"
        )
        distances.append(distance_db(samples, returned))
        print(f"  {name:12} {distances[-1]:5.1f} dB")
        show(tmp_path, picture, returned, rate)
    originals = [samples for samples, _ in sounds.values()]
    others = [distance_db(a, b) for a, b in pairwise(originals)]
    print(
        f"  median {np.median(distances):.1f} dB; of two different digits {np.median(others):.1f}"
    )
    assert np.median(distances) < np.median(others) / 3


def show(folder: Path, picture: Path, returned: Samples, rate: int) -> None:
    """One plot beside that of its return, where ``SOUNDGAN_PICTURE`` asks for it."""
    wanted = os.environ.get("SOUNDGAN_PICTURE")
    if not wanted or not picture.stem.startswith("7_"):
        return
    again = draw(folder / f"{picture.stem} returned.png", returned, rate)
    pair = [Image.open(path).convert("RGB") for path in (picture, again)]
    both = Image.new("RGB", (2 * pair[0].width, pair[0].height))
    for column, image in enumerate(pair):
        both.paste(image, (column * image.width, 0))
    both.quantize(128).save(wanted)
