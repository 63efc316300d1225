"""How the weights of convolutions lie in memory."""

from __future__ import annotations

import torch
from torch import nn


def memory_format(device: torch.device) -> torch.memory_format:
    """The layout convolutions are fastest in; on MPS channels-last is slow and was wrong."""
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


def lay_out(network: nn.Module, layout: torch.memory_format) -> None:
    """Put the weights of convolutions into ``layout``; results change by rounding only.

    A kernel of one channel is in every layout at once, and torch goes on in its own favourite: a
    new tensor has the strides of ``layout`` even then, and what follows a first layer keeps them.
    """
    for parameter in network.parameters():
        if parameter.dim() == 4:
            old = parameter.data
            new = torch.empty(old.shape, dtype=old.dtype, device=old.device, memory_format=layout)
            if new.stride() != old.stride():
                parameter.data = new.copy_(old)
