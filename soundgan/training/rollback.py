"""Back to a good checkpoint: which one, and how nothing is lost if the process is killed meanwhile.

The state is restored, then saved at once under the name of a new attempt; only then are the
checkpoints of the abandoned attempt removed. A process that is killed before the save is complete
goes on from an old checkpoint and comes to the same decision again; afterwards the new one is the
newest whatever else is left.
"""

from __future__ import annotations

from soundgan.errors import ArtefactError
from soundgan.health.history import History
from soundgan.training.snapshot import Snapshot, restore
from soundgan.training.state import TrainState
from soundgan.training.states import YOUNG, States

RING = 4
"""Checkpoints that are kept at least while a run may go back."""
LEAST_AGE = 0.05
"""Share of the run that should lie between a trouble and the checkpoint: it began unseen."""


def find_target(
    states: States, state: TrainState, *, ring: int, any_will_do: bool
) -> Snapshot | None:
    """The checkpoint to go back to.

    The one with the smallest kernel distance, or the newest where none was measured, among those
    that are sound and old enough; else the newest sound one; else, while the run is young, the
    one of step 0.

    Args:
        states: Those of the run that are kept.
        state: As it is now.
        ring: How many of the newest checkpoints count.
        any_will_do: Whether the newest will do where none is sound.
    """
    training = state.config.training
    usual = [found for found in states.kept() if found.step % training.checkpoint_every == 0]
    newest = [found for found in usual if found.step > 0][:ring]
    candidates = [found for found in newest if found.step < state.step]
    least_age = LEAST_AGE * training.steps
    sound = [found for found in candidates if found.sound]
    old = [found for found in sound if state.step - found.step >= least_age]
    measured = sorted(
        (found for found in old if found.kernel_distance is not None),
        key=lambda found: found.kernel_distance or 0.0,
    )
    chosen = [*measured, *old, *sound, *(candidates if any_will_do else ())]
    if state.step <= YOUNG * training.steps:
        chosen += [found for found in usual if found.step == 0]
    for found in chosen:
        try:
            return states.read(found)
        except ArtefactError:
            continue  # damaged; the next best
    return None


def go_back(state: TrainState, target: Snapshot) -> History:
    """Put the networks of ``target`` into the state; what was learnt since stays with the caller.

    The best average of the run stays too.

    Returns:
        The history of that moment.
    """
    controls, history, best = state.controls, state.history, state.best
    restore(state, target)
    past = state.history
    state.controls, state.history = controls, history
    state.best = best if best is not None else state.best
    return past


def drop_abandoned(states: States, history: History) -> None:
    """Let go of the checkpoints that rollbacks left behind."""
    abandoned = []
    for found in states.kept():
        attempt, step = found.age
        if any(step >= rollback.to for rollback in history.rollbacks[attempt:]):
            abandoned.append(found)
    states.drop(abandoned)
