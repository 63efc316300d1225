"""A config resolved for one kind of clips, and everything that it asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from soundgan.assembly.networks import build_discriminator, build_generator
from soundgan.augmentations import AUGMENTATIONS
from soundgan.augmentations.augmenter import Augmenter
from soundgan.codec.build import build_codec, resolve
from soundgan.codec.contract import Codec
from soundgan.config.parts import load_part
from soundgan.config.schema import Component, Config
from soundgan.errors import ConfigError
from soundgan.losses import LOSSES
from soundgan.losses.contract import AdversarialLoss
from soundgan.models.contract import Discriminator, Generator
from soundgan.runtime.seeding import derive_seed
from soundgan.shapes import ClipSpec

IMAGE_DIMENSIONS = 3


@dataclass(frozen=True, eq=False)
class Assembly:
    """What a model and its training are made of.

    Attributes:
        config: With everything automatic decided.
        place: Where it comes from, for errors.
        labels: Names of the classes that the networks know; empty when unconditional.
        codec: Waveforms to what the networks see, and back; fitted by whoever has the clips.
    """

    config: Config
    place: str
    labels: tuple[str, ...]
    codec: Codec

    @property
    def n_classes(self) -> int | None:
        """Number of labels, ``None`` when unconditional."""
        return len(self.labels) or None

    def with_steps(self, steps: int) -> Self:
        """The same for a run of another length."""
        training = self.config.training.model_copy(update={"steps": steps})
        return replace(self, config=self.config.model_copy(update={"training": training}))

    def generator(self) -> Generator:
        """A fresh generator, its weights drawn from the config's seed.

        Raises:
            ConfigError: It does not exist, or refuses its options or the codec's shape.
        """
        seed = derive_seed(self.config.training.seed, "generator")
        return build_generator(self.config, self.codec.shape, self.n_classes, self.place, seed=seed)

    def discriminator(self) -> Discriminator:
        """A fresh discriminator, its weights drawn from the config's seed.

        Raises:
            ConfigError: It does not exist, or refuses its options or the codec's shape.
        """
        seed = derive_seed(self.config.training.seed, "discriminator")
        return build_discriminator(
            self.config, self.codec.shape, self.n_classes, self.place, seed=seed
        )

    def loss(self, discriminator: Discriminator) -> AdversarialLoss:
        """The game's objectives.

        Raises:
            ConfigError: They do not exist, refuse their options, or do not go with the
                discriminator and the batch.
        """
        config, place = self.config, self.place
        part, options = load_part(LOSSES, config.loss, "loss", place)
        loss: AdversarialLoss = part(options)
        if loss.penalises and discriminator.mixes_samples:
            raise ConfigError(
                f"{place}: loss.name: the gradient penalty of {config.loss.name} needs a "
                "discriminator that judges every sample alone; set "
                'discriminator.options.norm = "none"'
            )
        if config.training.batch_size % discriminator.group:
            raise ConfigError(
                f"{place}: training.batch_size: {config.training.batch_size} is not a multiple of "
                f"the discriminator's groups of {discriminator.group}"
            )
        return loss

    def augmenter(self) -> Augmenter:
        """What the discriminator's inputs go through.

        Raises:
            ConfigError: A part does not exist, refuses its options, or is for images where there
                are none.
        """
        table, place = self.config.augmentation, self.place
        unused = sorted(set(table.options) - set(table.names))
        if unused:
            raise ConfigError(
                f"{place}: augmentation.options.{unused[0]}: not among augmentation.names"
            )
        if table.names and len(self.codec.shape) != IMAGE_DIMENSIONS:
            raise ConfigError(f"{place}: augmentation.names: for images only; leave them out")
        parts = []
        for name in table.names:
            component = Component(name=name, options=table.options.get(name, {}))
            part, options = load_part(AUGMENTATIONS, component, f"augmentation {name}", place)
            parts.append(part(options, self.codec.silence))
        return Augmenter(parts)


def assemble(config: Config, clip: ClipSpec, labels: tuple[str, ...], place: str) -> Assembly:
    """Decide what a config leaves automatic for clips of one kind, and build its codec.

    Raises:
        ConfigError: The representation or the inversion does not exist, or does not fit the clips.
    """
    resolved = resolve(config, clip, place, conditional=bool(labels))
    return Assembly(resolved, place, labels, build_codec(resolved, clip, place))
