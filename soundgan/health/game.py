"""What judging a game needs to know of its config."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Game:
    """The parts of a run that rules and remedies depend on.

    Attributes:
        steps: Generator updates of the whole run.
        guess_loss: The discriminator's loss where it cannot tell real from generated; 0 or less
            where a loss has no such scale (Wasserstein), and no loss then counts as won.
        penalises: Whether there is a gradient penalty to strengthen.
        augments: Whether there are augmentations to apply more often.
        augment_probability: How often the config applies them.
        max_augment_probability: How often at most.
        generator_rate: Learning rate of the config.
        discriminator_rate: Learning rate of the config.
    """

    steps: int
    guess_loss: float
    penalises: bool
    augments: bool
    augment_probability: float
    max_augment_probability: float
    generator_rate: float
    discriminator_rate: float

    @property
    def steady_discriminator_scale(self) -> float:
        """Factor that slows the discriminator to a tenth of the generator's rate.

        The ResNet-9 original leaps with equal rates. From a third of them on its game was even, but
        its sounds were a fifth farther from real ones than at a tenth.
        """
        return self.generator_rate / (10 * self.discriminator_rate)

    @property
    def lowest_discriminator_scale(self) -> float:
        """Factor that slows the discriminator to a twentieth of the generator's rate."""
        return min(1.0, self.generator_rate / (20 * self.discriminator_rate))
