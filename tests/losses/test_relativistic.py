from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from soundgan.losses.relativistic import Relativistic, RelativisticOptions
from soundgan.losses.zero_centred import squared_slope


def test_undecided_discriminator_costs_log_two_on_both_sides() -> None:
    loss, logits = Relativistic(RelativisticOptions()), torch.full((4, 1), 3.0)
    assert loss.discriminator(logits, logits).item() == pytest.approx(math.log(2))
    assert loss.generator(logits, logits).item() == pytest.approx(math.log(2))


def test_only_the_difference_within_a_pair_counts() -> None:
    loss = Relativistic(RelativisticOptions())
    real, fake = torch.tensor([[1.0], [5.0]]), torch.tensor([[0.0], [7.0]])
    expected = (math.log1p(math.exp(-1)) + math.log1p(math.exp(2))) / 2
    assert loss.discriminator(real, fake).item() == pytest.approx(expected)
    assert loss.discriminator(real + 9, fake + 9).item() == pytest.approx(expected)
    assert loss.generator(fake, real).item() == pytest.approx(loss.discriminator(fake, real).item())


def test_generator_loss_needs_the_real_logits() -> None:
    with pytest.raises(ValueError, match="needs real logits"):
        Relativistic(RelativisticOptions()).generator(torch.zeros(2, 1))


def test_slope_of_a_linear_discriminator_is_its_weight() -> None:
    weight = torch.tensor([1.0, -2.0, 3.0])

    def linear(images: Tensor) -> Tensor:
        return images.flatten(1) @ weight[:, None]

    assert squared_slope(linear, torch.randn(5, 1, 1, 3)).item() == pytest.approx(14.0)


def test_penalty_is_half_gamma_times_both_slopes() -> None:
    loss = Relativistic(RelativisticOptions(gamma=2.0, final_gamma=2.0))

    def square(images: Tensor) -> Tensor:
        return images.square().flatten(1).sum(1, keepdim=True)

    real, fake = torch.full((2, 1, 1, 4), 0.5), torch.full((2, 1, 1, 4), 1.0)
    value = loss.penalty(square, real, fake, torch.Generator())
    # |grad of sum x^2|^2 = 4 sum x^2: 4 and 16.
    assert value is not None
    assert value.item() == pytest.approx(2.0 / 2 * (4 + 16))


def test_penalty_reaches_the_weights_of_the_discriminator() -> None:
    weight = torch.tensor([2.0], requires_grad=True)
    loss = Relativistic(RelativisticOptions())
    value = loss.penalty(
        lambda x: x.flatten(1) * weight, torch.ones(3, 1, 1, 1), torch.ones(3, 1, 1, 1),
        torch.Generator(),
    )  # fmt: skip
    assert value is not None
    value.backward()
    # gamma / 2 (w^2 + w^2) = w^2, whose slope is 2 w.
    assert weight.grad is not None
    assert weight.grad.item() == pytest.approx(4.0)


def test_gamma_moves_geometrically_to_its_end() -> None:
    loss = Relativistic(RelativisticOptions(gamma=1.0, final_gamma=0.01))
    assert [loss.weight(p) for p in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.1, 0.01])
    straight = Relativistic(RelativisticOptions(gamma=1.0, final_gamma=0.0))
    assert straight.weight(0.75) == pytest.approx(0.25)


def test_no_gamma_is_no_penalty() -> None:
    loss = Relativistic(RelativisticOptions(gamma=0.0))
    assert not loss.penalises
    assert loss.penalty(lambda x: x, torch.ones(1), torch.ones(1), torch.Generator()) is None
