"""What every registered augmentation must do."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.augmentations import AUGMENTATIONS
from soundgan.augmentations.contract import Augmentation
from tests import families

NOTHING: dict[str, dict[str, object]] = {
    "time_shift": {"max_earlier": 0.0, "max_later": 0.0},
    "gain": {"max_change": 0.0},
    "tilt": {"max_change": 0.0},
    "frequency_mask": {"max_width": 0.0},
    "time_mask": {"max_width": 0.0},
    "noise": {"sigma": 0.0},
}
SHAPES = [(5, 1, 16, 32), (5, 3, 32, 16), (1, 1, 128, 64), (3, 1, 1, 1), (4, 3, 7, 11)]


def make(name: str, **options: object) -> Augmentation:
    return families.make(AUGMENTATIONS, name, options=options)


def stream(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(*shape: int, seed: int = 1) -> Tensor:
    """Levels from slightly below the floor to slightly above the ceiling."""
    return torch.rand(*shape, generator=stream(seed)) * 2.1 - 1.05


@pytest.mark.parametrize("name", AUGMENTATIONS.names())
class TestAugmentation:
    @pytest.mark.parametrize("shape", SHAPES, ids=str)
    def test_keeps_shape_and_type_and_stays_finite(self, name: str, shape: tuple[int, ...]) -> None:
        before = images(*shape)
        after = make(name)(before, stream())
        assert after.shape == before.shape
        assert after.dtype == before.dtype
        assert torch.isfinite(after).all()

    def test_keeps_a_low_precision(self, name: str) -> None:
        assert make(name)(images(5, 1, 32, 32).bfloat16(), stream()).dtype == torch.bfloat16

    def test_changes_images_but_not_the_ones_passed_in(self, name: str) -> None:
        before = images(8, 1, 32, 32)
        copy = before.clone()
        assert not torch.equal(make(name)(before, stream()), before)
        assert torch.equal(before, copy)

    def test_does_nothing_with_a_range_of_zero(self, name: str) -> None:
        before = images(8, 3, 32, 32)
        assert torch.equal(make(name, **NOTHING[name])(before, stream()), before)

    def test_silence_may_be_at_any_level(self, name: str) -> None:
        part = AUGMENTATIONS.load(name)
        before = images(6, 1, 32, 32)
        usual, raised = make(name), part(part.Options(), silence=-0.75)
        moved = raised(before + 0.25, stream(3)) - 0.25
        torch.testing.assert_close(moved, usual(before, stream(3)), atol=1e-6, rtol=0)

    def test_follows_from_its_stream(self, name: str) -> None:
        before, part = images(8, 1, 32, 32), make(name)
        assert torch.equal(part(before, stream(4)), part(before, stream(4)))
        assert not torch.equal(part(before, stream(4)), part(before, stream(5)))

    def test_draws_for_each_image(self, name: str) -> None:
        same = images(1, 1, 64, 64).expand(16, 1, 64, 64)
        after = make(name)(same, stream())
        assert len({tuple(image.flatten().tolist()) for image in after}) >= 6

    def test_treats_real_and_fake_images_alike(self, name: str) -> None:
        real, part = images(8, 1, 32, 32), make(name)
        fake = real.clone().requires_grad_()
        assert torch.equal(part(fake * 1, stream()), part(real, stream()))

    def test_draws_the_same_numbers_whatever_the_images(self, name: str) -> None:
        part, first, second = make(name), stream(), stream()
        part(images(8, 1, 32, 32), first)
        part(torch.full((8, 1, 32, 32), -1.0), second)
        assert torch.equal(first.get_state(), second.get_state())

    @pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
    def test_keeps_the_memory_layout(self, name: str, layout: torch.memory_format) -> None:
        before = images(4, 3, 16, 8).contiguous(memory_format=layout)
        after = make(name)(before, stream())
        assert after.stride() == before.stride()
        plain = make(name)(before.contiguous(), stream())
        torch.testing.assert_close(after.contiguous(), plain, rtol=0, atol=0)

    def test_has_the_gradient_of_finite_differences(self, name: str) -> None:
        before = (images(2, 1, 6, 20) * 0.9).double().requires_grad_()
        part = make(name)
        assert torch.autograd.gradcheck(lambda x: part(x, stream()), before)
        assert torch.autograd.gradgradcheck(lambda x: part(x, stream()), before)

    def test_lets_a_gradient_of_the_right_sign_reach_most_pixels(self, name: str) -> None:
        before = images(8, 1, 32, 32).requires_grad_()
        make(name)(before, stream()).sum().backward()
        assert before.grad is not None
        assert (before.grad >= 0).all()
        assert (before.grad > 0).float().mean() > 0.7

    def test_refuses_a_negative_range(self, name: str) -> None:
        for option in NOTHING[name]:
            with pytest.raises(ValueError, match="greater than or equal to 0"):
                make(name, **{option: -0.01})


@pytest.mark.parametrize("name", [name for name in AUGMENTATIONS.names() if name != "noise"])
def test_silence_stays_silent(name: str) -> None:
    silence = torch.full((16, 1, 32, 32), -1.0)
    assert torch.equal(make(name)(silence, stream()), silence)
