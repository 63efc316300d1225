from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
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


def original(layer: nn.Module) -> Tensor:
    """The weight as it is trained, before it is divided by its norm."""
    return layer.get_parameter("parametrizations.weight.original")


def divided(layer: nn.Module) -> Tensor:
    """The weight that the layer uses."""
    weight = layer.weight
    assert isinstance(weight, Tensor)
    return weight


def slope(layer: nn.Module) -> Tensor:
    """What a backward pass left at that weight."""
    gradient = original(layer).grad
    assert gradient is not None
    return gradient


def divider(layer: nn.Module) -> Any:
    """The parametrisation that divides, with its two vectors."""
    return layer.get_submodule("parametrizations.weight.0")


def train(layer: nn.Module, times: int) -> None:
    """Let the power iteration go on."""
    for _ in range(times):
        divided(layer)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("kind", LAYERS)
def test_weight_and_gradient_are_those_of_the_reference(
    kind: str, layout: torch.memory_format
) -> None:
    ours, reference = pair(kind, layout)
    train(ours, 300)
    train(reference, 10)
    with torch.no_grad():
        torch.testing.assert_close(divided(ours), divided(reference), rtol=1e-4, atol=1e-5)
    towards = torch.randn_like(original(reference))
    for layer in (ours, reference):
        (divided(layer) * towards).sum().backward()
    torch.testing.assert_close(slope(ours), slope(reference), rtol=1e-3, atol=1e-4)
    assert divided(ours).stride() == original(ours).stride()


@pytest.mark.parametrize("kind", LAYERS)
def test_the_spectral_norm_is_one_after_some_use(kind: str) -> None:
    layer = spectral(LAYERS[kind]())
    train(layer, 300)
    norm = torch.linalg.matrix_norm(divided(layer).detach().flatten(1), 2)
    torch.testing.assert_close(norm, torch.tensor(1.0), rtol=1e-4, atol=0)


def test_the_gradient_is_that_of_finite_differences() -> None:
    layer = spectral(nn.Conv2d(3, 4, 2)).double()
    train(layer, 500)
    layer.eval()
    norm = divider(layer)
    weight = original(layer).detach().requires_grad_()

    def by_norm(weight: Tensor) -> Any:
        norm._u, norm._v = fixed  # the vectors move with the weight by less than it matters
        return norm(weight)

    fixed = norm._u.clone(), norm._v.clone()
    torch.autograd.gradcheck(by_norm, (weight,))


def test_one_iteration_per_training_forward_and_none_in_evaluation() -> None:
    layer = spectral(nn.Linear(6, 6))
    norm = divider(layer)
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
    assert slope(layer).isfinite().all()


def test_a_penalty_reaches_the_weight_through_the_gradient_of_images() -> None:
    layer = spectral(nn.Conv2d(1, 2, 3))
    images = torch.randn(2, 1, 5, 5, requires_grad=True)
    [towards] = torch.autograd.grad(layer(images).square().sum(), images, create_graph=True)
    towards.square().sum().backward()
    assert slope(layer).abs().sum() > 0


def test_a_weight_of_zeros_stays_finite() -> None:
    layer = nn.Linear(3, 3)
    nn.init.zeros_(layer.weight)
    spectral(layer)
    assert layer.weight.isfinite().all()


def test_it_can_be_left_out() -> None:
    plain = torch.nn.Linear(2, 2)
    assert list(spectral(plain, enabled=False).state_dict()) == ["weight", "bias"]
    assert "weight" not in spectral(plain).state_dict()
