"""A complete check of a config: schema, and the options of every part."""

from __future__ import annotations

from typing import Any

from soundgan.codec.build import image_spec, sized
from soundgan.config.load import LoadedConfig
from soundgan.config.parts import load_part
from soundgan.config.schema import Component
from soundgan.inversion import INVERSIONS
from soundgan.losses import LOSSES
from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.registry import Registry
from soundgan.representations import REPRESENTATIONS
from soundgan.shapes import ClipSpec

ANY_CLIP = ClipSpec(sample_rate=44100, n_samples=44100)
"""For images that follow the clips: networks are the same for all but very short ones."""


def check_parts(loaded: LoadedConfig) -> None:
    """Check that every part exists, takes its options, and can be built for the image size.

    Raises:
        ConfigError: The first problem, as ``place: key: problem``.
    """
    from soundgan.models.skeleton import shapes_only  # noqa: PLC0415 - torch

    config = loaded.config
    parts: list[tuple[Registry[Any], Component, str]] = [
        (INVERSIONS, config.inversion, "inversion"),
        (LOSSES, config.loss, "loss"),
    ]
    if config.representation.name != "auto":
        parts.append((REPRESENTATIONS, config.representation, "representation"))
    for registry, component, key in parts:
        load_part(registry, component, key, loaded.where(f"{key}.name"))
    image = image_spec(sized(config, ANY_CLIP, loaded.place))
    networks: list[tuple[Registry[Any], Component, str]] = [
        (GENERATORS, config.generator, "generator"),
        (DISCRIMINATORS, config.discriminator, "discriminator"),
    ]
    for registry, component, key in networks:
        part, options = load_part(registry, component, key, loaded.where(f"{key}.name"))
        with shapes_only():
            part(options, image.shape, None)
