from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from soundgan.assembly.networks import build_generator
from soundgan.codec.build import build_codec, resolve
from soundgan.config.load import load_config
from soundgan.inference.model_file import ModelDescription, save_model
from soundgan.shapes import ClipSpec

CLIP = ClipSpec(sample_rate=8000, n_samples=2048)
LABELS = ("kick", "snare", "hat")


def write_model(
    path: Path, *overrides: str, labels: tuple[str, ...] = LABELS, clip: ClipSpec = CLIP
) -> Path:
    """A model with fresh weights: it makes noise, but different noise for each seed."""
    loaded = load_config("tiny", ["inversion.options.iterations=4", *overrides])
    config = resolve(loaded.config, clip, "tiny.toml", conditional=bool(labels))
    codec = build_codec(config, clip, "tiny.toml")
    noise = torch.randn(4, *clip.waveform_shape, generator=torch.Generator().manual_seed(1))
    codec.fit([noise * 0.1])
    generator = build_generator(config, codec.shape, len(labels) or None, "tiny.toml", seed=3)
    description = ModelDescription(config, clip, labels, {"step": 0})
    save_model(path, description, generator.state_dict(), codec.statistics())
    return path


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "model.safetensors")


@pytest.fixture(scope="session")
def stereo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in stereo."""
    path = tmp_path_factory.mktemp("stereo") / "model.safetensors"
    return write_model(path, clip=replace(CLIP, channels=2))
