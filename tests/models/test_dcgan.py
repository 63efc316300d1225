from __future__ import annotations

import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from soundgan.errors import ConfigError
from soundgan.models.cost import count_parameters
from soundgan.models.dcgan import (
    DCGANDiscriminator,
    DCGANDiscriminatorOptions,
    DCGANGenerator,
    DCGANGeneratorOptions,
)
from soundgan.shapes import Shape

REFERENCE = (3, 256, 256)


def test_reference_pair_has_the_known_size() -> None:
    with torch.device("meta"):
        generator = DCGANGenerator(DCGANGeneratorOptions(), REFERENCE, None)
        discriminator = DCGANDiscriminator(DCGANDiscriminatorOptions(), REFERENCE, None)
        logits = discriminator(generator(torch.empty(2, 100)))
    assert count_parameters(generator) == 185_341_952
    assert count_parameters(discriminator) == 44_603_392
    assert logits.shape == (2, 25)


def test_reference_ladder_passes_through_four_by_four() -> None:
    with torch.device("meta"):
        generator = DCGANGenerator(DCGANGeneratorOptions(), REFERENCE, None)
        seen: list[tuple[int, ...]] = []
        for stage in generator.stages:
            stage.register_forward_hook(lambda *call: seen.append(tuple(call[-1].shape[1:])))
        generator(torch.empty(1, 100))
    assert seen == [(4096 >> i, 4 << i, 4 << i) for i in range(6)]


@pytest.mark.parametrize("height", [8, 16, 64, 128])
@pytest.mark.parametrize("width", [8, 16, 64, 256])
def test_every_power_of_two_fits_both_networks(height: int, width: int) -> None:
    image = (1, height, width)
    with torch.device("meta"):
        made = DCGANGenerator(DCGANGeneratorOptions(width=2), image, None)(torch.empty(2, 100))
        patches = DCGANDiscriminator(DCGANDiscriminatorOptions(width=2), image, None)(made)
        whole_options = DCGANDiscriminatorOptions(width=2, head="projection")
        whole = DCGANDiscriminator(whole_options, image, None)(made)
    short, long = sorted((height, width))
    side = min(5, short // 2 - 3)  # an image of 8 is halved once all the same
    assert made.shape == (2, *image)
    assert patches.shape == (2, side * ((side + 3) * long // short - 3))
    assert whole.shape == (2, 1)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ((1, 96, 64), r"representation\.height: 96 .* choose 64 or 128$"),
        ((1, 64, 4), r"representation\.width: 4 .* choose 8 or 16$"),
    ],
)
def test_other_sizes_are_refused(image: Shape, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        DCGANGenerator(DCGANGeneratorOptions(width=2), image, None)
    with pytest.raises(ConfigError, match=message):
        DCGANDiscriminator(DCGANDiscriminatorOptions(width=2), image, None)


def test_no_layer_is_wider_than_the_limit() -> None:
    generator_options = DCGANGeneratorOptions(width=8, max_channels=20)
    generator = DCGANGenerator(generator_options, (1, 64, 64), None)
    discriminator_options = DCGANDiscriminatorOptions(width=8, max_channels=20)
    discriminator = DCGANDiscriminator(discriminator_options, (1, 128, 128), None)
    assert [layer.out_channels for layer in convolutions(generator.stages)] == [20, 20, 16, 8]
    assert [layer.out_channels for layer in convolutions(discriminator.layers)] == [8, 16, 20, 20]


def convolutions(network: nn.Module) -> list[nn.Conv2d | nn.ConvTranspose2d]:
    return [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]


def test_weights_start_with_the_given_spread() -> None:
    torch.manual_seed(0)
    image = (3, 32, 32)
    for network in (
        DCGANGenerator(DCGANGeneratorOptions(width=32), image, None),
        DCGANDiscriminator(DCGANDiscriminatorOptions(width=32), image, None),
    ):
        for layer in convolutions(network):
            assert layer.weight.mean().item() == pytest.approx(0.0, abs=0.003)
            assert layer.weight.std().item() == pytest.approx(0.02, rel=0.1)
            assert layer.bias is None


def test_fan_in_weights_keep_the_signal_alive_through_a_narrow_ladder() -> None:
    torch.manual_seed(0)
    image = (1, 128, 64)
    heights = []
    for init_std in (0.02, 0.0):
        generator = DCGANGenerator(DCGANGeneratorOptions(width=8, init_std=init_std), image, None)
        heights.append(generator(torch.randn(16, 100)).std().item())
    assert heights[0] < 0.01
    assert heights[1] > 0.1


def test_spectral_norm_leaves_every_weight_with_largest_singular_value_one() -> None:
    torch.manual_seed(0)
    options = DCGANDiscriminatorOptions(width=4, spectral_norm=True, head="projection")
    discriminator = DCGANDiscriminator(options, (1, 32, 32), 3)
    for _ in range(30):
        discriminator(torch.randn(2, 1, 32, 32), torch.tensor([0, 1]))
    assert discriminator.projection is not None
    for layer in (*convolutions(discriminator), discriminator.projection.embedding):
        largest = torch.linalg.matrix_norm(layer.weight.flatten(1), ord=2).item()
        assert largest == pytest.approx(1.0, rel=0.02)


def test_power_iteration_survives_safetensors() -> None:
    options = DCGANDiscriminatorOptions(width=4, spectral_norm=True)
    first, second = (DCGANDiscriminator(options, (1, 16, 16), 3) for _ in range(2))
    images, labels = torch.randn(2, 1, 16, 16), torch.tensor([0, 1])
    first(images, labels)
    second.load_state_dict(load(save(first.state_dict())))
    for _ in range(3):
        assert torch.equal(first(images, labels), second(images, labels))


def test_patch_logits_of_a_conditional_critic_share_one_verdict_on_the_label() -> None:
    torch.manual_seed(0)
    discriminator = DCGANDiscriminator(DCGANDiscriminatorOptions(width=4), (1, 64, 64), 2)
    images = torch.randn(1, 1, 64, 64)
    difference = discriminator(images, torch.tensor([0])) - discriminator(images, torch.tensor([1]))
    torch.testing.assert_close(difference, difference[:, :1].expand(1, 25))


def test_reference_networks_are_linear_in_scale_because_nothing_has_a_bias() -> None:
    torch.manual_seed(0)
    discriminator = DCGANDiscriminator(DCGANDiscriminatorOptions(width=4), (1, 32, 32), None)
    images = torch.randn(2, 1, 32, 32)
    torch.testing.assert_close(discriminator(3 * images), 3 * discriminator(images))
