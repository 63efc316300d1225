"""A model file of a preset before any training: it sounds like noise and costs the same."""

from __future__ import annotations

from pathlib import Path

import torch

from soundgan.assembly.assembly import Assembly, assemble
from soundgan.assembly.networks import build_generator
from soundgan.config.load import load_config
from soundgan.inference.model_file import ModelDescription, save_model
from soundgan.runtime.seeding import torch_stream
from soundgan.shapes import ClipSpec
from soundgan.version import VERSION

CLIP = ClipSpec(sample_rate=22_050, n_samples=22_144)
"""One second, as whole blocks of 128 samples, as ``prepare`` would cut it."""

SEED = 0


def write_untrained(path: Path, preset: Path) -> None:
    """Write the model that training ``preset`` on clips of one second would begin with.

    Raises:
        ConfigError: The preset does not fit such clips.
    """
    assembly = untrained(preset)
    config, codec = assembly.config, assembly.codec
    codec.fit([noise(4, CLIP)])
    generator = build_generator(config, codec.shape, None, assembly.place, seed=SEED)
    description = ModelDescription(config, CLIP, (), {"soundgan": VERSION, "step": 0})
    save_model(path, description, generator.state_dict(), codec.statistics())


def untrained(preset: Path) -> Assembly:
    """The preset for unlabelled clips of one second."""
    return assemble(load_config(str(preset)).config, CLIP, (), preset.name)


def noise(n: int, clip: ClipSpec) -> torch.Tensor:
    """Waveforms [n, N] of white noise at -20 dB, always the same."""
    return 0.1 * torch.randn(n, clip.n_samples, generator=torch_stream(SEED, "bench noise"))
