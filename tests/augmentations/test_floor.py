from __future__ import annotations

import torch

from soundgan.augmentations.floor import above_floor, silenced

FLOOR = -1.0


def test_counts_nothing_at_the_floor_and_everything_from_0_2_above_it() -> None:
    levels = torch.tensor([-1.2, -1.0, -0.9, -0.8, 0.0, 1.1])
    torch.testing.assert_close(
        above_floor(levels, FLOOR), torch.tensor([0.0, 0.0, 0.5, 1.0, 1.0, 1.0])
    )


def test_has_no_kink() -> None:
    levels = torch.linspace(-1.1, -0.7, 4001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(above_floor(levels, FLOOR).sum(), levels)
    # The second derivative is at most 6 / 0.2 ** 2 = 150; levels are 1e-4 apart.
    assert slope.diff().abs().max() < 0.0151


def test_the_largest_permitted_change_keeps_the_order_of_levels() -> None:
    levels = torch.linspace(-1.2, 1.2, 2401, dtype=torch.float64)
    for change in (-0.13, 0.13):
        assert ((levels + change * above_floor(levels, FLOOR)).diff() > 0).all()


def test_silence_is_exact_inside_and_changes_nothing_outside() -> None:
    images = torch.randn(4, 2, 5, 3, generator=torch.Generator().manual_seed(0))
    rows = torch.tensor([True, False, True, False, False])[None, None, :, None].expand(4, 1, 5, 1)
    quiet = silenced(images, rows, FLOOR)
    assert (quiet[:, :, [0, 2]] == FLOOR).all()
    assert torch.equal(quiet[:, :, [1, 3, 4]], images[:, :, [1, 3, 4]])
