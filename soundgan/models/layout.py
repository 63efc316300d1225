"""How the weights of convolutions lie in memory."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from soundgan.models.transposed import TransposedConv


def memory_format(device: torch.device) -> torch.memory_format:
    """The layout convolutions are fastest in; on MPS channels-last is slow and was wrong."""
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


def lay_out(network: nn.Module, layout: torch.memory_format) -> None:
    """Put the weights of convolutions into ``layout``; results change by rounding only.

    A kernel of one channel is in every layout at once, and torch goes on in its own favourite: a
    new tensor has the strides of ``layout`` even then, and what follows a first layer keeps them.
    """
    for parameter in network.parameters():
        _lay(parameter, layout)


def lay_out_for_single_images(
    network: nn.Module, layout: torch.memory_format
) -> Callable[[], None]:
    """The same for images that are generated one by one on the CPU, where large kernels are tables.

    Returns:
        What puts into ``layout`` again what was in it before, for whoever trains on.
    """
    tables: dict[Tensor, Tensor] = {
        module.weight: table
        for module in network.modules()
        if isinstance(module, TransposedConv) and (table := module.table()) is not None
    }
    moved = [weight for weight in tables if weight.stride() == _strides(weight, layout)]
    for parameter in network.parameters():
        if parameter in tables:
            parameter.data = tables.pop(parameter)
        else:
            _lay(parameter, layout)

    def put_back() -> None:
        for weight in moved:
            _lay(weight, layout)

    return put_back


def _lay(parameter: Tensor, layout: torch.memory_format) -> None:
    if parameter.dim() == 4:
        old = parameter.data
        new = torch.empty(old.shape, dtype=old.dtype, device=old.device, memory_format=layout)
        if new.stride() != old.stride():
            parameter.data = new.copy_(old)


def _strides(weight: Tensor, layout: torch.memory_format) -> tuple[int, ...]:
    return torch.empty(weight.shape, memory_format=layout).stride()  # never filled: costs nothing
