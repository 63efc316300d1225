from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from soundgan.models.spectral_norm import spectral

LAYERS: dict[str, Callable[[], nn.Module]] = {
    "convolution": lambda: nn.Conv2d(5, 7, 4, 2, 1),
    "of one channel": lambda: nn.Conv2d(1, 7, 4, 2, 1),
    "to one number": lambda: nn.Conv2d(6, 1, 1),
    "linear": lambda: nn.Linear(9, 4),
    "embedding": lambda: nn.Embedding(6, 5),
}


def pair(kind: str, layout: torch.memory_format) -> tuple[nn.Module, nn.Module]:
    """The layer with our norm and with torch's, which start from the same draws."""
    torch.manual_seed(3)
    layer, reference = LAYERS[kind](), LAYERS[kind]()
    reference.load_state_dict(layer.state_dict())
    parametrizations.spectral_norm(reference, n_power_iterations=50)
    return spectral(layer).to(memory_format=layout), reference  # type: ignore[call-overload]


def train(layer: nn.Module, times: int) -> None:
    """Let the power iteration go on."""
    for _ in range(times):
        _ = layer.weight


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("kind", LAYERS)
def test_weight_and_gradient_are_those_of_the_reference(
    kind: str, layout: torch.memory_format
) -> None:
    ours, reference = pair(kind, layout)
    train(ours, 300)
    train(reference, 10)
    with torch.no_grad():
        torch.testing.assert_close(ours.weight, reference.weight, rtol=1e-4, atol=1e-5)
    towards = torch.randn_like(reference.weight)
    for layer in (ours, reference):
        (layer.weight * towards).sum().backward()
    gradients = [layer.parametrizations.weight.original.grad for layer in (ours, reference)]  # type: ignore[union-attr]
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-4)
    assert ours.weight.stride() == ours.parametrizations.weight.original.stride()  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", LAYERS)
def test_the_spectral_norm_is_one_after_some_use(kind: str) -> None:
    layer = spectral(LAYERS[kind]())
    train(layer, 300)
    norm = torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2)
    torch.testing.assert_close(norm, torch.tensor(1.0), rtol=1e-4, atol=0)


def test_the_gradient_is_that_of_finite_differences() -> None:
    layer = spectral(nn.Conv2d(3, 4, 2)).double()
    train(layer, 500)
    layer.eval()
    norm = layer.parametrizations.weight[0]  # type: ignore[index, union-attr]
    weight = layer.parametrizations.weight.original.detach().requires_grad_()  # type: ignore[union-attr]

    def divided(weight: torch.Tensor) -> torch.Tensor:
        norm._u, norm._v = fixed  # the vectors move with the weight by less than it matters
        return norm(weight)

    fixed = norm._u.clone(), norm._v.clone()
    torch.autograd.gradcheck(divided, (weight,))


def test_one_iteration_per_training_forward_and_none_in_evaluation() -> None:
    layer = spectral(nn.Linear(6, 6))
    norm = layer.parametrizations.weight[0]  # type: ignore[index, union-attr]
    before = norm._u.clone()
    train(layer, 1)
    after = norm._u.clone()
    assert not torch.equal(before, after)
    layer.eval()
    train(layer, 3)
    assert torch.equal(norm._u, after)


def test_two_forwards_may_come_before_their_backward() -> None:
    layer = spectral(nn.Conv2d(2, 3, 3))
    images = torch.randn(2, 2, 5, 5)
    (layer(images).mean() + layer(-images).square().mean()).backward()
    assert layer.parametrizations.weight.original.grad.isfinite().all()  # type: ignore[union-attr]


def test_a_penalty_reaches_the_weight_through_the_gradient_of_images() -> None:
    layer = spectral(nn.Conv2d(1, 2, 3))
    images = torch.randn(2, 1, 5, 5, requires_grad=True)
    [slope] = torch.autograd.grad(layer(images).square().sum(), images, create_graph=True)
    slope.square().sum().backward()
    assert layer.parametrizations.weight.original.grad.abs().sum() > 0  # type: ignore[union-attr]


def test_a_weight_of_zeros_stays_finite() -> None:
    layer = nn.Linear(3, 3)
    nn.init.zeros_(layer.weight)
    spectral(layer)
    assert layer.weight.isfinite().all()


def test_it_can_be_left_out() -> None:
    plain = torch.nn.Linear(2, 2)
    assert list(spectral(plain, enabled=False).state_dict()) == ["weight", "bias"]
    assert "weight" not in spectral(plain).state_dict()
