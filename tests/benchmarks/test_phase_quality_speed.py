"""Phase from magnitude against librosa's Griffin-Lim: closeness and time in one run, two threads.

Run with ``pytest -m benchmark -s tests/benchmarks/test_phase_quality_speed.py`` on a quiet machine.
The sounds are the synthesised drums and, where ``SOUNDGAN_FSDD`` names them, the spoken digits
``*_5.wav`` to ``*_9.wav``. ``SOUNDGAN_BENCHMARK_CLIPS`` limits how many are taken.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from soundgan.audio.mel import Bands, MelSettings, filterbank, invert_mel
from soundgan.audio.metrics import spectral_convergence_db
from soundgan.audio.stft import STFTSettings, stft, window
from soundgan.drums.voices import VOICES
from soundgan.inversion import INVERSIONS
from soundgan.inversion.auto import rounds_for
from soundgan.runtime.threads import map_in_threads
from tests.families import make
from tests.transforms import log_spectral_distance_db

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("two_threads")]

RATE, N_SAMPLES = 8000, 5600
MOST_CLIPS = int(os.environ.get("SOUNDGAN_BENCHMARK_CLIPS", "48"))
REPEATS = 2
MEL_CLIPS = min(MOST_CLIPS, 20)

FOUR = STFTSettings(256, 64, 256)
EIGHT = STFTSettings(512, 64, 512)
EIGHT_GAUSS = STFTSettings(512, 64, 512, "gauss")


def fitted(waveform: np.ndarray) -> np.ndarray:
    """The waveform without its silent ends, at full level, in clip length."""
    trimmed = librosa.effects.trim(waveform, top_db=40)[0][:N_SAMPLES]
    return np.pad(trimmed / np.abs(trimmed).max(), (0, N_SAMPLES - len(trimmed)))


def drums(rate: int = RATE) -> Tensor:
    voices = [VOICES[name] for name in sorted(VOICES)]
    hits = [voices[i % len(voices)](np.random.default_rng(i), rate) for i in range(MOST_CLIPS)]
    return torch.from_numpy(np.stack([fitted(hit) for hit in hits]).astype(np.float32))


def digits() -> Tensor:
    if not os.environ.get("SOUNDGAN_FSDD"):
        pytest.skip("SOUNDGAN_FSDD does not name a folder of spoken digits")
    files = sorted(Path(os.environ["SOUNDGAN_FSDD"]).rglob("*_[5-9].wav"))
    chosen = files[:: max(1, len(files) // MOST_CLIPS)]
    sounds = [soundfile.read(path, dtype="float32")[0] for path in chosen]
    return torch.from_numpy(np.stack([fitted(sound) for sound in sounds]).astype(np.float32))


@dataclass(frozen=True)
class Result:
    """Seconds for all clips, and the median spectral convergence in dB."""

    seconds: float
    convergence_db: float


def measured(work: Callable[[], Tensor], magnitude: Tensor, settings: STFTSettings) -> Result:
    """The fastest of a few runs after one that does not count."""
    waveforms = work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        waveforms = work()
        times.append(time.perf_counter() - start)
    rebuilt = stft(waveforms, settings, n_frames=magnitude.shape[2]).abs()
    return Result(min(times), float(spectral_convergence_db(magnitude, rebuilt).median()))


def ours(name: str, magnitude: Tensor, settings: STFTSettings, **options: object) -> Result:
    part = make(INVERSIONS, name, options=options)
    seeds = range(len(magnitude))
    return measured(
        lambda: part(magnitude, settings, n_samples=N_SAMPLES, seeds=seeds), magnitude, settings
    )


def librosas(magnitude: Tensor, settings: STFTSettings, n_iter: int) -> Result:
    def work() -> Tensor:
        waveforms = [
            librosa.griffinlim(
                item,
                n_iter=n_iter,
                hop_length=settings.hop_length,
                win_length=settings.n_fft,
                n_fft=settings.n_fft,
                window=window(settings).numpy(),
                momentum=0.99,
                random_state=i,
            )
            for i, item in enumerate(magnitude.numpy())
        ]
        fixed = [librosa.util.fix_length(waveform, size=N_SAMPLES) for waveform in waveforms]
        return torch.from_numpy(np.stack(fixed))

    return measured(work, magnitude, settings)


def report(label: str, result: Result, baseline: Result, n_clips: int) -> None:
    real_time = n_clips * N_SAMPLES / RATE / result.seconds
    print(
        f"  {label:28} {result.convergence_db:6.1f} dB {result.seconds / n_clips * 1e3:7.2f} ms a "
        f"clip, {real_time:4.0f}x real time, {baseline.seconds / result.seconds:5.1f}x librosa"
    )


corpus = pytest.mark.parametrize("sounds", [digits, drums])


@corpus
@pytest.mark.parametrize(
    ("settings", "gain_db"),
    [(FOUR, -0.5), (EIGHT, 4.0), (EIGHT_GAUSS, 4.0)],
    ids=["red4", "red8", "red8-gauss"],
)
def test_a_good_start_and_a_few_rounds_beat_a_hundred(
    sounds: Callable[[], Tensor], settings: STFTSettings, gain_db: float
) -> None:
    magnitude = stft(sounds(), settings).abs()
    n_clips = len(magnitude)
    hundred = librosas(magnitude, settings, 100)
    best = ours("auto", magnitude, settings)
    print(f"\n{sounds.__name__}, {n_clips} clips, {settings}")
    report("librosa griffinlim 100", hundred, hundred, n_clips)
    rounds = rounds_for(settings, within_bands=False)
    report(f"auto ({rounds} rounds)", best, hundred, n_clips)
    for name, options in (
        ("pghi", {}),
        ("pghi_griffin_lim", {}),
        ("griffin_lim", {"iterations": 100}),
        ("admm", {}),
    ):
        result = ours(name, magnitude, settings, **options)
        report(" ".join([name, *map(str, options.values())]), result, hundred, n_clips)
    assert best.convergence_db <= hundred.convergence_db - gain_db
    assert best.seconds <= hundred.seconds / 10


@corpus
def test_integration_alone_is_150_times_as_fast_as_the_sound(sounds: Callable[[], Tensor]) -> None:
    waveforms = sounds()
    magnitude = stft(waveforms, FOUR).abs()
    result = ours("pghi", magnitude, FOUR)
    assert len(waveforms) * N_SAMPLES / RATE / result.seconds >= 150


@pytest.mark.parametrize(
    ("sounds", "rate", "n_mels", "settings"),
    [
        (digits, 8000, 64, STFTSettings(512, 128, 512)),
        (drums, 8000, 64, STFTSettings(512, 128, 512)),
        (drums, 22050, 128, STFTSettings(1024, 256, 1024)),
    ],
    ids=["digits-8k", "drums-8k", "drums-22k"],
)
def test_mel_bands_become_sound_closer_and_sooner(
    sounds: Callable[..., Tensor], rate: int, n_mels: int, settings: STFTSettings
) -> None:
    waveforms = (drums(rate) if sounds is drums else sounds())[:MEL_CLIPS]
    magnitude = stft(waveforms, settings).abs()
    weights = filterbank(MelSettings(rate, settings.n_fft, n_mels, 0.0, rate / 2))
    bands = Bands(weights, weights @ magnitude)
    basis = librosa.filters.mel(sr=rate, n_fft=settings.n_fft, n_mels=n_mels)
    part = make(INVERSIONS, "auto")
    seeds = range(len(waveforms))

    def ours() -> Tensor:
        # As the representation decodes its images.
        parts = torch.split(bands.magnitude, 8)
        guess = torch.cat(map_in_threads(lambda part: invert_mel(part, weights), parts))
        return part(guess, settings, n_samples=N_SAMPLES, seeds=seeds, bands=bands)

    def theirs() -> Tensor:
        rebuilt = []
        for i, item in enumerate(basis @ magnitude.numpy()):
            guess = librosa.feature.inverse.mel_to_stft(
                item, sr=rate, n_fft=settings.n_fft, power=1
            )
            waveform = librosa.griffinlim(
                guess, n_iter=100, hop_length=settings.hop_length, momentum=0.99, random_state=i
            )
            rebuilt.append(librosa.util.fix_length(waveform, size=N_SAMPLES))
        return torch.from_numpy(np.stack(rebuilt))

    def distance(waveforms: Tensor) -> float:
        """Between the bands of librosa, whose inverse never saw ours."""
        shown = [torch.from_numpy(basis) @ m for m in (magnitude, stft(waveforms, settings).abs())]
        return float(log_spectral_distance_db(*shown).median())

    times, distances = [], []
    for work in (ours, theirs):
        work()
        start = time.perf_counter()
        rebuilt = work()
        times.append(time.perf_counter() - start)
        distances.append(distance(rebuilt))
    print(
        f"\nmel {n_mels}, {sounds.__name__}, {rate} Hz: distance {distances[0]:.2f} against "
        f"{distances[1]:.2f} dB, {distances[0] / distances[1]:.2f} of librosa's, "
        f"{times[1] / times[0]:.0f}x as fast"
    )
    assert distances[0] <= 0.6 * distances[1]
    assert times[0] <= times[1] / 15
