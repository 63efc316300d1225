"""What every registered loss must do."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.losses import LOSSES
from tests.families import make


def logits(seed: int) -> Tensor:
    """Undecided logits, where every loss has a slope."""
    stream = torch.Generator().manual_seed(seed)
    return (torch.rand(6, 5, generator=stream) - 0.5).requires_grad_()


def slope(of: Tensor) -> Tensor:
    """What a backward pass left."""
    assert of.grad is not None
    return of.grad


@pytest.mark.parametrize("name", LOSSES.names())
class TestLoss:
    def test_is_a_finite_scalar(self, name: str) -> None:
        loss = make(LOSSES, name)
        for value in (
            loss.discriminator(logits(1), logits(2)),
            loss.generator(logits(2), logits(1)),
        ):
            assert value.shape == ()
            assert torch.isfinite(value)

    def test_stays_finite_for_a_sure_discriminator(self, name: str) -> None:
        loss = make(LOSSES, name)
        sure = torch.full((6, 1), 200.0)
        assert torch.isfinite(loss.discriminator(-sure, sure))
        assert torch.isfinite(loss.generator(-sure, sure))

    def test_of_the_discriminator_falls_when_real_logits_rise(self, name: str) -> None:
        real = logits(1)
        make(LOSSES, name).discriminator(real, logits(2)).backward()
        assert (slope(real) < 0).all()

    def test_of_the_discriminator_falls_when_fake_logits_fall(self, name: str) -> None:
        # Least squares draws fake logits to 0 from both sides: ask above it.
        fake = logits(2).detach().abs().add(0.1).requires_grad_()
        make(LOSSES, name).discriminator(logits(1), fake).backward()
        assert (slope(fake) > 0).all()

    def test_of_the_generator_falls_when_fake_logits_rise(self, name: str) -> None:
        fake = logits(2)
        make(LOSSES, name).generator(fake, logits(1)).backward()
        assert (slope(fake) < 0).all()

    def test_does_not_depend_on_the_number_of_copies(self, name: str) -> None:
        loss, real, fake = make(LOSSES, name), logits(1), logits(2)
        twice = loss.discriminator(torch.cat([real, real]), torch.cat([fake, fake]))
        torch.testing.assert_close(twice, loss.discriminator(real, fake))

    def test_penalty_is_a_scalar_or_nothing(self, name: str) -> None:
        real, fake = torch.zeros(4, 1, 2, 2), torch.ones(4, 1, 2, 2)
        value = make(LOSSES, name).penalty(
            lambda image: image.square().flatten(1), real, fake, torch.Generator().manual_seed(0)
        )
        assert value is None or value.shape == ()
