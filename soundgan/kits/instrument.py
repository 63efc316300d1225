"""A kit: drums on the keys of a keyboard, whatever file it is written to."""

from __future__ import annotations

from dataclasses import dataclass

SAMPLES = "Samples"
"""Folder of the sounds, beside the files of the samplers."""


@dataclass(frozen=True)
class Sample:
    """A sound file.

    Attributes:
        file: Its name in :data:`SAMPLES`.
        n_samples: Its length.
    """

    file: str
    n_samples: int


@dataclass(frozen=True)
class Layer:
    """What one key plays when it is struck about so hard.

    Attributes:
        samples: Its takes, played in turn.
        low: Lowest MIDI velocity.
        high: Highest one.
    """

    samples: tuple[Sample, ...]
    low: int = 1
    high: int = 127

    @property
    def is_whole(self) -> bool:
        """Whether it is played at all velocities."""
        return (self.low, self.high) == WHOLE


WHOLE = (1, 127)
"""All velocities."""


@dataclass(frozen=True)
class Drum:
    """What one key plays.

    Attributes:
        name: For people.
        note: MIDI number of the key.
        layers: What it plays at which velocities, the hardest first.
        choke: Number of the group in which a new sound cuts the last one off; 0 for none.
    """

    name: str
    note: int
    layers: tuple[Layer, ...]
    choke: int = 0

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Those of all layers."""
        return tuple(sample for layer in self.layers for sample in layer.samples)


@dataclass(frozen=True)
class Instrument:
    """At most 128 drums, each on a key of its own.

    Attributes:
        name: For people.
        sample_rate: Of all sounds, Hz.
        drums: By note.
        maker: What wrote it.
    """

    name: str
    sample_rate: int
    drums: tuple[Drum, ...]
    maker: str
