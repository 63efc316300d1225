from __future__ import annotations

import pytest
import torch

from soundgan.errors import ConfigError
from soundgan.models.convt import (
    LEAK,
    ConvTDiscriminator,
    ConvTDiscriminatorOptions,
    ConvTGenerator,
    ConvTGeneratorOptions,
)
from soundgan.models.cost import count_parameters, forward_flops
from soundgan.models.minibatch_std import MinibatchStd

IMAGE = (1, 128, 64)


def test_defaults_have_under_a_million_weights_a_side() -> None:
    generator = ConvTGenerator(ConvTGeneratorOptions(), IMAGE, 10)
    discriminator = ConvTDiscriminator(ConvTDiscriminatorOptions(), IMAGE, 10)
    assert count_parameters(generator) < 1_000_000
    assert count_parameters(discriminator) < 1_000_000


@pytest.mark.parametrize("shape", [(8, 8), (16, 64), (64, 16), (128, 32)])
def test_any_rectangle_of_powers_of_two_fits(shape: tuple[int, int]) -> None:
    image = (1, *shape)
    generator = ConvTGenerator(ConvTGeneratorOptions(width=2), image, None)
    discriminator = ConvTDiscriminator(ConvTDiscriminatorOptions(width=2), image, None)
    made = generator(torch.randn(4, 64))
    assert made.shape == (4, 1, *shape)
    assert discriminator(made).shape == (4, 1)
    assert min(generator.canvas.grid) == 4


def test_transposed_stage_costs_four_ninths_of_an_upsampled_one() -> None:
    def stages(up: str) -> int:
        options = ConvTGeneratorOptions.model_validate({"up": up})
        generator = ConvTGenerator(options, IMAGE, None)
        return forward_flops(generator) - 2 * sum(
            m.weight.numel() for m in generator.modules() if isinstance(m, torch.nn.Linear)
        )

    assert 9 * stages("transposed") == 4 * stages("nearest")


def test_leaky_output_is_linear_inside_and_reaches_silence() -> None:
    generator = ConvTGenerator(ConvTGeneratorOptions(output="leaky", width=2), IMAGE, None)
    torch.nn.init.zeros_(generator.get_parameter("to_image.weight"))
    for bias, expected in ((0.5, 0.5), (-1.0, -1.0), (-3.0, -1.0 - 2 * LEAK)):
        torch.nn.init.constant_(generator.get_parameter("to_image.bias"), bias)
        made = generator(torch.randn(2, 64))
        torch.testing.assert_close(made, torch.full_like(made, expected))


def test_minibatch_std_of_a_group_is_in_its_own_map_only() -> None:
    features = torch.zeros(4, 3, 2, 2)
    features[0], features[1] = 1.0, -1.0  # standard deviation 1 in the first group, 0 in the other
    out = MinibatchStd(2)(features)
    assert out.shape == (4, 4, 2, 2)
    assert torch.equal(out[:, :3], features)
    torch.testing.assert_close(out[:2, 3], torch.ones(2, 2, 2))
    torch.testing.assert_close(out[2:, 3], torch.full((2, 2, 2), 1e-4))


def test_discriminator_sees_that_images_are_all_alike() -> None:
    discriminator = ConvTDiscriminator(ConvTDiscriminatorOptions(width=4), IMAGE, None).eval()
    one = torch.randn(1, *IMAGE)
    alike, varied = one.expand(4, -1, -1, -1), torch.cat([one, torch.randn(3, *IMAGE)])
    assert discriminator(alike)[0].item() != pytest.approx(discriminator(varied)[0].item())
    alone = ConvTDiscriminator(ConvTDiscriminatorOptions(width=4, minibatch_std=0), IMAGE, None)
    torch.testing.assert_close(alone(alike)[0], alone(varied)[0], rtol=1e-4, atol=1e-5)


def test_injected_noise_is_part_of_the_latent_and_changes_detail_only_locally() -> None:
    options = ConvTGeneratorOptions(width=4, latent_dim=8, noise_injection=True)
    generator = ConvTGenerator(options, IMAGE, None).eval()
    maps = 8 * 4 + 16 * 8 + 32 * 16 + 64 * 32
    assert generator.latent_dim == 8 + maps
    z = torch.randn(1, generator.latent_dim)
    other = z.clone()
    other[0, -1] += 5.0  # the last pixel of the last map
    changed = (generator(z) != generator(other))[0, 0]
    assert changed[-2:, -2:].any()
    assert not changed[:-8].any()
    assert not changed[:, :-8].any()


