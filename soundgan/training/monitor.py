"""The watch at work in a run: it looks, tells, acts, and puts the run back when it must."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from soundgan.errors import TrainingDivergedError
from soundgan.health.controls import Controls
from soundgan.health.events import Event
from soundgan.health.game import Game
from soundgan.health.verdict import Verdict, verdict
from soundgan.health.watch import Decision, Watch
from soundgan.training.loop import Numbers, check_finite, read_every
from soundgan.training.probe import Probe
from soundgan.training.recorder import Recorder
from soundgan.training.rollback import RING, drop_abandoned, find_target, go_back
from soundgan.training.snapshot import Snapshot
from soundgan.training.state import TrainState
from soundgan.training.states import States

PROBE_EVERY = 250
"""Steps between measurements of generated sounds."""


class Monitor:
    """Looks after one run.

    Args:
        state: The run.
        states: Where its states are kept.
        save: Keeps the state as it is.
        recorders: Are told.
        probe: Measures generated sounds, where there are clips to compare with.
        remedies: Whether to act, or only to tell.
        tempo: Factor on all patience; a smaller one is hastier.
        probe_every: Steps between measurements.
    """

    def __init__(
        self,
        state: TrainState,
        states: States,
        save: Callable[[], object],
        recorders: Recorder,
        *,
        probe: Probe | None,
        remedies: bool,
        tempo: float = 1.0,
        probe_every: int = PROBE_EVERY,
    ) -> None:
        self._states, self._save, self._recorders = states, save, recorders
        self._probe, self._probe_every = probe, probe_every
        self._watch = Watch(game_of(state), state.history, remedies=remedies, tempo=tempo)
        keep = state.config.training.keep_checkpoints
        self._ring = max(RING, keep)
        self.states_kept = self._ring if remedies else keep
        # What is read in between depends on other hooks and on where a run is stopped, and decides
        # nothing.
        self._look_every = read_every(state)
        self._target: Snapshot | None = None
        self._set_limits(state)

    def begin(self, state: TrainState) -> None:
        """Keep the state of step 0: a game that is lost from the first step can only start over."""
        if self._watch.remedies and state.step == 0 and state.controls.attempt == 0:
            self._save()

    def inspect(self, state: TrainState, numbers: Numbers) -> Numbers:
        """Look at a step; the state may be at an earlier one afterwards.

        Returns:
            The numbers, with what remedies have changed; none at all when they are not finite and
            nothing should be made of this step.

        Raises:
            TrainingDivergedError: Numbers are not finite and there is nothing left to do.
        """
        if state.step % self._look_every == 0:
            probe = self._measure(state)
            step = state.step
            decision = self._watch.observe(
                step,
                numbers,
                state.controls,
                probe=probe,
                can_roll_back=lambda: self._can_roll_back(state, numbers),
            )
            self._follow(state, decision, numbers)
        elif not self._watch.remedies:
            check_finite(numbers, state.step)
        if not all(map(math.isfinite, numbers.values())):
            return {}
        return numbers | _changed(state.controls)

    def rescue(self, state: TrainState, error: TrainingDivergedError) -> None:
        """Weights cannot be saved because they are not finite: go back, or give up.

        Raises:
            TrainingDivergedError: There is nothing to go back to.
        """
        broken = {"weights": math.nan}
        decision = self._watch.broken(
            state.step,
            state.controls,
            f"weights are not finite at step {state.step}",
            can_roll_back=lambda: self._can_roll_back(state, broken),
        )
        if not decision.rolls_back:
            raise error
        self._follow(state, decision, broken)

    def conclude(self, state: TrainState) -> Verdict:
        """Say how the game went."""
        steps = state.config.training.steps
        remedies = self._watch.remedies
        ended = verdict(state.history, step=state.step, steps=steps, remedies=remedies)
        name = "healthy" if ended.healthy else "unhealthy"
        event = Event(state.step, state.controls.attempt, "verdict", name, ended.sentence)
        self._recorders.happened(event)
        return ended

    def _measure(self, state: TrainState) -> Numbers | None:
        if self._probe is None or state.step % self._probe_every:
            return None
        found = self._probe(state)
        self._recorders.measured(
            state.step, {f"probe/{name}": value for name, value in found.items()}
        )
        return found or None

    def _follow(self, state: TrainState, decision: Decision, numbers: Numbers) -> None:
        for event in decision.events:
            self._recorders.happened(event)
        if decision.hopeless:
            check_finite(numbers, state.step)
        state.controls = decision.controls
        if decision.rolls_back and self._target is not None:
            self._roll_back(state, self._target)
        self._set_limits(state)

    def _can_roll_back(self, state: TrainState, numbers: Numbers) -> bool:
        broken = not all(map(math.isfinite, numbers.values()))
        self._target = find_target(self._states, state, ring=self._ring, any_will_do=broken)
        return self._target is not None

    def _roll_back(self, state: TrainState, target: Snapshot) -> None:
        past = go_back(state, target)
        self._watch.rewind(state.step, past)
        self._save()
        drop_abandoned(self._states, state.history)
        self._recorders.rolled_back(state)

    def _set_limits(self, state: TrainState) -> None:
        state.limits = self._watch.limits if self._watch.remedies else None


def _changed(controls: Controls) -> Numbers:
    """The controls of the updates, once a remedy has touched them."""
    numbers = {
        "discriminator/rate_scale": controls.discriminator_rate_scale,
        "discriminator/skipped_share": controls.skip_discriminator,
        "generator/rate_scale": controls.generator_rate_scale,
    }
    return {} if list(numbers.values()) == [1.0, 0.0, 1.0] else numbers


def game_of(state: TrainState) -> Game:
    """What the rules must know of a run."""
    config = state.config
    nothing = torch.zeros(2, 1)
    return Game(
        steps=config.training.steps,
        guess_loss=float(state.loss.discriminator(nothing, nothing)),
        penalises=state.loss.penalises,
        augments=bool(config.augmentation.names),
        augment_probability=config.augmentation.probability,
        max_augment_probability=config.augmentation.max_probability,
        generator_rate=config.training.generator_optimizer.learning_rate,
        discriminator_rate=config.training.discriminator_optimizer.learning_rate,
    )
