"""Weights are laid out for the device, and what follows from them is too."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from soundgan.models.layout import lay_out
from soundgan.models.spectral_norm import spectral

LAYOUTS = [torch.contiguous_format, torch.channels_last]


def laid_out_conv(channels: int, layout: torch.memory_format, *, normed: bool = False) -> nn.Module:
    conv = spectral(nn.Conv2d(channels, 8, 4, 2, 1), enabled=normed)
    lay_out(conv, layout)
    return conv


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("normed", [False, True])
def test_maps_after_a_first_layer_are_channels_last(channels: int, normed: bool) -> None:
    conv = laid_out_conv(channels, torch.channels_last, normed=normed)
    after = conv(torch.randn(2, channels, 16, 16))
    assert not after.is_contiguous()
    assert after.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("channels", [1, 3])
def test_going_back_restores_the_strides_of_a_new_tensor(
    channels: int, layout: torch.memory_format
) -> None:
    conv = laid_out_conv(channels, torch.channels_last)
    lay_out(conv, layout)
    weight = next(conv.parameters())
    assert weight.stride() == torch.empty(weight.shape, memory_format=layout).stride()


def test_values_and_gradients_flow_as_before() -> None:
    conv = nn.Conv2d(1, 8, 4, 2, 1)
    before = {name: value.clone() for name, value in conv.state_dict().items()}
    lay_out(conv, torch.channels_last)
    assert all(torch.equal(before[name], value) for name, value in conv.state_dict().items())
    conv(torch.randn(2, 1, 16, 16)).square().sum().backward()
    assert all(parameter.grad is not None for parameter in conv.parameters())
