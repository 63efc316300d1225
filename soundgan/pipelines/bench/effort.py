"""How long a measurement may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Limits on the repeats of everything measured on one device and in one precision.

    Attributes:
        repeats: Calls that are timed.
        at_most_s: No call of one kind begins after this, warm-up included.
        sounds: Sounds that are made in a row to measure throughput.
        sounds_s: Fewer are made, and large batches left out, where that would take longer.
        training_steps: Steps that are timed.
        training_s: No step begins after this; a longer one is not timed.
    """

    repeats: int
    at_most_s: float
    sounds: int
    sounds_s: float
    training_steps: int
    training_s: float


QUICK = Effort(repeats=7, at_most_s=0.4, sounds=16, sounds_s=2.0, training_steps=7, training_s=2.0)
THOROUGH = Effort(
    repeats=25, at_most_s=4.0, sounds=64, sounds_s=60.0, training_steps=25, training_s=30.0
)
