from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from soundgan.losses.non_saturating import NonSaturating

LOSS = NonSaturating(NonSaturating.Options())


def test_undecided_logits_cost_two_log_two_and_log_two() -> None:
    zero = torch.zeros(3, 2)
    assert LOSS.discriminator(zero, zero).item() == pytest.approx(2 * math.log(2))
    assert LOSS.generator(zero).item() == pytest.approx(math.log(2))


def test_is_binary_cross_entropy_on_logits() -> None:
    real, fake = torch.tensor([[2.0], [0.5]]), torch.tensor([[-3.0], [1.0]])
    entropy = functional.binary_cross_entropy_with_logits
    expected = entropy(real, torch.ones(2, 1)) + entropy(fake, torch.zeros(2, 1))
    torch.testing.assert_close(LOSS.discriminator(real, fake), expected)
    torch.testing.assert_close(LOSS.generator(fake), entropy(fake, torch.ones(2, 1)))


def test_generator_keeps_its_slope_when_the_discriminator_is_sure() -> None:
    fake = torch.tensor([[-50.0]], requires_grad=True)
    LOSS.generator(fake).backward()
    assert fake.grad is not None
    assert fake.grad.item() == pytest.approx(-1.0)
