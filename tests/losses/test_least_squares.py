from __future__ import annotations

import torch

from soundgan.losses.least_squares import LeastSquares

LOSS = LeastSquares(LeastSquares.Options())


def test_is_half_the_mean_squared_distance_to_the_targets() -> None:
    real, fake = torch.tensor([[3.0], [1.0]]), torch.tensor([[-1.0], [3.0]])
    assert LOSS.discriminator(real, fake).item() == (4 + 0) / 2 / 2 + (1 + 9) / 2 / 2
    assert LOSS.generator(fake).item() == (4 + 4) / 2 / 2


def test_vanishes_on_the_targets() -> None:
    one, zero = torch.ones(2, 1), torch.zeros(2, 1)
    assert LOSS.discriminator(one, zero).item() == 0
    assert LOSS.generator(one).item() == 0
