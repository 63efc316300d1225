"""A run that keeps its states in memory, and needs no disk."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from soundgan.training.snapshot import Snapshot, snapshot_of
from soundgan.training.state import TrainState
from soundgan.training.states import Age, Kept, age_of, superfluous


class StatesInMemory:
    """Keeps states as long as the process lives."""

    def __init__(self) -> None:
        self._all: dict[Age, tuple[Kept, Snapshot]] = {}

    def put(self, state: TrainState, *, keep: int) -> None:
        """Keep a copy of the state."""
        age = age_of(state)
        kept = Kept(age, state.history.sound, state.history.kernel_distance)
        self._all[age] = kept, _copied(snapshot_of(state, ""))
        ages = [found.age for found in self.kept()]
        for other in superfluous(ages, age, keep=keep, training=state.config.training):
            del self._all[other]

    def kept(self) -> list[Kept]:
        """Those that are there, newest first."""
        return [self._all[age][0] for age in sorted(self._all, reverse=True)]

    def read(self, kept: Kept) -> Snapshot:
        """A copy of one of them: what is made of it leaves the kept one as it was."""
        return _copied(self._all[kept.age][1])

    def drop(self, kept: Iterable[Kept]) -> None:
        """Let go of some."""
        for found in kept:
            del self._all[found.age]


def _copied(snapshot: Snapshot) -> Snapshot:
    """The same, whatever becomes of the state that it was taken of."""
    tensors = {name: value.clone() for name, value in snapshot.tensors.items()}
    return Snapshot(snapshot.step, tensors, copy.deepcopy(snapshot.document))
