"""The average of the generator's weights."""

from __future__ import annotations

import math

import pytest
from torch import nn

from soundgan.config.load import load_config
from soundgan.training.ema import ema_decay, half_life, update_ema


def test_the_weight_of_an_image_halves_after_the_half_life() -> None:
    decay = ema_decay(1000.0, batch_size=10, images_seen=10**6)
    assert math.isclose(decay**100, 0.5)
    assert ema_decay(0.0, batch_size=10, images_seen=10**6) == 0.0
    assert ema_decay(1000.0, batch_size=10, images_seen=200) == 0.5  # ramp: half-life of 10 images


def test_an_average_moves_the_stated_way_and_copies_buffers() -> None:
    average, network = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    nn.init.constant_(average.weight, 1.0)
    nn.init.constant_(network.weight, 3.0)
    network.get_buffer("running_mean").fill_(7.0)
    update_ema(average, network, decay=0.75)
    assert average.weight.tolist() == [1.5, 1.5]
    assert average.get_buffer("running_mean").tolist() == [7.0, 7.0]


@pytest.mark.parametrize(("share", "images"), [(0.0, 500.0), (0.01, 0.01 * 200 * 16)])
def test_a_half_life_is_a_number_of_images_or_a_share_of_the_run(
    share: float, images: float
) -> None:
    config = load_config("tiny", [f"training.ema_half_life_share={share}"]).config
    assert half_life(config.training) == images
