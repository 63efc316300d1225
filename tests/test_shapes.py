"""Sizes of clips and images."""

from __future__ import annotations

from soundgan.shapes import ClipSpec, ImageSpec


def test_the_seconds_of_a_clip_are_its_samples_over_its_rate() -> None:
    assert ClipSpec(sample_rate=8000, n_samples=2000).seconds == 0.25


def test_the_shape_of_an_image_is_channels_frequency_time() -> None:
    assert ImageSpec(channels=3, height=128, width=64).shape == (3, 128, 64)
