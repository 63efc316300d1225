"""Our Griffin-Lim and mel inverse against librosa's, on one core, in one run.

Run with ``pytest -m benchmark -s tests/benchmarks/test_inversion_speed.py``. The sounds are the
synthesised drums and, where ``SOUNDGAN_FSDD`` names them, spoken digits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import pytest
import soundfile
import torch

from soundgan.audio.mel import MelSettings, filterbank, invert_mel
from soundgan.audio.metrics import spectral_convergence_db
from soundgan.audio.stft import STFTSettings, stft
from soundgan.drums.voices import VOICES
from soundgan.inversion.griffin_lim import GriffinLim
from tests.transforms import log_spectral_distance_db

pytestmark = pytest.mark.benchmark

RATE, N_SAMPLES, N_CLIPS = 8000, 5600, 16
ITERATIONS = 32
REPEATS = 2


@pytest.fixture(autouse=True)
def one_core() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def fitted(waveform: np.ndarray) -> np.ndarray:
    """The waveform without its silent ends, at full level, in clip length."""
    trimmed = librosa.effects.trim(waveform, top_db=40)[0][:N_SAMPLES]
    return np.pad(trimmed / np.abs(trimmed).max(), (0, N_SAMPLES - len(trimmed)))


def drums() -> torch.Tensor:
    voices = [VOICES[name] for name in sorted(VOICES)]
    hits = [voices[i % len(voices)](np.random.default_rng(i), RATE) for i in range(N_CLIPS)]
    return torch.from_numpy(np.stack([fitted(hit) for hit in hits]).astype(np.float32))


def digits() -> torch.Tensor:
    if not os.environ.get("SOUNDGAN_FSDD"):
        pytest.skip("SOUNDGAN_FSDD does not name a folder of spoken digits")
    files = sorted(Path(os.environ["SOUNDGAN_FSDD"]).rglob("*.wav"))
    chosen = [files[i * len(files) // N_CLIPS] for i in range(N_CLIPS)]
    sounds = [soundfile.read(path, dtype="float32")[0] for path in chosen]
    return torch.from_numpy(np.stack([fitted(sound) for sound in sounds]).astype(np.float32))


def seconds(work: Callable[[], torch.Tensor]) -> tuple[float, torch.Tensor]:
    """The fastest of a few runs after one that does not count, and what it made."""
    result = work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def mean_db(values: torch.Tensor) -> float:
    return float(values.mean())


corpus = pytest.mark.parametrize("sounds", [drums, digits])


@corpus
@pytest.mark.parametrize(
    "settings", [STFTSettings(360, 88, 352), STFTSettings(256, 44, 256)], ids=["red4", "red6"]
)
def test_griffin_lim_is_faster_and_as_close(
    sounds: Callable[[], torch.Tensor], settings: STFTSettings
) -> None:
    magnitude = stft(sounds(), settings).abs()
    invert = GriffinLim(GriffinLim.Options(iterations=ITERATIONS))

    def ours() -> torch.Tensor:
        return invert(magnitude, settings, n_samples=N_SAMPLES, seeds=range(N_CLIPS))

    def librosas() -> torch.Tensor:
        waveforms = [
            librosa.griffinlim(
                item,
                n_iter=ITERATIONS,
                hop_length=settings.hop_length,
                win_length=settings.win_length,
                n_fft=settings.n_fft,
                momentum=0.99,
                random_state=i,
            )
            for i, item in enumerate(magnitude.numpy())
        ]
        waveforms = [librosa.util.fix_length(waveform, size=N_SAMPLES) for waveform in waveforms]
        return torch.from_numpy(np.stack(waveforms))

    def convergence(waveforms: torch.Tensor) -> float:
        return mean_db(spectral_convergence_db(magnitude, stft(waveforms, settings).abs()))

    our_time, our_waveforms = seconds(ours)
    their_time, their_waveforms = seconds(librosas)
    our_db, their_db = convergence(our_waveforms), convergence(their_waveforms)
    print(
        f"\ngriffin-lim, {sounds.__name__}, {settings.n_fft}/{settings.hop_length}, {ITERATIONS} "
        f"iterations: {their_time / our_time:.1f}x librosa's speed ({our_time / N_CLIPS * 1e3:.2f} "
        f"against {their_time / N_CLIPS * 1e3:.2f} ms a clip); spectral convergence {our_db:.1f} "
        f"against {their_db:.1f} dB"
    )
    assert our_time < their_time
    assert our_db < their_db + 0.5


@corpus
@pytest.mark.parametrize("n_mels", [64, 128])
def test_the_mel_inverse_is_faster_and_closer(
    sounds: Callable[[], torch.Tensor], n_mels: int
) -> None:
    settings = STFTSettings(360, 88, 352)
    magnitude = stft(sounds(), settings).abs()
    our_weights = filterbank(MelSettings(RATE, settings.n_fft, n_mels, 0.0, RATE / 2))
    our_mel = our_weights @ magnitude
    known: dict[str, Any] = {"sr": RATE, "n_fft": settings.n_fft, "power": 1.0}
    basis = librosa.filters.mel(sr=RATE, n_fft=settings.n_fft, n_mels=n_mels)
    their_mel = basis @ magnitude.numpy()

    def ours() -> torch.Tensor:
        return torch.stack([invert_mel(item, our_weights) for item in our_mel])

    def librosas() -> torch.Tensor:
        rebuilt = [librosa.feature.inverse.mel_to_stft(item, **known) for item in their_mel]
        return torch.from_numpy(np.stack(rebuilt))

    our_time, our_magnitude = seconds(ours)
    their_time, their_magnitude = seconds(librosas)
    our_db = mean_db(spectral_convergence_db(magnitude, our_magnitude))
    their_db = mean_db(spectral_convergence_db(magnitude, their_magnitude))
    our_distance = mean_db(log_spectral_distance_db(magnitude, our_magnitude))
    their_distance = mean_db(log_spectral_distance_db(magnitude, their_magnitude))
    print(
        f"\nmel inverse, {sounds.__name__}, {n_mels} bands: {their_time / our_time:.0f}x librosa's "
        f"speed ({our_time / N_CLIPS * 1e3:.2f} against {their_time / N_CLIPS * 1e3:.2f} ms a "
        f"clip); spectral convergence {our_db:.1f} against {their_db:.1f} dB, log-spectral "
        f"distance {our_distance:.2f} against {their_distance:.2f} dB"
    )
    assert our_time < their_time
    assert our_db < their_db
    assert our_distance < their_distance
