"""The precisions a device is measured in, and a generator that computes in one of them."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.models.contract import Generator
from soundgan.models.precision import compute

OF_COMMANDS = torch.float32
"""What ``generate`` computes in, and ``train`` unless the config says otherwise."""

_REDUCED = {"cpu": torch.bfloat16, "cuda": torch.bfloat16, "mps": torch.float16}


def precisions(device: torch.device, *, quick: bool) -> tuple[torch.dtype, ...]:
    """What the commands use, and unless ``quick`` what else could be worth it on this device."""
    return (OF_COMMANDS,) if quick else (OF_COMMANDS, _REDUCED[device.type])


def name_of(precision: torch.dtype) -> str:
    """``float32`` or another."""
    return str(precision).removeprefix("torch.")


class InPrecision(Generator):
    """A generator whose convolutions and products compute in ``precision``; images are float32."""

    def __init__(self, generator: Generator, precision: torch.dtype) -> None:
        super().__init__(generator.shape, generator.n_classes)
        self.latent_dim = generator.latent_dim
        self._inner = generator
        self._precision = precision

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images [B, C, F, T] for latents [B, Z] and, when conditional, int64 labels [B]."""
        return compute(self._inner, self._precision, z, labels)
