"""One process's share of a run: the loop with everything that hangs on it."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import torch

from soundgan.audio.find import display
from soundgan.codec.level_curve import LevelCurve
from soundgan.errors import ArtefactError, TrainingDivergedError
from soundgan.health.events import EventLog
from soundgan.health.verdict import Verdict
from soundgan.inference.model_file import ModelDescription, encode_model, load_model
from soundgan.pipelines.advice import long_run_advice
from soundgan.pipelines.calibrate import NoTimeLeftError, calibrate
from soundgan.pipelines.judge import make_judge, make_probe, quality_of
from soundgan.pipelines.outlook import outlook
from soundgan.pipelines.task import Task
from soundgan.pipelines.train_request import TrainRequest, TrainResult
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import Reporter
from soundgan.runtime.device import describe_device
from soundgan.runtime.files import sha256, write_bytes
from soundgan.runtime.signals import StopAsked, StopRequest
from soundgan.training.adaptation import LOOK_EVERY, Adaptation
from soundgan.training.checkpoint import newest_checkpoint, restore, save_checkpoint
from soundgan.training.curves import curves_png
from soundgan.training.estimate import expected_seconds_per_step, step_flops
from soundgan.training.loop import Every, Numbers, fit
from soundgan.training.metrics_log import MetricsLog, read_metrics
from soundgan.training.monitor import Monitor, RunHooks
from soundgan.training.pace import Pace
from soundgan.training.preview import Preview, first_preview
from soundgan.training.quality import FEWEST_HELD_OUT, Quality
from soundgan.training.reference import Reference
from soundgan.training.rollback import drop_abandoned
from soundgan.training.selection import Selection
from soundgan.training.state import TrainState, new_state
from soundgan.training.step import Metrics
from soundgan.training.tensorboard import TensorBoard
from soundgan.version import VERSION

SAMPLES = "samples"
"""Folder of the previews in a run."""

MOST_TO_FIT = 4096
"""Training images that features are fitted on at most."""


class Session:
    """One process's share of a run; the lock is held."""

    def __init__(
        self, request: TrainRequest, task: Task, device: torch.device, reporter: Reporter
    ) -> None:
        self.request, self.task, self.reporter = request, task, reporter
        config = task.config
        self.checkpoints = request.run / "checkpoints"
        self.state = new_state(task.assembly, device=device)
        checkpoint = newest_checkpoint(self.checkpoints, reporter)
        if checkpoint is not None:
            restore(self.state, checkpoint)
            drop_abandoned(self.checkpoints, self.state.memory)
            reporter.say(f"resuming {request.run} at step {self.state.step}")
        reporter.say(f"training on {describe_device(device)}: {_describe(task)}")
        self.clips = TrainingClips.of(task, device)
        self.codec = self.clips.codec
        self.batches = self.clips.batches(self.clips.train)
        reference = self.clips.reference(MOST_TO_FIT)
        self.selection = self._selection(reference)
        latent_dim = self.state.generator.latent_dim
        self.probe = make_probe(self.clips, reference, latent_dim, reporter)
        self.adaptation = self._adaptation()
        self.levels: LevelCurve | None = None
        self.drawn = False
        self.until = min(config.training.steps, request.max_steps or config.training.steps)
        self.warned = request.max_minutes is not None
        self.pace = Pace(
            config,
            first_step=self.state.step,
            max_minutes=request.max_minutes,
            began=request.began,
        )

    def run(self) -> TrainResult:
        """Train, then leave checkpoint, model and curves."""
        run, state, training = self.request.run, self.state, self.task.config.training
        with ExitStack() as stack:
            log = MetricsLog(run / "metrics.jsonl", step=state.step)
            stack.callback(log.close)
            board = TensorBoard(run / "tensorboard", step=state.step)
            stack.callback(board.close)
            monitor = self.monitor = self._monitor(stack, log, board)
            stop = self.request.stop
            stack.enter_context(stop.listening())
            preview = Preview(run / SAMPLES, self.description(), self.codec)
            hooks = [
                Every(training.log_every, lambda s, m: log.write(s.step, m)),
                Every(training.log_every, lambda s, m: board.write(s.step, m)),
                Every(1 if state.device.type == "cpu" else 20, self._show),
                Every(
                    10, lambda s, m: self._warn_if_long(self.pace.steady_seconds_per_step(s.step))
                ),
                Every(
                    training.preview_every,
                    lambda s, m: self._show_progress(preview, stop),
                    first=first_preview(step_flops(state)),
                ),
            ]
            if self.adaptation is not None:
                look = self.adaptation.look
                hooks.append(Every(LOOK_EVERY, lambda s, m: log.write(s.step, _plain(look(s)))))
            if self.selection is not None:
                hooks.append(
                    Every(training.evaluate_every, lambda s, m: log.write(s.step, self._select()))
                )
            # Last, so that a checkpoint holds what the other hooks have changed.
            hooks.append(Every(training.checkpoint_every, lambda s, m: self._save_soundly()))
            self._warn_if_long(expected_seconds_per_step(step_flops(state), state.device))
            monitor.begin(state)
            fit(
                state,
                self.batches,
                hooks,
                until=self.until,
                inspect=monitor.inspect,
                should_stop=lambda: self._done(stop),
            )
            self.reporter.finish("training")
            whole = state.step == training.steps and state.memory.strikes == 0
            if whole and state.step % (training.evaluate_every or 1):
                log.write(state.step, self._select())
            model = self._save_soundly()
            if self.drawn or not stop:  # loading Matplotlib first takes longer than anybody waits
                self._draw_curves()
            if self._calibrate(stop) and not stop:
                preview.write(state, self.levels)
            health = monitor.conclude(state)
            return self._finish(model, health, stop)

    def description(self) -> ModelDescription:
        """What the model file of this moment says of itself."""
        state = self.state
        provenance = {
            "soundgan": VERSION,
            "dataset": self.task.dataset.content_hash,
            "clips": len(self.task.dataset.train_indices),
            "step": state.step,
            "images": state.step * self.task.config.training.batch_size,
        }
        if state.best is not None:
            provenance |= {
                "best_step": state.best.step,
                "kernel_distance": state.best.kernel_distance,
            }
        task = self.task
        return ModelDescription(
            task.config, task.dataset.clip, task.labels, provenance, self.codec.outline
        )

    @property
    def model(self) -> Path:
        """The product."""
        return self.request.run / "model.safetensors"

    def _save_soundly(self) -> Path:
        """Save; go back to a good checkpoint instead if there is something not finite."""
        try:
            self._save()
        except TrainingDivergedError as error:
            self.monitor.rescue(self.state, error)
        return self.model

    def _save(self) -> None:
        keep = self.monitor.checkpoints_kept
        save_checkpoint(self.checkpoints, self.state, self.task.dataset.content_hash, keep=keep)
        self.levels = self._levels_of_before()
        if self.levels is None:
            write_bytes(self.model, self._encoded(None))

    def _encoded(self, levels: LevelCurve | None) -> bytes:
        """The product as a file."""
        description = self.description()
        if levels is not None:
            count = self.task.config.training.calibrate_sounds
            provenance = description.provenance | {"calibrated_sounds": count}
            description = replace(description, provenance=provenance)
        statistics = self.codec.statistics()
        return encode_model(description, self.state.product, statistics, levels=levels)

    def _is_whole(self) -> bool:
        return self.state.step == self.task.config.training.steps

    def _levels_of_before(self) -> LevelCurve | None:
        """Those of the file that is there, where it is this very product, calibrated."""
        if not (self._is_whole() and self.model.is_file()):
            return None
        with suppress(ArtefactError):
            there = load_model(self.model)
            if (levels := there.codec.levels) and there.sha256 == sha256(self._encoded(levels)):
                return levels
        return None

    def _calibrate(self, stop: StopRequest) -> bool:
        """Save the product of a run at its end once more, with its levels calibrated.

        Returns:
            False where there was no time for it. The file then stays as it was.
        """
        wanted = self.task.config.training.calibrate_sounds > 0 and self._is_whole()
        if not wanted or self.levels is not None:
            return True
        again = "the same command does it"
        try:
            with stop.at_once():
                self.levels = calibrate(
                    self.state,
                    self.clips,
                    self.reporter,
                    seconds_left=lambda: 0.0 if stop else self.pace.seconds_left(),
                )
        except StopAsked:
            self.reporter.say(f"stopping without calibrated levels; {again}")
            return False
        except NoTimeLeftError:
            self.reporter.warn(f"no time is left to calibrate levels; {again}")
            return False
        if self.levels is not None:
            write_bytes(self.model, self._encoded(self.levels))
        return True

    def _selection(self, reference: Reference) -> Selection | None:
        """The judge of averages, unless the config or too few held-out clips forbid one."""
        if self.task.config.training.evaluate_every == 0:
            return None
        if len(self.clips.held_out) < FEWEST_HELD_OUT:
            self.reporter.warn(
                f"{len(self.clips.held_out)} held-out clips are too few to choose the best "
                "average by; the last one is kept"
            )
            return None
        return make_judge(self.clips, reference)

    def _monitor(self, stack: ExitStack, log: MetricsLog, board: TensorBoard) -> Monitor:
        """Who looks after the game."""
        state = self.state
        path = self.request.run / "events.jsonl"
        events = EventLog(path, step=state.step, attempt=state.controls.attempt)
        stack.callback(events.close)

        def measured(step: int, numbers: Numbers) -> None:
            log.write(step, numbers)
            board.write(step, numbers)

        def rolled_back() -> None:
            for record in (log, board, self.pace):
                record.rewind(state.step)

        return Monitor(
            state,
            self.checkpoints,
            events,
            self.reporter,
            RunHooks(self._save, measured, rolled_back),
            probe=self.probe,
            remedies=self.request.remedies,
        )

    def _adaptation(self) -> Adaptation | None:
        """Adapts the augmentation where the config has a target and there are held-out clips."""
        table, held_out = self.task.config.augmentation, self.clips.held_out
        if not table.names or table.target == 0 or len(held_out) == 0:
            return None
        return Adaptation(self.batches, self.clips.batches(held_out))

    def _select(self) -> dict[str, float]:
        """Measure the average of this step."""
        if self.selection is None:
            return {}
        distance = self.state.memory.kernel_distance = self.selection.consider(self.state)
        return {"evaluation/kernel_distance": distance}

    def _warn_if_long(self, seconds_per_step: float | None) -> None:
        """Once, and not to somebody who has set a limit."""
        if self.warned or seconds_per_step is None:
            return
        advice = long_run_advice(
            self.task, self.request.loaded.name, seconds_per_step, self.state.device
        )
        if advice is not None:
            self.reporter.warn(advice)
            self.warned = True

    def _show(self, state: TrainState, metrics: dict[str, float]) -> None:
        note = self.pace.note(state.step, metrics if self.request.verbose else {})
        left = self.pace.time_left(state.step, self.until)
        self.reporter.progress("training", state.step, self.until, note, left)

    def _done(self, stop: StopRequest) -> bool:
        return bool(stop) or self.pace.time_is_up()

    def _show_progress(self, preview: Preview, stop: StopRequest) -> None:
        """Sounds and curves of this moment, to look at while the run goes on."""
        try:
            with stop.at_once():
                path = preview.write(self.state)
                self._draw_curves()
        except StopAsked:
            self.reporter.say("stopping without a preview; once more to quit")
        else:
            self.reporter.say(f"preview: {path}")

    def _draw_curves(self) -> None:
        """Write ``curves.png``."""
        run, steps = self.request.run, self.task.config.training.steps
        title = f"{display(run.name)}, {self.state.step:,} of {steps:,} steps"
        write_bytes(run / "curves.png", curves_png(read_metrics(run / "metrics.jsonl"), title))
        self.drawn = True

    def _finish(self, model: Path, health: Verdict, stop: StopRequest) -> TrainResult:
        run, state = self.request.run, self.state
        last = _last_numbers(read_metrics(run / "metrics.jsonl"))
        rate = self.pace.images_per_second(state.step)
        config, each = self.task.config, self.pace.seconds_per_step(state.step)
        return TrainResult(
            run,
            model,
            state.step,
            config.training.steps,
            rate,
            health,
            quality=self._quality(stop),
            held_out=len(self.task.dataset.held_out_indices),
            outlook=outlook(config, state.step, each),
            metrics=last,
            exit_code=stop.exit_code,
        )

    def _quality(self, stop: StopRequest) -> Quality | None:
        """How good the product is, or only what is known of it when somebody waits."""
        if not stop:
            with suppress(StopAsked), stop.at_once():
                return quality_of(self.state, self.clips, self.selection, at_once=False)
        return quality_of(self.state, self.clips, self.selection, at_once=True)


def _describe(task: Task) -> str:
    dataset = task.dataset
    classes = f", {len(task.labels)} classes" if task.labels else ""
    table = task.config.representation
    return (
        f"{len(dataset.train_indices)} clips of {dataset.clip.seconds:.2f} s at "
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


def _plain(metrics: Metrics) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items()}
