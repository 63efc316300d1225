from __future__ import annotations

import pytest
import torch

from soundgan.errors import ConfigError
from soundgan.models.cost import count_parameters
from soundgan.models.resnet9 import ResNet9Discriminator, ResNet9Options


def test_reference_has_the_classifiers_trunk_and_one_logit() -> None:
    with torch.device("meta"):
        network = ResNet9Discriminator(ResNet9Options(), (3, 32, 32), None)
        assert network(torch.empty(2, 3, 32, 32)).shape == (2, 1)
    # The classifier with ten outputs is known to have 6,575,370.
    assert count_parameters(network) == 6_575_370 - 9 * (512 + 1)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (33, 47), (64, 256)])
def test_number_of_weights_does_not_depend_on_the_image_size(height: int, width: int) -> None:
    with torch.device("meta"):
        network = ResNet9Discriminator(ResNet9Options(width=4), (1, height, width), None)
        assert network(torch.empty(2, 1, height, width)).shape == (2, 1)
    assert network.to_logit.in_features == 32


def test_residual_blocks_have_two_and_eight_times_the_width() -> None:
    network = ResNet9Discriminator(ResNet9Options(width=4), (1, 32, 32), None)
    weights = [network.get_parameter(f"features.{i}.blocks.0.0.weight") for i in (2, 5)]
    assert [len(weight) for weight in weights] == [8, 32]


def test_residual_block_passes_its_input_on() -> None:
    network = ResNet9Discriminator(ResNet9Options(width=4, norm="none"), (1, 32, 32), None)
    block = network.features[2]
    torch.nn.init.zeros_(block.get_parameter("blocks.1.0.weight"))
    torch.nn.init.zeros_(block.get_parameter("blocks.1.0.bias"))
    hidden = torch.randn(1, 8, 4, 4)
    assert torch.equal(block(hidden), hidden)
    torch.nn.init.ones_(block.get_parameter("blocks.1.0.bias"))
    assert torch.equal(block(hidden), hidden + 1)


def test_small_images_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"representation\.width: 16 .* at least 32$"):
        ResNet9Discriminator(ResNet9Options(), (1, 64, 16), None)
