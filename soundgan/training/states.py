"""Where a run keeps states of itself to go back to, and how many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from soundgan.config.schema import TrainingConfig
from soundgan.training.snapshot import Snapshot
from soundgan.training.state import TrainState

YOUNG = 0.25
"""Share of a run in which it may still start over: so long the state of step 0 is kept."""

Age = tuple[int, int]
"""Attempt and step of a state; the larger, the newer, as a later attempt is newer at any step."""


@dataclass(frozen=True)
class Kept:
    """What is known of a kept state before it is read.

    Attributes:
        age: Attempt and step.
        sound: Whether the game was worth going back to.
        kernel_distance: Of the newest evaluation, where there was one.
    """

    age: Age
    sound: bool = False
    kernel_distance: float | None = None

    @property
    def step(self) -> int:
        """Generator updates done."""
        return self.age[1]


class States(Protocol):
    """Keeps states of one run."""

    def put(self, state: TrainState, *, keep: int) -> None:
        """Keep the state, and let go of those that are :func:`superfluous` then.

        Raises:
            TrainingDivergedError: A value of it is not finite; nothing is kept.
        """

    def kept(self) -> list[Kept]:
        """Those that are there, newest first."""

    def read(self, kept: Kept) -> Snapshot:
        """One of them.

        Raises:
            ArtefactError: It is damaged.
        """

    def drop(self, kept: Iterable[Kept]) -> None:
        """Let go of some."""


def age_of(state: TrainState) -> Age:
    """Attempt and step."""
    return state.controls.attempt, state.step


def superfluous(
    ages: Sequence[Age], saved: Age, *, keep: int, training: TrainingConfig
) -> list[Age]:
    """Which states to let go of, newest first, once that of ``saved`` is kept.

    All but the newest few. Those that were saved between the usual steps, when somebody stopped
    the run, take no place of the others: an interrupted run can go back to the same ones as an
    uninterrupted one. The one of step 0 stays while the run is young.

    Args:
        ages: Of all that are kept, newest first.
        saved: The last one. What is newer was passed over as damaged when the run went on from an
            older one; it must not take the place of those that are whole.
        keep: How many stay.
        training: Of the config.
    """
    later = [age for age in ages if age <= saved and age[1] > 0]
    stay = {*later[:keep], *scheduled(later, training.checkpoint_every)[:keep]}
    if saved[1] <= YOUNG * training.steps:
        stay |= {age for age in ages if age <= saved and age[1] == 0}
    return [age for age in ages if age not in stay]


def scheduled(ages: Sequence[Age], every: int) -> list[Age]:
    """Those that were saved at one of the usual steps."""
    return [age for age in ages if age[1] % every == 0]
