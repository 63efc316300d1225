"""One process's share of a run: a run folder around the run that knows none."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import torch

from soundgan.health.events import EventLog
from soundgan.health.verdict import Verdict
from soundgan.pipelines.judge import make_measures, quality_of
from soundgan.pipelines.model_recorder import ModelFile
from soundgan.pipelines.origin import inherit, origin_again, recorded_start, told
from soundgan.pipelines.outlook import outlook
from soundgan.pipelines.recorders import Events, Looks, Teller
from soundgan.pipelines.task import Task
from soundgan.pipelines.train_request import TrainRequest, TrainResult
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import Reporter
from soundgan.runtime.device import describe_device
from soundgan.runtime.signals import StopAsked
from soundgan.training.checkpoint import CheckpointFolder, newest_checkpoint
from soundgan.training.metrics_log import MetricsLog, read_metrics
from soundgan.training.pace import Pace
from soundgan.training.preview import Preview
from soundgan.training.quality import Quality
from soundgan.training.recorder import Recorder
from soundgan.training.rollback import drop_abandoned
from soundgan.training.run import Run
from soundgan.training.snapshot import restore
from soundgan.training.state import TrainState, new_state
from soundgan.training.tensorboard import TensorBoard

SAMPLES = "samples"
"""Folder of the previews in a run."""


class Session:
    """One process's share of a run; the lock is held."""

    def __init__(
        self, request: TrainRequest, task: Task, device: torch.device, reporter: Reporter
    ) -> None:
        self.request, self.task, self.reporter = request, task, reporter
        folder = request.run / "checkpoints"
        self.states = CheckpointFolder(folder, task.dataset.content_hash)
        self.state = new_state(task.assembly, device=device)
        checkpoint = newest_checkpoint(folder, reporter)
        if checkpoint is not None:
            restore(self.state, checkpoint)
            drop_abandoned(self.states, self.state.history)
            reporter.say(f"resuming {request.run} at step {self.state.step}")
        else:
            self._inherit()
        reporter.say(f"training on {describe_device(device)}: {_describe(task)}")
        self.clips = TrainingClips.of(task, device)
        self.measures = make_measures(self.clips, self.state.generator.latent_dim, reporter)
        self.until = min(
            task.config.training.steps, request.max_steps or task.config.training.steps
        )
        self.pace = Pace(
            task.config,
            first_step=self.state.step,
            max_minutes=request.max_minutes,
            began=request.began,
        )
        self.model = ModelFile(
            request.run / "model.safetensors",
            self.clips,
            reporter,
            stop=request.stop,
            seconds_left=self.pace.seconds_left,
            start=recorded_start(request.run),
        )

    def _inherit(self) -> None:
        """Start from a model, if the run is to."""
        origin = self.request.origin or origin_again(self.request.run, self.reporter)
        if origin is not None:
            inherit(self.state, self.task, origin)
            self.reporter.say(f"starting from {told(self.task, origin)}")

    def run(self) -> TrainResult:
        """Train, then leave checkpoint, model and curves."""
        stop = self.request.stop
        with ExitStack() as stack:
            run = Run(
                self.state,
                self.clips.batches(self.clips.train),
                self.states,
                self.measures,
                self._recorders(stack),
                remedies=self.request.remedies,
            )
            stack.enter_context(stop.listening())
            run.train(until=self.until, should_stop=lambda: bool(stop) or self.pace.time_is_up())
            return self._result(run.finish())

    def _recorders(self, stack: ExitStack) -> list[Recorder]:
        """All that is written and shown of the run; files are closed with the stack."""
        run, state, stop = self.request.run, self.state, self.request.stop
        log = MetricsLog(run / "metrics.jsonl", step=state.step)
        stack.callback(log.close)
        board = TensorBoard(run / "tensorboard", step=state.step)
        stack.callback(board.close)
        events = EventLog(run / "events.jsonl", step=state.step, attempt=state.controls.attempt)
        stack.callback(events.close)
        teller = Teller(self.request, self.task, self.reporter, self.pace, until=self.until)
        preview = Preview(run / SAMPLES, self.model.description(state), self.clips.codec)
        looks = Looks(run, preview, self.model, self.reporter, stop)
        return [log, board, Events(events), teller, self.model, looks]

    def _result(self, health: Verdict) -> TrainResult:
        run, state, config = self.request.run, self.state, self.task.config
        return TrainResult(
            run,
            self.model.path,
            state.step,
            config.training.steps,
            self.pace.images_per_second(state.step),
            health,
            quality=self._quality(state),
            validation=len(self.task.dataset.validation_indices),
            outlook=outlook(config, state.step, self.pace.seconds_per_step(state.step)),
            metrics=_last_numbers(read_metrics(run / "metrics.jsonl")),
            exit_code=self.request.stop.exit_code,
        )

    def _quality(self, state: TrainState) -> Quality | None:
        """How good the product is, or only what is known of it when somebody waits."""
        stop, judge = self.request.stop, self.measures.selection
        if not stop:
            with suppress(StopAsked), stop.at_once():
                return quality_of(state, self.clips, judge, at_once=False)
        return quality_of(state, self.clips, judge, at_once=True)


def _describe(task: Task) -> str:
    dataset = task.dataset
    classes = f", {len(task.labels)} classes" if task.labels else ""
    table = task.config.representation
    stereo = "stereo " if dataset.clip.channels == 2 else ""
    return (
        f"{len(dataset.train_indices)} {stereo}clips of {dataset.clip.seconds:.2f} s at "
        f"{dataset.clip.sample_rate} Hz{classes}, {table.name} images "
        f"{table.height}x{table.width}"
    )


def _last_numbers(lines: list[dict[str, float]]) -> dict[str, float]:
    """The newest value of every metric."""
    merged: dict[str, float] = {}
    for line in lines:
        merged |= line
    merged.pop("step", None)
    return merged
