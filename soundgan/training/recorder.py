"""What a run tells those who write it down, show it or keep what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

from soundgan.health.events import Event
from soundgan.training.loop import Numbers
from soundgan.training.state import TrainState


class Recorder:
    """Is told what happens in a run; a method that is not overridden does nothing.

    One process owns the recorders of a run. They change nothing of it: with and without them it
    trains to the same weights. Where they raise, the run ends.
    """

    def begun(self, state: TrainState) -> None:
        """The first step of this process is to come."""

    def stepped(self, state: TrainState, numbers: Numbers) -> None:
        """A step was done, and its numbers were read, which elsewhere than on the CPU is rare."""

    def logged(self, state: TrainState, numbers: Numbers) -> None:
        """The same for the steps that the config wants to be logged."""

    def measured(self, step: int, numbers: Numbers) -> None:
        """Generated sounds, an average or the discriminator were looked at after ``step``."""

    def happened(self, event: Event) -> None:
        """Something that a person should know of."""

    def preview_due(self, state: TrainState) -> None:
        """It is time to look and listen."""

    def saved(self, state: TrainState) -> None:
        """The state was put where the run can go on from."""

    def rolled_back(self, state: TrainState) -> None:
        """The run went back to an earlier step, which is the state's now."""

    def finished(self, state: TrainState) -> None:
        """No step follows in this process, and the last state was saved."""


class Recorders(Recorder):
    """Several, told in order.

    Args:
        recorders: They.
    """

    def __init__(self, recorders: Sequence[Recorder]) -> None:
        self._all = tuple(recorders)

    def __len__(self) -> int:
        return len(self._all)

    def begun(self, state: TrainState) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.begun(state)

    def stepped(self, state: TrainState, numbers: Numbers) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.stepped(state, numbers)

    def logged(self, state: TrainState, numbers: Numbers) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.logged(state, numbers)

    def measured(self, step: int, numbers: Numbers) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.measured(step, numbers)

    def happened(self, event: Event) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.happened(event)

    def preview_due(self, state: TrainState) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.preview_due(state)

    def saved(self, state: TrainState) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.saved(state)

    def rolled_back(self, state: TrainState) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.rolled_back(state)

    def finished(self, state: TrainState) -> None:
        """Tell all."""
        for recorder in self._all:
            recorder.finished(state)
