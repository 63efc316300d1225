from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.augmentations.spans import draw_spans


def draw(n_images: int = 4000, max_width: float = 0.12, max_spans: int = 1) -> Tensor:
    return draw_spans(n_images, 100, max_width, max_spans, torch.Generator().manual_seed(0))


def starts(spans: Tensor) -> Tensor:
    """Number of stretches of each image that touch nothing before them."""
    before = torch.nn.functional.pad(spans, (1, 0))[:, :-1]
    return (spans & ~before).sum(dim=1)


def test_a_single_stretch_is_whole_and_at_most_as_wide_as_allowed() -> None:
    spans = draw()
    assert starts(spans).max() == 1
    assert spans.sum(dim=1).max() == 12


def test_every_width_is_equally_likely() -> None:
    # A uniform width of 0 to 12 pixels has a mean of 6 and a standard deviation of 12 / sqrt(12).
    widths = draw(20_000).sum(dim=1).float()
    assert widths.mean().item() == pytest.approx(6.0, abs=0.1)
    assert widths.var().item() == pytest.approx(12.0 + 1 / 6, abs=0.3)


def test_reaches_both_ends_but_does_not_favour_them() -> None:
    share = draw(40_000).float().mean(dim=0)
    assert share[0] > 0
    assert share[-1] > 0
    middle = share[12:88]
    assert (middle.max() / middle.min()).item() < 1.25
    assert share[0] < middle.min()


def test_draws_one_or_two_stretches_equally_often() -> None:
    # So narrow that they hardly ever meet; one covers no pixel centre with a chance of 1/8.
    spans = draw_spans(4000, 1000, 0.004, 2, torch.Generator().manual_seed(0))
    number = starts(spans)
    assert number.max() == 2
    assert (number == 2).float().mean().item() == pytest.approx(0.5 * (7 / 8) ** 2, abs=0.03)


def test_the_whole_side_may_be_too_short_for_a_stretch() -> None:
    assert draw_spans(50, 1, 0.12, 2, torch.Generator().manual_seed(0)).shape == (50, 1)
