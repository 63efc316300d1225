"""The watch at work in a run: it looks, tells, acts, and puts the run back when it must."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from soundgan.errors import TrainingDivergedError
from soundgan.health.controls import Controls
from soundgan.health.events import Event, EventLog
from soundgan.health.game import Game
from soundgan.health.verdict import Verdict, verdict
from soundgan.health.watch import Decision, Watch
from soundgan.reporting import Reporter
from soundgan.training.checkpoint import Checkpoint
from soundgan.training.loop import Numbers, check_finite
from soundgan.training.probe import Probe
from soundgan.training.rollback import RING, drop_abandoned, find_target, go_back
from soundgan.training.state import TrainState

PROBE_EVERY = 250
"""Steps between measurements of generated sounds."""


@dataclass(frozen=True)
class RunHooks:
    """What a monitor asks of the run around it.

    Attributes:
        save: Writes a checkpoint.
        measured: Called with step and measurements of generated sounds.
        rolled_back: Called after the state went back, before the next step.
    """

    save: Callable[[], object]
    measured: Callable[[int, Numbers], object] = lambda step, numbers: None
    rolled_back: Callable[[], object] = lambda: None


class Monitor:
    """Looks after one run.

    Args:
        state: The run.
        checkpoints: Their folder.
        events: Where incidents are written down.
        reporter: Who is told.
        run: What the run does when asked.
        probe: Measures generated sounds, where there are clips to compare with.
        remedies: Whether to act, or only to tell.
        tempo: Factor on all patience; a smaller one is hastier.
        probe_every: Steps between measurements.
    """

    def __init__(
        self,
        state: TrainState,
        checkpoints: Path,
        events: EventLog,
        reporter: Reporter,
        run: RunHooks,
        *,
        probe: Probe | None,
        remedies: bool,
        tempo: float = 1.0,
        probe_every: int = PROBE_EVERY,
    ) -> None:
        self._folder, self._events, self._reporter, self._run = checkpoints, events, reporter, run
        self._probe, self._probe_every = probe, probe_every
        self._watch = Watch(game_of(state), state.memory, remedies=remedies, tempo=tempo)
        self._ring = max(RING, state.config.training.keep_checkpoints)
        # As in the loop: elsewhere than on the CPU numbers are read now and then. What is read in
        # between depends on other hooks and on where a run is stopped, and decides nothing.
        self._look_every = 1 if state.device.type == "cpu" else 20
        self._target: Checkpoint | None = None
        self._set_limits(state)

    @property
    def checkpoints_kept(self) -> int | None:
        """How many checkpoints the run must keep; ``None`` leaves it to the config."""
        return self._ring if self._watch.remedies else None

    def begin(self, state: TrainState) -> None:
        """Keep the state of step 0: a game that is lost from the first step can only start over."""
        if self._watch.remedies and state.step == 0 and state.controls.attempt == 0:
            self._run.save()

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
        """Write down how the game went."""
        steps = state.config.training.steps
        remedies = self._watch.remedies
        ended = verdict(state.memory, step=state.step, steps=steps, remedies=remedies)
        name = "healthy" if ended.healthy else "unhealthy"
        self._events.write(
            Event(state.step, state.controls.attempt, "verdict", name, ended.sentence)
        )
        return ended

    def _measure(self, state: TrainState) -> Numbers | None:
        if self._probe is None or state.step % self._probe_every:
            return None
        found = self._probe(state)
        self._run.measured(state.step, {f"probe/{name}": value for name, value in found.items()})
        return found or None

    def _follow(self, state: TrainState, decision: Decision, numbers: Numbers) -> None:
        for event in decision.events:
            self._events.write(event)
            tell = self._reporter.say if event.event == "recovery" else self._reporter.warn
            tell(f"step {event.step}: {event.sentence}")
        if decision.hopeless:
            check_finite(numbers, state.step)
        state.controls = decision.controls
        if decision.rolls_back and self._target is not None:
            self._roll_back(state, self._target)
        self._set_limits(state)

    def _can_roll_back(self, state: TrainState, numbers: Numbers) -> bool:
        broken = not all(map(math.isfinite, numbers.values()))
        self._target = find_target(self._folder, state, ring=self._ring, any_will_do=broken)
        return self._target is not None

    def _roll_back(self, state: TrainState, target: Checkpoint) -> None:
        past = go_back(state, target)
        self._watch.rewind(state.step, past)
        self._run.save()
        drop_abandoned(self._folder, state.memory)
        self._run.rolled_back()
        self._reporter.say(f"back at step {state.step}" if state.step else "starting over")

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
