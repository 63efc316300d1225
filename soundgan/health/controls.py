"""What a remedy may change about a running game."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from soundgan.errors import ArtefactError

RANGES: dict[str, tuple[float, float]] = {
    "augment_probability": (0.0, 1.0),
    "penalty_scale": (1e-3, 1e3),
    "discriminator_rate_scale": (1e-4, 1e2),
    "generator_rate_scale": (1e-4, 1e2),
    "skip_discriminator": (0.0, 1.0),
    "attempt": (0, 1000),
}
"""Smallest and largest value of each control; a document outside is not one of this program."""


@dataclass
class Controls:
    """Settings of the game that may change while it runs; the defaults change nothing.

    Attributes:
        augment_probability: Of every augmentation of the discriminator's inputs, in [0, 1];
            ``None`` leaves it to the config.
        penalty_scale: Factor on the weight of the gradient penalty.
        discriminator_rate_scale: Factor on the discriminator's learning rate.
        generator_rate_scale: Factor on the generator's learning rate.
        skip_discriminator: Probability that a step leaves the discriminator as it is; every 16th
            step updates it all the same.
        attempt: Rollbacks so far. It is part of the address of every random stream, so that a run
            that was rolled back draws anew.
    """

    augment_probability: float | None = None
    penalty_scale: float = 1.0
    discriminator_rate_scale: float = 1.0
    generator_rate_scale: float = 1.0
    skip_discriminator: float = 0.0
    attempt: int = 0

    def to_dict(self) -> dict[str, float | None]:
        """The controls as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, document: object) -> Controls:
        """The controls of a document that :meth:`to_dict` made.

        Raises:
            ArtefactError: A key is missing or unknown, or a value is of another type or range.
        """
        names = {field.name for field in fields(cls)}
        if not isinstance(document, Mapping) or set(document) != names:
            raise ArtefactError("controls: not a table of exactly the controls of this program")
        for name, value in document.items():
            if not _fits(name, value):
                raise ArtefactError(f"controls: {name}: cannot be {value!r}")
        return cls(**document)


def _fits(name: str, value: object) -> bool:
    if value is None:
        return name == "augment_probability"
    allowed = int if name == "attempt" else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        return False
    low, high = RANGES[name]
    return low <= value <= high  # false for NaN, and exact for whole numbers of any length
