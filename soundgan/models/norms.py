"""Normalisation of activations."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ConditionalBatchNorm(nn.Module):
    """Batch normalisation whose gain and bias follow from a code, one pair per sample and channel.

    In evaluation mode the running statistics make a sample independent of the batch around it.

    References:
        de Vries et al., "Modulating early visual processing by language", NeurIPS 2017; with the
        latent in the code, Chen et al., "On Self Modulation for GANs", ICLR 2019.
    """

    def __init__(self, channels: int, code_dim: int) -> None:
        super().__init__()
        self.normalise = nn.BatchNorm2d(channels, affine=False)
        self.gain = nn.Linear(code_dim, channels)
        self.bias = nn.Linear(code_dim, channels)
        for linear, start in ((self.gain, 1.0), (self.bias, 0.0)):
            nn.init.normal_(linear.weight, 0.0, 0.02)
            nn.init.constant_(linear.bias, start)

    def forward(self, hidden: Tensor, code: Tensor) -> Tensor:
        """Normalised and modulated [B, C, H, W] for hidden [B, C, H, W] and code [B, D]."""
        gain, bias = self.gain(code)[:, :, None, None], self.bias(code)[:, :, None, None]
        return torch.addcmul(bias, self.normalise(hidden), gain)
