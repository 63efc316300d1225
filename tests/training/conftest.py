from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from soundgan.assembly.assembly import Assembly, assemble
from soundgan.codec.build import build_codec, resolve
from soundgan.codec.spectrogram import SpectrogramCodec, spectrograms_of
from soundgan.config.load import load_config
from soundgan.config.schema import Config
from soundgan.shapes import ClipSpec
from soundgan.training.batches import Batches
from soundgan.training.encoded import EncodedClips
from soundgan.training.state import TrainState, new_state

CLIP = ClipSpec(sample_rate=8000, n_samples=2048)
N_CLASSES = 3


@dataclass(frozen=True)
class Tones:
    """Clips of decaying tones; the class sets the pitch."""

    samples: NDArray[np.float32]
    labels: NDArray[np.int64]

    def waveforms(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        return self.samples[indices]


@pytest.fixture(scope="session")
def tones() -> Tones:
    rng = np.random.default_rng(5)
    seconds = np.arange(CLIP.n_samples) / CLIP.sample_rate
    labels = np.arange(41) % N_CLASSES
    pitch = 300.0 * 2.0**labels * rng.uniform(0.9, 1.1, len(labels))
    waves = np.sin(2 * np.pi * pitch[:, None] * seconds) * np.exp(-8 * seconds)
    return Tones(waves.astype(np.float32), labels.astype(np.int64))


@pytest.fixture(scope="session")
def config() -> Config:
    loaded = load_config(
        "tiny",
        [
            "training.batch_size=4",
            "generator.options.width=4",
            "discriminator.options.width=4",
            "discriminator.options.spectral_norm=true",
        ],
    )
    return resolve(loaded.config, CLIP, "tiny.toml", conditional=True)


@pytest.fixture(scope="session")
def codec(config: Config, tones: Tones) -> SpectrogramCodec:
    built = spectrograms_of(build_codec(config, CLIP, "tiny.toml"))
    built.fit([torch.from_numpy(tones.samples)])
    return built


@pytest.fixture
def batches(config: Config, tones: Tones, codec: SpectrogramCodec) -> Batches:
    return Batches(
        EncodedClips(tones, np.arange(len(tones.labels)), codec),
        tones.labels,
        batch_size=config.training.batch_size,
        seed=config.training.seed,
    )


@pytest.fixture
def state(config: Config) -> TrainState:
    return fresh(config)


def fresh(config: Config) -> TrainState:
    return new_state(assembled(config), device=torch.device("cpu"))


def assembled(config: Config, n_classes: int = N_CLASSES) -> Assembly:
    """What a config asks for, of clips of so many classes."""
    labels = tuple(map(str, range(n_classes)))
    return assemble(config, CLIP, labels, "tiny.toml")
