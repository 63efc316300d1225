"""What the watch over a training needs of the run around it."""

from __future__ import annotations

from collections.abc import Callable

from soundgan.errors import UsageError
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import Reporter
from soundgan.training.encoded import spread_out
from soundgan.training.loop import Numbers
from soundgan.training.metrics_log import MetricsLog
from soundgan.training.pace import Pace
from soundgan.training.probe import MOST_HELD_OUT, Probe
from soundgan.training.reference import Reference
from soundgan.training.state import TrainState
from soundgan.training.tensorboard import TensorBoard


def make_probe(
    clips: TrainingClips, reference: Reference, latent_dim: int, reporter: Reporter
) -> Probe | None:
    """Measures generated sounds, unless the clips are nothing to compare with."""
    try:
        return Probe(
            reference,
            clips.held_out.spread(MOST_HELD_OUT),
            clips.labels(spread_out(clips.held_out.indices, MOST_HELD_OUT)),
            latent_dim=latent_dim,
            seed=clips.task.config.training.seed,
        )
    except UsageError as error:
        reporter.warn(f"generated sounds are not watched: {error}")
        return None


def record_hooks(
    state: TrainState, log: MetricsLog, board: TensorBoard, pace: Pace
) -> tuple[Callable[[int, Numbers], None], Callable[[], None]]:
    """What is done with measurements, and with the run's records when it goes back."""

    def measured(step: int, numbers: Numbers) -> None:
        log.write(step, numbers)
        board.write(step, numbers)

    def rolled_back() -> None:
        for record in (log, board, pace):
            record.rewind(state.step)

    return measured, rolled_back
