"""The networks that a config asks for, with errors that name the config's key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from soundgan.config.parts import load_part
from soundgan.config.schema import Config
from soundgan.config.settings import Settings
from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.models.contract import Discriminator, Generator
from soundgan.runtime.draws import DrawsFrom
from soundgan.shapes import Shape


def network_classes(config: Config, n_classes: int | None) -> int | None:
    """Classes that the networks tell apart: with label dropout, "no label" is the last of them."""
    return n_classes + 1 if n_classes and config.data.label_dropout > 0 else n_classes


def build_generator(
    config: Config, shape: Shape, n_classes: int | None, place: str, *, seed: int
) -> Generator:
    """The generator of a config for x of a shape, with fresh weights drawn from ``seed``.

    Raises:
        ConfigError: It does not exist, or its options do not fit it or the shape.
    """
    with DrawsFrom(seed):
        return generators(config, shape, place)(network_classes(config, n_classes))


def build_discriminator(
    config: Config, shape: Shape, n_classes: int | None, place: str, *, seed: int
) -> Discriminator:
    """As :func:`build_generator`, the discriminator."""
    with DrawsFrom(seed):
        return discriminators(config, shape, place)(network_classes(config, n_classes))


def generators(config: Config, shape: Shape, place: str) -> Callable[[int | None], Generator]:
    """What makes generators of a config for any number of classes, "no label" among them.

    Raises:
        ConfigError: The part does not exist, or its options do not fit it; what it makes raises
            this where they do not fit the shape.
    """
    part, options = load_part(GENERATORS, config.generator, "generator", place)
    return partial(_made, part, options, shape)


def discriminators(
    config: Config, shape: Shape, place: str
) -> Callable[[int | None], Discriminator]:
    """As :func:`generators`, discriminators."""
    part, options = load_part(DISCRIMINATORS, config.discriminator, "discriminator", place)
    return partial(_made, part, options, shape)


def _made(part: Any, options: Settings, shape: Shape, n_classes: int | None) -> Any:
    return part(options, shape, n_classes)
