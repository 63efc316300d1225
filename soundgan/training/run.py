"""A run: the game, what is measured of it when, and how it is put right.

It knows no disk and no rank. What it needs of the past is in a store of states that it is given;
what others make of it is told to recorders. Where there are none, it trains to the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from soundgan.errors import TrainingDivergedError
from soundgan.health.verdict import Verdict
from soundgan.training.adaptation import LOOK_EVERY, Adaptation
from soundgan.training.batches import Batches
from soundgan.training.estimate import step_flops
from soundgan.training.loop import Every, Numbers, fit, read_every
from soundgan.training.monitor import PROBE_EVERY, Monitor
from soundgan.training.preview import first_preview
from soundgan.training.probe import Probe
from soundgan.training.recorder import Recorder, Recorders
from soundgan.training.selection import Selection
from soundgan.training.state import TrainState
from soundgan.training.states import States


@dataclass(frozen=True)
class Measures:
    """What looks at a run while it goes on; ``None`` for what its clips or its config forbid.

    Attributes:
        selection: Keeps the best average.
        probe: Looks at sounds for the watch over the game.
        adaptation: Moves the augmentation.
        probe_every: Steps between two looks of the probe.
    """

    selection: Selection | None = None
    probe: Probe | None = None
    adaptation: Adaptation | None = None
    probe_every: int = PROBE_EVERY


class Run:
    """One run, from where its state is.

    Args:
        state: Changed in place.
        batches: What is trained on.
        states: Where states are kept to go back to.
        measures: What looks at it.
        recorders: Are told what happens, in this order.
        remedies: Whether to act on a game that goes wrong, or only to tell.
        tempo: Factor on the patience of the watch.
    """

    def __init__(
        self,
        state: TrainState,
        batches: Batches,
        states: States,
        measures: Measures,
        recorders: Sequence[Recorder] = (),
        *,
        remedies: bool = True,
        tempo: float = 1.0,
    ) -> None:
        self.state = state
        self._batches, self._states, self._measures = batches, states, measures
        self._recorders = Recorders(recorders)
        self._monitor = Monitor(
            state,
            states,
            self._save,
            self._recorders,
            probe=measures.probe,
            remedies=remedies,
            tempo=tempo,
            probe_every=measures.probe_every,
        )

    def train(self, *, until: int, should_stop: Callable[[], bool] = lambda: False) -> None:
        """Go on until a step, or until ``should_stop`` says so after one; the state is then saved.

        Raises:
            TrainingDivergedError: Numbers are not finite and there is nothing left to do.
        """
        state = self.state
        self._recorders.begun(state)
        self._monitor.begin(state)
        fit(
            state,
            self._batches,
            self._hooks(),
            until=until,
            inspect=self._monitor.inspect,
            should_stop=should_stop,
        )
        training = state.config.training
        whole = state.step == training.steps and state.history.strikes == 0
        if whole and state.step % (training.evaluate_every or 1):
            self._select()
        self._save_soundly()

    def finish(self) -> Verdict:
        """Let recorders do their last, and say how the game went."""
        self._recorders.finished(self.state)
        return self._monitor.conclude(self.state)

    def _hooks(self) -> list[Every]:
        """What is done when. The last saves, so that what the others have changed is in it."""
        training, measures = self.state.config.training, self._measures
        hooks = []
        if len(self._recorders):
            first = first_preview(step_flops(self.state))
            hooks = [
                Every(training.log_every, self._recorders.logged),
                Every(read_every(self.state), self._recorders.stepped),
                Every(training.preview_every, lambda s, m: self._recorders.preview_due(s), first),
            ]
        if measures.adaptation is not None:
            hooks.append(Every(LOOK_EVERY, lambda s, m: self._adapt()))
        if measures.selection is not None:
            hooks.append(Every(training.evaluate_every, lambda s, m: self._select()))
        return [*hooks, Every(training.checkpoint_every, lambda s, m: self._save_soundly())]

    def _adapt(self) -> None:
        """Move the augmentation."""
        if self._measures.adaptation is not None:
            found = self._measures.adaptation.look(self.state)
            self._measured({name: float(value) for name, value in found.items()})

    def _select(self) -> None:
        """Measure the average of this step, and keep it if it is the best."""
        if self._measures.selection is not None:
            distance = self._measures.selection.consider(self.state)
            self.state.history.kernel_distance = distance
            self._measured({"evaluation/kernel_distance": distance})

    def _measured(self, numbers: Numbers) -> None:
        self._recorders.measured(self.state.step, numbers)

    def _save_soundly(self) -> None:
        """Save; go back to a good state instead if there is something not finite in this one."""
        try:
            self._save()
        except TrainingDivergedError as error:
            self._monitor.rescue(self.state, error)

    def _save(self) -> None:
        self._states.put(self.state, keep=self._monitor.states_kept)
        self._recorders.saved(self.state)
