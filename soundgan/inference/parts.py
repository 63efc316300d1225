"""Builds the parts a config names, with errors that name the config's key."""

from __future__ import annotations

from typing import Any

import torch

from soundgan.config.load import check
from soundgan.config.schema import Component, Config
from soundgan.config.settings import Settings
from soundgan.errors import ArtefactError, ConfigError, UsageError
from soundgan.inversion import INVERSIONS
from soundgan.inversion.contract import Inversion
from soundgan.models import GENERATORS
from soundgan.models.contract import Generator
from soundgan.registry import Registry
from soundgan.representations import REPRESENTATIONS
from soundgan.representations.automatic import choose
from soundgan.representations.contract import Representation
from soundgan.shapes import ClipSpec, ImageSpec

MOST_CELLS, MOST_WEIGHTS = 1 << 26, 1 << 24
"""Magnitudes of a sound and mel weights that a file may ask for: anyone may have written it."""


def load_part(
    registry: Registry[Any], component: Component, key: str, place: str
) -> tuple[Any, Settings]:
    """The class a component names and its checked options.

    Raises:
        ConfigError: Unknown name or bad option, as ``place: key: problem``.
    """
    try:
        part = registry.load(component.name)
    except UsageError as error:
        raise ConfigError(f"{place}: {key}.name: {error}") from None
    return part, check(part.Options, component.options, place, prefix=f"{key}.options.")


def image_spec(config: Config) -> ImageSpec:
    """The size of the images a config asks for."""
    table = config.representation
    return ImageSpec(table.channels, table.height, table.width)


def resolve(config: Config, clip: ClipSpec, place: str, *, conditional: bool) -> Config:
    """The config with everything automatic decided for one dataset.

    Raises:
        ConfigError: The representation does not exist, or cannot fit clip and image.
    """
    table = config.representation
    if table.name == "auto":
        name, options = choose(clip, image_spec(config))
        table = table.model_copy(update={"name": name, "options": options | table.options})
    data = config.data.model_copy(update={"conditional": "yes" if conditional else "no"})
    resolved = config.model_copy(update={"representation": table, "data": data})
    options = build_representation(resolved, clip, place).options.model_dump()
    table = table.model_copy(update={"options": options})
    return resolved.model_copy(update={"representation": table})


def build_representation(config: Config, clip: ClipSpec, place: str) -> Representation:
    """The representation of a resolved config, without statistics."""
    part, options = load_part(REPRESENTATIONS, config.representation, "representation", place)
    representation: Representation = part(options, clip, image_spec(config))
    return representation


def build_bounded(
    component: Component, clip: ClipSpec, image: ImageSpec, place: str
) -> Representation:
    """The representation that a file names, unless it would fill the memory.

    Raises:
        ConfigError: It does not exist, or its options do not fit it, clip or image.
        ArtefactError: It is enormous.
    """
    part, options = load_part(REPRESENTATIONS, component, "representation", place)
    table = options.model_dump()
    n_weights = table.get("n_mels", 0) * table.get("n_fft", 0) // 2
    if n_weights > MOST_WEIGHTS:
        raise ArtefactError(f"{place}: a filterbank of {n_weights} weights")
    representation: Representation = part(options, clip, image)
    stft = representation.stft
    n_frames = max(image.width, stft.n_frames(clip.n_samples))
    if stft.n_bins * n_frames > MOST_CELLS:
        raise ArtefactError(f"{place}: {stft.n_bins} x {n_frames} magnitudes, at most {MOST_CELLS}")
    return representation


def build_inversion(config: Config, place: str) -> Inversion:
    """The inversion of a config."""
    part, options = load_part(INVERSIONS, config.inversion, "inversion", place)
    inversion: Inversion = part(options)
    return inversion


def network_classes(config: Config, n_classes: int | None) -> int | None:
    """Classes that the networks tell apart: with label dropout, "no label" is the last of them."""
    return n_classes + 1 if n_classes and config.data.label_dropout > 0 else n_classes


def build_generator(config: Config, n_classes: int | None, place: str, *, seed: int) -> Generator:
    """The generator of a config with fresh weights drawn from ``seed``."""
    part, options = load_part(GENERATORS, config.generator, "generator", place)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator: Generator = part(options, image_spec(config), network_classes(config, n_classes))
    return generator
