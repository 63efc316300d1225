"""Shipped presets at a size that a test can afford."""

from __future__ import annotations

from soundgan.config.load import load_config


def narrow(preset: str, *, batch_size: int = 4) -> list[str]:
    """Overrides that shrink a preset's networks, batch and analysis, and nothing else."""
    config = load_config(preset).config
    overrides = [f"training.batch_size={batch_size}", "inversion.options.iterations=1"]
    for network in ("generator", "discriminator"):
        key = "hidden" if getattr(config, network).name == "mlp" else "width"
        overrides.append(f"{network}.options.{key}=4")
    if config.representation.name == "log_mel" and config.representation.options:
        overrides.append("representation.options.hop_length=64")  # the clips are short
        overrides.append("representation.options.n_mels=300")
    return overrides
