"""The original SoundGAN at its reference size against its own path, from latent to WAV.

Run with ``pytest -m benchmark -s tests/benchmarks/test_original_speed.py`` on a quiet machine, two
threads; it needs 4 GB. Its own path is a plain generator with one latent at a time, 775 mel bands
x 308 frames, ``mel_to_stft`` and 256 rounds of ``griffinlim``, all by librosa. Networks are
untrained, which changes no time; how near sounds come is measured on images of drum patterns.
"""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor
from torch.nn import functional

from soundgan.assembly.networks import build_generator
from soundgan.audio.metrics import ANALYSES
from soundgan.audio.stft import stft
from soundgan.codec.build import build_codec
from soundgan.config.load import load_config
from soundgan.drums.voices import VOICES
from soundgan.inference.model_file import LoadedModel, ModelDescription, load_model, save_model
from soundgan.models.dcgan import DCGANGenerator
from soundgan.pipelines.generate import GenerateRequest, generate
from soundgan.reporting import SilentReporter
from soundgan.shapes import ClipSpec
from tests.benchmarks.conftest import THREADS
from tests.benchmarks.test_generator_speed import plain
from tests.transforms import log_spectral_distance_db

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("two_threads")]

PRESET = Path(__file__).parents[2] / "configs" / "soundgan.toml"
RATE, BANDS, FRAMES, N_FFT, HOP = 22_050, 775, 308, 1024, 512
CLIP = ClipSpec(RATE, FRAMES * HOP)
SIDE, ROUNDS = 256, 256
OURS, THEIRS = 200, 3
FLOOR = 1e-4


def patterns(n: int) -> Tensor:
    """Drums, one hit every sixth of a second or so."""
    voices = [VOICES[name] for name in sorted(VOICES)]
    sounds = np.zeros((n, CLIP.n_samples), np.float32)
    for i, sound in enumerate(sounds):
        rng = np.random.default_rng(i)
        for start in np.cumsum(rng.uniform(0.1, 0.25, 60) * RATE).astype(int):
            hit = voices[rng.integers(len(voices))](rng, RATE)[: max(0, len(sound) - start)]
            sound[start : start + len(hit)] += 0.5 * hit
    return torch.from_numpy(sounds / np.abs(sounds).max(axis=1, keepdims=True))


def distance_db(sounds: Tensor, others: Tensor) -> Tensor:
    """Log-spectral distance of each, averaged over some analyses."""
    pairs = [(stft(sounds, s).abs(), stft(others, s).abs()) for s in ANALYSES]
    return torch.stack([log_spectral_distance_db(*pair) for pair in pairs]).mean(dim=0)


def untrained(path: Path, sounds: Tensor) -> LoadedModel:
    config = load_config(str(PRESET)).config
    chosen = config.inversion.model_copy(update={"name": "auto", "options": {}})
    config = config.model_copy(update={"inversion": chosen})
    codec = build_codec(config, CLIP, str(PRESET))
    codec.fit([sounds])
    generator = build_generator(config, codec.shape, None, str(PRESET), seed=0)
    description = ModelDescription(config, CLIP, (), {})
    save_model(path, description, generator.state_dict(), codec.statistics())
    return load_model(path)


def resized(picture: Tensor, size: tuple[int, int]) -> Tensor:
    smooth = functional.interpolate(picture[None, None], size, mode="bilinear", antialias=True)
    return smooth[0, 0]


def their_image(sound: np.ndarray) -> Tensor:
    """Decibels of mel bands [256, 256]."""
    mel = librosa.feature.melspectrogram(
        y=sound, sr=RATE, n_fft=N_FFT, hop_length=HOP, n_mels=BANDS, power=1.0
    )
    return resized(torch.from_numpy(np.log(mel + FLOOR)).float()[:, :FRAMES], (SIDE, SIDE))


def their_sound(image: Tensor) -> np.ndarray:
    mel = np.exp(resized(image, (BANDS, FRAMES)).numpy()) - FLOOR
    guess = librosa.feature.inverse.mel_to_stft(mel.clip(0.0), sr=RATE, n_fft=N_FFT, power=1.0)
    sound = librosa.griffinlim(guess, n_iter=ROUNDS, hop_length=HOP, random_state=0)
    return librosa.util.fix_length(sound, size=CLIP.n_samples)


@pytest.mark.filterwarnings("ignore:Empty filters")
@torch.inference_mode()
def test_the_original_makes_sounds_ten_times_as_fast_and_as_near(tmp_path: Path) -> None:
    sounds = patterns(THREADS)
    path = tmp_path / "model.safetensors"
    model = untrained(path, sounds)

    images = model.codec.encode(sounds)
    rebuilt = model.codec.waveforms(images, range(len(sounds)))
    their_images = [their_image(sound) for sound in sounds.numpy()]
    theirs = torch.from_numpy(np.stack([their_sound(image) for image in their_images]))
    near, their_near = (distance_db(sounds, other) for other in (rebuilt, theirs))

    assert isinstance(model.generator, DCGANGenerator)
    eager = plain(model.generator)
    their_image_of = dict(enumerate(their_images))
    times = []
    for turn in range(THEIRS + 1):
        began = time.perf_counter()
        eager(torch.randn(1, model.generator.latent_dim, 1, 1))
        sound = their_sound(their_image_of[turn % len(their_images)])
        soundfile.write(tmp_path / f"{turn}.wav", sound, RATE)
        times.append(time.perf_counter() - began)
    their_seconds = float(np.mean(times[1:]))

    request = GenerateRequest(path, tmp_path / "first", 2, 0, device="cpu")
    generate(request, SilentReporter())
    again = dataclasses.replace(request, out=tmp_path / "all", count=OURS)
    began = time.perf_counter()
    generate(again, SilentReporter())
    seconds = (time.perf_counter() - began) / OURS
    print(
        f"\n  its own path {their_seconds:.2f} s a sound, {float(their_near.mean()):.1f} dB from "
        f"the recording; ours {seconds:.2f} s, {float(near.mean()):.1f} dB: "
        f"{their_seconds / seconds:.1f}x"
    )
    assert float(near.mean()) <= float(their_near.mean())
    assert their_seconds >= 10 * seconds
