from __future__ import annotations

import torch
from torch import nn

from soundgan.models.mlp import (
    MLPDiscriminator,
    MLPDiscriminatorOptions,
    MLPGenerator,
    MLPGeneratorOptions,
)

IMAGE = (1, 64, 64)


def linear_sizes(network: nn.Module) -> list[tuple[int, int]]:
    return [(m.in_features, m.out_features) for m in network.modules() if isinstance(m, nn.Linear)]


def test_reference_generator_widens_four_times_before_the_image() -> None:
    generator = MLPGenerator(MLPGeneratorOptions(), IMAGE, 10)
    assert linear_sizes(generator) == [
        (110, 128),
        (128, 256),
        (256, 512),
        (512, 1024),
        (1024, 4096),
    ]


def test_reference_discriminator_mirrors_the_generator() -> None:
    discriminator = MLPDiscriminator(MLPDiscriminatorOptions(label_dim=6), IMAGE, 10)
    assert linear_sizes(discriminator) == [
        (4096 + 6, 1024),
        (1024, 512),
        (512, 256),
        (256, 128),
        (128, 1),
    ]


def test_pixels_are_a_sigmoid_stretched_to_both_signs() -> None:
    generator = MLPGenerator(MLPGeneratorOptions(hidden=2), IMAGE, None)
    nn.init.zeros_(generator.to_image.weight)
    for logit, pixel in ((-100.0, -1.0), (0.0, 0.0), (100.0, 1.0)):
        nn.init.constant_(generator.to_image.bias, logit)
        assert (generator(torch.randn(2, 100)) == pixel).all()
