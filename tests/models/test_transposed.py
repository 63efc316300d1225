"""All ways of a transposed convolution give its numbers and its gradients."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from soundgan.models.layout import lay_out, placed
from soundgan.models.transposed import TransposedConv, _rows

DOUBLE: dict[str, Any] = {"kernel_size": 4, "stride": 2, "padding": 1}
CASES = [
    pytest.param((3, 5, 1, 1), 6, {"kernel_size": 4}, id="from one pixel"),
    pytest.param((2, 5, 4, 4), 6, DOUBLE, id="few pixels"),
    pytest.param((1, 5, 4, 8), 6, DOUBLE, id="rectangle"),
    pytest.param((2, 5, 8, 16), 1, DOUBLE, id="one channel"),
    pytest.param((2, 5, 8, 16), 3, DOUBLE, id="three channels"),
    pytest.param((2, 5, 8, 16), 6, DOUBLE, id="many of both"),
    pytest.param(
        (1, 5, 4, 4), 6, {"kernel_size": (4, 3), "stride": (2, 1), "padding": 1}, id="stretch"
    ),
]

CPU = torch.device("cpu")


def pair(
    shape: tuple[int, ...], channels: int, options: dict[str, Any], *, bias: bool = True
) -> tuple[TransposedConv, nn.ConvTranspose2d, Tensor]:
    torch.manual_seed(0)
    ours = TransposedConv(shape[1], channels, bias=bias, **options)
    torchs = nn.ConvTranspose2d(shape[1], channels, bias=bias, **options)
    torchs.load_state_dict(ours.state_dict())
    lay_out(ours, torch.channels_last)
    return ours, torchs, torch.randn(shape).contiguous(memory_format=torch.channels_last)


def close(ours: Tensor | None, torchs: Tensor | None) -> None:
    assert ours is not None
    assert torchs is not None
    assert torch.allclose(ours, torchs, atol=1e-5)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("shape", "channels", "options"), CASES)
def test_the_numbers_are_those_of_torch(
    shape: tuple[int, ...], channels: int, options: dict[str, Any], bias: bool
) -> None:
    ours, torchs, hidden = pair(shape, channels, options, bias=bias)
    with torch.no_grad():
        close(ours(hidden), torchs(hidden))
    close(ours(hidden).detach(), torchs(hidden).detach())


@pytest.mark.parametrize(("shape", "channels", "options"), CASES)
def test_the_gradients_are_those_of_torch(
    shape: tuple[int, ...], channels: int, options: dict[str, Any]
) -> None:
    slopes = []
    *networks, hidden = pair(shape, channels, options)
    for network in networks:
        given = hidden.clone().requires_grad_()
        network(given).pow(3).sum().backward()
        slopes.append([given.grad, *(weight.grad for weight in network.parameters())])
    for mine, theirs in zip(*slopes, strict=True):
        assert mine is not None
        assert theirs is not None
        largest = mine.abs().max()
        close(mine / largest, theirs / largest)


@pytest.mark.parametrize("case", ["few pixels", "one channel"])
def test_a_sparse_input_lands_where_the_kernel_says(case: str) -> None:
    channels = 1 if case == "one channel" else 6
    conv = TransposedConv(1, channels, bias=False, **DOUBLE)
    hidden = torch.zeros(1, 1, 4, 4)
    hidden[0, 0, 1, 2] = 1.0
    with torch.no_grad():
        result = conv(hidden)
    expected = torch.zeros(1, channels, 8, 8)
    expected[0, :, 1:5, 3:7] = conv.weight.detach()[0]
    assert torch.allclose(result, expected, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 6])
def test_weights_in_channels_last_order_are_used_as_they_lie(channels: int) -> None:
    conv = TransposedConv(8, channels, **DOUBLE)
    lay_out(conv, torch.channels_last)
    assert _rows(conv.weight).data_ptr() == conv.weight.data_ptr()


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels of any size may lie as tables."""
    monkeypatch.setattr("soundgan.models.transposed.LARGE_BYTES", 0)


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("onednn", [True, False])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("shape", "channels", "options"), CASES)
def test_a_kernel_that_lies_as_a_table_gives_the_same_numbers(
    shape: tuple[int, ...],
    channels: int,
    options: dict[str, Any],
    bias: bool,
    onednn: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not onednn:
        monkeypatch.setattr("soundgan.models.transposed._onednn_linear", lambda: None)
    ours, torchs, hidden = pair(shape, channels, options, bias=bias)
    ours = placed(ours, CPU)
    assert torch.equal(ours.weight, torchs.weight)
    with torch.inference_mode():
        close(ours(hidden), torchs(hidden))
    close(ours(hidden).detach(), torchs(hidden).detach())


@pytest.mark.usefixtures("tables")
def test_only_kernels_that_double_lie_as_tables_and_their_product_copies_nothing() -> None:
    tabled = []
    for case in CASES:
        shape, channels, options = case.values
        conv = placed(TransposedConv(shape[1], channels, **options), CPU)  # type: ignore[index,arg-type]
        if _rows(conv.weight).t().is_contiguous():
            assert _rows(conv.weight).data_ptr() == conv.weight.data_ptr()
            tabled.append(case.id)
    assert tabled == ["few pixels", "rectangle", "one channel", "three channels", "many of both"]
    small = TransposedConv(4, 4, **DOUBLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("soundgan.models.transposed.LARGE_BYTES", 4 * 4 * 16 * 4 + 1)
        assert small.table() is None


@pytest.mark.usefixtures("tables")
def test_a_network_that_is_placed_stays_as_it_is_and_shares_what_lies_right() -> None:
    network = nn.Sequential(TransposedConv(6, 5, **DOUBLE), nn.Conv2d(5, 3, 3))
    lay_out(network, torch.channels_last)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    lying = [(weight.data_ptr(), weight.stride()) for weight in network.parameters()]
    copy = placed(network, CPU)
    first, same = "0.weight", "1.weight"
    assert copy.get_parameter(first).stride() != network.get_parameter(first).stride()
    assert copy.get_parameter(same) is network.get_parameter(same)
    assert [(weight.data_ptr(), weight.stride()) for weight in network.parameters()] == lying
    for state in (network.state_dict(), copy.state_dict()):
        assert all(torch.equal(value, before[name]) for name, value in state.items())


@pytest.mark.usefixtures("tables")
def test_what_is_placed_already_is_not_copied() -> None:
    network = placed(TransposedConv(6, 5, **DOUBLE), CPU)
    assert placed(network, CPU) is network
