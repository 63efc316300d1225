from __future__ import annotations

import torch

from soundgan.losses.hinge import Hinge

LOSS = Hinge(Hinge.Options())


def test_only_logits_inside_the_margin_count() -> None:
    real, fake = torch.tensor([[2.0], [0.5]]), torch.tensor([[-3.0], [1.0]])
    assert LOSS.discriminator(real, fake).item() == (0 + 0.5) / 2 + (0 + 2) / 2


def test_a_discriminator_beyond_the_margin_has_nothing_to_learn() -> None:
    assert LOSS.discriminator(torch.tensor([[1.0]]), torch.tensor([[-1.0]])).item() == 0


def test_generator_loss_is_minus_the_mean_fake_logit() -> None:
    assert LOSS.generator(torch.tensor([[-3.0], [1.0]])).item() == 1.0