def test_without_noise_injection_the_latent_is_the_code() -> None:
    assert ConvTGenerator(ConvTGeneratorOptions(latent_dim=8), IMAGE, None).latent_dim == 8


@pytest.mark.parametrize("patch", [[1, 1], [4, 4], [8, 2]])
@pytest.mark.parametrize("sides", [(96, 64), (75, 101), (512, 430)])
def test_other_sides_and_patches_fit_both_networks(
    sides: tuple[int, int], patch: list[int]
) -> None:
    image = (1, *sides)
    made = ConvTGenerator(ConvTGeneratorOptions(width=2, patch=patch), image, None)(
        torch.randn(4, 64)
    )
    discriminator = ConvTDiscriminator(ConvTDiscriminatorOptions(width=2, patch=patch), image, None)
    assert made.shape == (4, *image)
    assert discriminator(made).shape == (4, 1)


@pytest.mark.parametrize("network", [ConvTGenerator, ConvTDiscriminator])
def test_a_side_shorter_than_eight_patches_is_refused(
    network: type[ConvTGenerator] | type[ConvTDiscriminator],
) -> None:
    options = network.Options.model_validate({"patch": [16, 4]})
    message = (
        r"^representation\.height: 127 is too little for convt with patches of 16 pixels; "
        r"choose 128 or more$"
    )
    with pytest.raises(ConfigError, match=message):
        network(options, (1, 127, 64), None)  # type: ignore[arg-type]


def test_the_ends_of_a_generator_with_patches_are_one_wide_transposed_convolution() -> None:
    torch.manual_seed(0)
    generator = ConvTGenerator(ConvTGeneratorOptions(width=2, patch=[4, 2]), IMAGE, None)
    inside = generator.to_image
    assert isinstance(inside, torch.nn.ConvTranspose2d)
    hidden = torch.randn(3, 2, 16, 16)
    # Pixel (4 y + i, 2 x + j) of the wide kernel is tap (y, x) of channel 2 i + j.
    apart = inside.weight.view(2, 1, 4, 2, 4, 4).permute(0, 1, 4, 2, 5, 3)
    wide = torch.nn.functional.conv_transpose2d(
        hidden, apart.reshape(2, 1, 16, 8), None, stride=(8, 4), padding=(4, 2)
    )
    made = generator.canvas.joined(inside(hidden))
    torch.testing.assert_close(made, wide, rtol=1e-4, atol=1e-5)


def test_the_start_of_a_discriminator_with_patches_is_one_wide_convolution() -> None:
    torch.manual_seed(0)
    options = ConvTDiscriminatorOptions(width=2, patch=[4, 2])
    discriminator = ConvTDiscriminator(options, IMAGE, None)
    first = discriminator.get_submodule("stages.0")
    assert isinstance(first, torch.nn.Conv2d)
    image = torch.randn(3, *IMAGE)
    apart = first.weight.view(2, 1, 4, 2, 4, 4).permute(0, 1, 4, 2, 5, 3)
    wide = torch.nn.functional.conv2d(
        image, apart.reshape(2, 1, 16, 8), None, stride=(8, 4), padding=(4, 2)
    )
    seen = first(discriminator.canvas.cut(image))
    torch.testing.assert_close(seen, wide, rtol=1e-4, atol=1e-5)


def test_sixteen_times_the_pixels_in_patches_cost_twice_the_training_of_an_eighth_of_them() -> None:
    """512 x 384 in patches of 4 x 4 against 128 x 64, and less than in a ladder without patches."""

    def flops(image: tuple[int, int, int], patch: list[int]) -> int:
        options = ConvTDiscriminatorOptions(patch=patch)
        return forward_flops(ConvTDiscriminator(options, image, None))

    large, small = (1, 512, 384), IMAGE
    assert flops(large, [4, 4]) < 2.2 * flops(small, [1, 1])
    assert 10 * flops(large, [4, 4]) < flops(large, [1, 1])


def test_noise_of_a_pixel_changes_its_own_patches_alone() -> None:
    options = ConvTGeneratorOptions(width=4, latent_dim=8, patch=[4, 2], pixel_noise=3)
    generator = ConvTGenerator(options, IMAGE, None).eval()
    assert generator.latent_dim == 8 + 3 * 16 * 16
    z = torch.randn(1, generator.latent_dim)
    other = z.clone()
    other[0, -1] += 5.0  # the last pixel of the last map
    changed = (generator(z) != generator(other))[0, 0]
    # 4 taps of 4 x 2 pixels, one patch of which lies beyond the image
    assert changed[-12:, -6:].all()
    assert changed.sum() == 12 * 6
