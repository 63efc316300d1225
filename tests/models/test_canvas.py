"""Patches and what lies beyond an image: nothing is lost, nothing moves."""

from __future__ import annotations

import pytest
import torch

from soundgan.errors import ConfigError
from soundgan.models.canvas import Canvas, cosine_basis
from soundgan.shapes import ImageSpec


@pytest.mark.parametrize(
    ("height", "width", "patch", "grid", "doublings"),
    [
        (8, 8, (1, 1), (4, 4), 1),
        (128, 64, (1, 1), (8, 4), 4),
        (64, 256, (1, 1), (4, 16), 4),
        (256, 256, (1, 1), (4, 4), 6),
        (512, 512, (4, 4), (4, 4), 5),
        (512, 430, (4, 4), (8, 7), 4),  # 128 x 108 patches; 7 x 16 = 112 hold 108
        (96, 64, (1, 1), (6, 4), 4),
        (300, 100, (4, 2), (10, 7), 3),  # 75 x 50 patches; 10 x 8 and 7 x 8 hold them
    ],
)
def test_the_smallest_grid_is_four_to_seven_and_doubles_to_the_patches(
    height: int, width: int, patch: tuple[int, int], grid: tuple[int, int], doublings: int
) -> None:
    canvas = Canvas(ImageSpec(1, height, width), "net", patch)
    assert (canvas.grid, canvas.doublings) == (grid, doublings)
    assert 4 <= min(canvas.grid) <= 7


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("patch", [(1, 1), (4, 4), (2, 3), (1, 8), (8, 1)])
@pytest.mark.parametrize("sides", [(64, 64), (128, 64), (65, 64), (75, 101), (67, 130)])
def test_joined_undoes_cut(sides: tuple[int, int], patch: tuple[int, int], channels: int) -> None:
    canvas = Canvas(ImageSpec(channels, *sides), "net", patch)
    image = torch.randn(2, channels, *sides)
    patches = canvas.cut(image)
    assert patches.shape == (
        2, canvas.channels, canvas.grid[0] << canvas.doublings, canvas.grid[1] << canvas.doublings
    )  # fmt: skip
    assert torch.equal(canvas.joined(patches), image)


def test_a_patch_is_read_row_by_row_and_beyond_the_image_is_silence() -> None:
    canvas = Canvas(ImageSpec(1, 16, 25), "net", (2, 3))
    image = torch.arange(16 * 25, dtype=torch.float32).view(1, 1, 16, 25)
    patches = canvas.cut(image)
    assert patches.shape == (1, 6, 8, 10)
    assert patches[0, :, 1, 2].tolist() == [56, 57, 58, 81, 82, 83]  # rows 2 and 3, columns 6 to 8
    assert patches[0, :, 0, 8].tolist() == [24, -1, -1, 49, -1, -1]
    assert (patches[..., 9] == -1).all()


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("patch", [(1, 1), (4, 4), (2, 3), (8, 2), (8, 1)])
def test_joined_undoes_cut_in_cosines_but_for_rounding(
    patch: tuple[int, int], channels: int
) -> None:
    canvas = Canvas(ImageSpec(channels, 75, 101), "net", patch, cosines=True)
    image = torch.randn(2, channels, 75, 101)
    patches = canvas.cut(image)
    torch.testing.assert_close(canvas.joined(patches), image, rtol=0, atol=2e-6)
    if channels == 1:  # orthonormal: nothing is louder than before, and silence beyond counts
        beyond = patches.shape[1:].numel() - image.shape[1:].numel()
        energy = image.square().sum() + 2 * beyond
        torch.testing.assert_close(patches.square().sum(), energy, rtol=1e-5, atol=0)


@pytest.mark.parametrize("patch", [(4, 4), (2, 3), (8, 1)])
def test_cosines_are_orthonormal_and_begin_with_the_mean(patch: tuple[int, int]) -> None:
    waves = cosine_basis(patch)
    n = patch[0] * patch[1]
    torch.testing.assert_close(waves @ waves.T, torch.eye(n), rtol=0, atol=1e-6)
    torch.testing.assert_close(waves[0], torch.full((n,), n**-0.5))


def test_the_cosines_of_a_pair_are_its_mean_and_its_difference() -> None:
    canvas = Canvas(ImageSpec(1, 16, 16), "net", (2, 1), cosines=True)
    image = torch.zeros(1, 1, 16, 16)
    image[0, 0, 6, 5], image[0, 0, 7, 5] = 0.75, 0.25
    pair = canvas.cut(image)[0, :, 3, 5]
    torch.testing.assert_close(pair, torch.tensor([1.0, 0.5]) / 2**0.5)


def test_an_image_that_fits_without_patches_is_left_alone() -> None:
    canvas = Canvas(ImageSpec(1, 96, 64), "net")
    image = torch.randn(2, 1, 96, 64)
    assert canvas.cut(image) is image
    assert canvas.joined(image) is image


def test_patches_lie_with_their_channels_innermost_as_convolutions_read_them() -> None:
    patches = Canvas(ImageSpec(1, 64, 64), "net", (4, 4)).cut(torch.randn(2, 1, 64, 64))
    assert patches.is_contiguous(memory_format=torch.channels_last)


def test_the_gradient_of_an_image_comes_back_whole() -> None:
    canvas = Canvas(ImageSpec(1, 37, 41), "net", (3, 2))
    image = torch.randn(2, 1, 37, 41, requires_grad=True)
    weights = torch.randn(2, 1, 37, 41)
    (canvas.joined(canvas.cut(image)) * weights).sum().backward()
    assert image.grad is not None
    assert torch.equal(image.grad, weights)


@pytest.mark.parametrize(
    ("sides", "patch", "message"),
    [
        ((7, 64), (1, 1), r"^representation\.height: 7 is too little for net; choose 8 or more$"),
        ((64, 4), (1, 1), r"^representation\.width: 4 is too little for net; choose 8 or more$"),
        (
            (64, 64),
            (4, 16),
            r"^representation\.width: 64 is too little for net with patches of 16 pixels; "
            r"choose 128 or more$",
        ),
    ],
)
def test_a_side_of_fewer_than_eight_patches_is_refused(
    sides: tuple[int, int], patch: tuple[int, int], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Canvas(ImageSpec(1, *sides), "net", patch)
