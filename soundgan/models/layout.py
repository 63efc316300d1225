"""How the weights of convolutions lie in memory."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from soundgan.models.transposed import TransposedConv

Network = TypeVar("Network", bound=nn.Module)

_IMAGES_DIM = 4
"""Of a batch of images, and of the kernel of a convolution over them."""


def memory_format(device: torch.device) -> torch.memory_format:
    """The layout convolutions are fastest in; on MPS channels-last is slow and was wrong."""
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


def on_device(x: Tensor, device: torch.device) -> Tensor:
    """X [B, *shape] on a device, images laid out as its networks are."""
    there = x.to(device)
    if there.dim() != _IMAGES_DIM:
        return there.contiguous()
    return there.contiguous(memory_format=memory_format(device))


def lay_out(network: nn.Module, layout: torch.memory_format) -> None:
    """Put the weights of convolutions into ``layout``; results change by rounding only.

    A kernel of one channel is in every layout at once, and torch goes on in its own favourite: a
    new tensor has the strides of ``layout`` even then, and what follows a first layer keeps them.
    """
    for parameter in network.parameters():
        parameter.data = _laid(parameter.data, layout)


def placed(network: Network, device: torch.device) -> Network:
    """The network on a device, laid out for making images; ``network`` stays as it is.

    On the CPU images are made one by one, for which large kernels are tables. Tensors that lie
    right already are shared, and where all of them do, the result is ``network``.
    """
    if not _is_on(network, device):
        network = copy.deepcopy(network).to(device)
    tables: dict[Tensor, Tensor] = {
        module.weight: table
        for module in network.modules()
        if isinstance(module, TransposedConv) and (table := module.table()) is not None
    }
    known: dict[int, Any] = {id(tensor): tensor for tensor in network.buffers()}
    moved = False
    for weight in network.parameters():
        laid = tables[weight] if weight in tables else _laid(weight.data, memory_format(device))
        new = laid.stride() != weight.stride()
        known[id(weight)] = nn.Parameter(laid, weight.requires_grad) if new else weight
        moved = moved or new
    return copy.deepcopy(network, known) if moved else network


def _is_on(network: nn.Module, device: torch.device) -> bool:
    there = next(network.parameters()).device
    return there.type == device.type and device.index in (None, there.index)


def _laid(weight: Tensor, layout: torch.memory_format) -> Tensor:
    """A kernel with the strides of a new tensor of this layout; ``weight`` if it has them."""
    if weight.dim() != _IMAGES_DIM:
        return weight
    new = torch.empty(weight.shape, dtype=weight.dtype, device=weight.device, memory_format=layout)
    return weight if new.stride() == weight.stride() else new.copy_(weight)
