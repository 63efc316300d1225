"""The only training loop: batches to updates to hooks, until told to stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from soundgan.errors import TrainingDivergedError
from soundgan.training.batches import Batches
from soundgan.training.state import TrainState
from soundgan.training.step import Metrics, discriminator_update, generator_update

Numbers = dict[str, float]
Hook = Callable[[TrainState, Numbers], object]
Inspect = Callable[[TrainState, Numbers], Numbers]


def read_every(state: TrainState) -> int:
    """Steps between two of which the numbers are read, whoever else wants them.

    Reading a number makes a GPU wait, so elsewhere than on the CPU it is done now and then.
    """
    return 1 if state.device.type == "cpu" else 20


@dataclass(frozen=True)
class Every:
    """Calls a hook after each ``n``-th step, and before the first of them after others.

    Attributes:
        n: Steps.
        hook: What is called.
        first: Step of the first call, if that is before ``n``; then after twice as many, four
            times, and so on. 0 = not.
    """

    n: int
    hook: Hook
    first: int = 0

    def is_due(self, step: int) -> bool:
        """Whether it is called after ``step`` steps."""
        if step % self.n == 0:
            return True
        times, rest = divmod(step, self.first) if 0 < self.first <= step < self.n else (0, 1)
        return rest == 0 and times & (times - 1) == 0


def refuse_not_finite(state: TrainState, numbers: Numbers) -> Numbers:
    """Hand a step's numbers on if they are finite.

    Raises:
        TrainingDivergedError: They are not.
    """
    check_finite(numbers, state.step)
    return numbers


def fit(
    state: TrainState,
    batches: Batches,
    hooks: Sequence[Every],
    *,
    until: int,
    inspect: Inspect = refuse_not_finite,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Train until ``state.step`` is ``until`` or ``should_stop`` says so.

    Args:
        state: Changed in place.
        batches: The data.
        hooks: Called in order after the steps they ask for, with the step's metrics.
        until: Step to stop at.
        inspect: Called with the numbers of every step that is read, before the hooks, which get
            what it returns; if that is nothing they are not called. It may put the state back to
            an earlier step, and then they are not called either.
        should_stop: Asked after every step.

    Raises:
        TrainingDivergedError: A loss or gradient norm is not finite, and ``inspect`` does not
            bear it. The state is then worthless; what is on disk is not touched.
    """
    check_every = read_every(state)
    while state.step < until:
        metrics = train_step(state, batches)
        step = state.step
        due = [every.hook for every in hooks if every.is_due(state.step)]
        if due or state.step % check_every == 0 or state.step == until:
            numbers = inspect(state, {name: float(value) for name, value in metrics.items()})
            for hook in due if numbers and state.step == step else ():
                hook(state, numbers)
        if should_stop():
            break


def train_step(state: TrainState, batches: Batches) -> Metrics:
    """One step: the discriminator's updates, then the generator's."""
    n_turns = state.config.training.discriminator_steps
    metrics: Metrics = {}
    for turn in range(n_turns):
        batch = batches.at(state.step * n_turns + turn)
        metrics = discriminator_update(state, batch, turn)
    metrics |= generator_update(state, batch)
    state.step += 1
    return metrics


def check_finite(numbers: Numbers, step: int) -> None:
    """Refuse NaN and infinity.

    Raises:
        TrainingDivergedError: Names the step and the numbers.
    """
    bad = [name for name, value in numbers.items() if not math.isfinite(value)]
    if bad:
        listed = ", ".join(f"{name} = {numbers[name]:.4g}" for name in sorted(numbers))
        raise TrainingDivergedError(
            f"training: not finite at step {step}: {', '.join(bad)} ({listed}); nothing of it "
            "was saved; lower training.generator_optimizer.learning_rate and "
            "training.discriminator_optimizer.learning_rate"
        )
