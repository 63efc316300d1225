from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.augmentations import AUGMENTATIONS
from soundgan.augmentations.augmenter import Augmenter
from soundgan.augmentations.contract import Augmentation
from soundgan.config.settings import Settings
from tests.families import make


class Add(Augmentation):
    """Adds a fixed number."""

    Options = Settings

    def __init__(self, amount: float) -> None:
        self.amount = amount

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        return images + self.amount


def everything() -> Augmenter:
    return Augmenter([make(AUGMENTATIONS, name) for name in AUGMENTATIONS.names()])


def stream(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(n: int = 8, channels: int = 1) -> Tensor:
    return torch.rand(n, channels, 32, 16, generator=stream(9)) * 2 - 1


def test_returns_the_images_themselves_when_there_is_nothing_to_do() -> None:
    before = images()
    assert everything()(before, 0.0, stream()) is before
    assert Augmenter([])(before, 0.7, stream()) is before


def test_applies_every_part_to_every_image_at_probability_1() -> None:
    before = images()
    after = Augmenter([Add(0.5), Add(0.25)])(before, 1.0, stream())
    torch.testing.assert_close(after, before + 0.75, rtol=0, atol=1e-6)


def test_chooses_parts_and_images_independently() -> None:
    zeros = torch.zeros(20_000, 1, 1, 1)
    total = Augmenter([Add(1.0), Add(2.0)])(zeros, 0.3, stream()).flatten()
    shares = [(total == value).float().mean().item() for value in (0.0, 1.0, 2.0, 3.0)]
    assert shares == pytest.approx([0.49, 0.21, 0.21, 0.09], abs=0.015)


def test_leaves_unchosen_images_bit_for_bit() -> None:
    before = images(64)
    after = everything()(before, 0.1, stream())
    same = (after == before).flatten(1).all(dim=1)
    # Six parts leave 0.9 ** 6 = 53 % alone.
    assert 20 < same.sum() < 48


def test_keeps_what_it_does_when_the_probability_rises() -> None:
    zeros = torch.zeros(500, 1, 1, 1)
    parts = Augmenter([Add(1.0), Add(2.0)])
    low, high = (parts(zeros, probability, stream()).int() for probability in (0.2, 0.6))
    assert torch.equal(low & high, low)
    assert not torch.equal(low, high)


def test_takes_as_much_from_its_stream_at_every_probability() -> None:
    first, second = stream(), stream()
    everything()(images(), 0.01, first)
    everything()(images(), 0.99, second)
    assert torch.equal(first.get_state(), second.get_state())


def test_follows_from_its_stream() -> None:
    augment = everything()
    assert torch.equal(augment(images(), 0.5, stream(1)), augment(images(), 0.5, stream(1)))
    assert not torch.equal(augment(images(), 0.5, stream(1)), augment(images(), 0.5, stream(2)))


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_keeps_the_memory_layout(layout: torch.memory_format) -> None:
    before = images(channels=3).contiguous(memory_format=layout)
    after = everything()(before, 0.5, stream())
    assert after.stride() == before.stride()


def test_has_the_gradient_of_finite_differences_through_all_parts() -> None:
    before = (images(3)[:, :, :8, :10] * 0.9).double().requires_grad_()
    augment = everything()
    assert torch.autograd.gradcheck(lambda x: augment(x, 0.6, stream()), before)


def test_lets_a_penalty_differentiate_twice_through_it() -> None:
    before = images().requires_grad_()
    (slope,) = torch.autograd.grad(
        everything()(before, 0.8, stream()).pow(3).sum(), before, create_graph=True
    )
    slope.square().sum().backward()
    assert before.grad is not None
    assert torch.isfinite(before.grad).all()
    assert before.grad.abs().sum() > 0
