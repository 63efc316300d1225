"""Train a model on a prepared dataset: start or resume, run, leave a model."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.config.dump import differences, to_toml
from soundgan.config.load import LoadedConfig, load_config
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ExitCode, UsageError
from soundgan.inference.model_file import ModelDescription, save_model
from soundgan.inference.parts import build_inversion, build_representation
from soundgan.pipelines.advice import long_run_advice
from soundgan.pipelines.task import Task, open_task
from soundgan.reporting import Reporter
from soundgan.representations.contract import Representation
from soundgan.runtime.device import describe_device, pick_device
from soundgan.runtime.files import lock, read_json, sweep_temporaries, write_bytes, write_json
from soundgan.runtime.signals import StopRequest, polite_stop
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import newest_checkpoint, restore, save_checkpoint
from soundgan.training.curves import curves_png
from soundgan.training.estimate import expected_seconds_per_step, step_flops
from soundgan.training.loop import Every, fit
from soundgan.training.metrics_log import MetricsLog, read_metrics
from soundgan.training.pace import Pace
from soundgan.training.preview import Preview
from soundgan.training.state import TrainState, new_state
from soundgan.training.tensorboard import TensorBoard
from soundgan.version import VERSION

MAY_CHANGE = (
    "training.steps",
    "training.log_every",
    "training.preview_every",
    "training.checkpoint_every",
    "training.keep_checkpoints",
)
"""Keys that a resumed run may change: none of them alters what a step computes."""


@dataclass(frozen=True)
class TrainRequest:
    """What to train, on what, where.

    Attributes:
        loaded: The config.
        data: Prepared folder.
        run: Run folder; made when missing, resumed when it holds checkpoints.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.
        max_minutes: Stop after this long, with a checkpoint and a model.
        max_steps: Stop at this step.
        fresh: Set an existing run aside and start over.
    """

    loaded: LoadedConfig
    data: Path
    run: Path
    device: str = "auto"
    max_minutes: float | None = None
    max_steps: int | None = None
    fresh: bool = False


@dataclass(frozen=True)
class TrainResult:
    """What a training left behind.

    Attributes:
        run: Run folder.
        model: The model file.
        step: Steps done in all.
        steps: Steps the config asks for.
        images_per_second: Of this session.
        metrics: Numbers of the last logged step.
        exit_code: 0, or 130 / 143 when a signal ended it.
    """

    run: Path
    model: Path
    step: int
    steps: int
    images_per_second: float
    metrics: dict[str, float] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.OK


def train(request: TrainRequest, reporter: Reporter) -> TrainResult:
    """Train until the config's steps, a limit, or a signal; resume when the run exists.

    Raises:
        ConfigError: The config is wrong, or does not fit the dataset.
        UsageError: The run was made with another config or dataset; the message lists what differs.
        LockedError: Another process trains in this folder.
        TrainingDivergedError: A number stopped being finite; the last checkpoint stays.
    """
    task = open_task(request.loaded, request.data)
    device = pick_device(request.device)
    with lock(request.run, purpose="soundgan train"):
        if request.fresh:
            _set_aside(request.run, reporter)
        sweep_temporaries(request.run)
        _claim(request.run, task)
        return _Session(request, task, device, reporter).run()


class _Session:
    """One process's share of a run; the lock is held."""

    def __init__(
        self, request: TrainRequest, task: Task, device: torch.device, reporter: Reporter
    ) -> None:
        self.request, self.task, self.reporter = request, task, reporter
        config, dataset = task.config, task.dataset
        self.checkpoints = request.run / "checkpoints"
        self.state = new_state(config, task.n_classes, task.place, device=device)
        checkpoint = newest_checkpoint(self.checkpoints, reporter)
        if checkpoint is not None:
            restore(self.state, checkpoint)
            reporter.say(f"resuming {request.run} at step {self.state.step}")
        reporter.say(f"training on {describe_device(device)}: {_describe(task)}")
        self.representation = fitted_representation(task)
        self.batches = Batches(
            dataset,
            dataset.train_indices,
            dataset.label_ids if task.labels else None,
            self.representation,
            batch_size=config.training.batch_size,
            seed=config.training.seed,
            balanced=config.data.balanced,
        )
        self.until = min(config.training.steps, request.max_steps or config.training.steps)
        self.warned = request.max_minutes is not None
        self.pace = Pace(
            config,
            first_step=self.state.step,
            max_minutes=request.max_minutes,
        )

    def run(self) -> TrainResult:
        """Train, then leave checkpoint, model and curves."""
        run, state, training = self.request.run, self.state, self.task.config.training
        with ExitStack() as stack:
            log = MetricsLog(run / "metrics.jsonl", step=state.step)
            stack.callback(log.close)
            board = TensorBoard(run / "tensorboard", step=state.step)
            stack.callback(board.close)
            stop = stack.enter_context(
                polite_stop(
                    lambda: self.reporter.say("stopping after this step; once more to quit")
                )
            )
            preview = Preview(
                run / "samples",
                self.description(),
                self.representation,
                build_inversion(self.task.config, self.task.place),
            )
            hooks = [
                Every(training.log_every, lambda s, m: log.write(s.step, m)),
                Every(training.log_every, lambda s, m: board.write(s.step, m)),
                Every(1 if state.device.type == "cpu" else 20, self._show),
                Every(
                    10, lambda s, m: self._warn_if_long(self.pace.steady_seconds_per_step(s.step))
                ),
                Every(training.preview_every, lambda s, m: _shown(preview.write(s), self.reporter)),
                Every(training.checkpoint_every, lambda s, m: self._save()),
            ]
            self._warn_if_long(expected_seconds_per_step(step_flops(state), state.device))
            self.pace.start()
            fit(state, self.batches, hooks, until=self.until, should_stop=lambda: self._done(stop))
            self.reporter.finish("training")
            model = self._save()
            preview.write(state)
        return self._finish(model, stop)

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
        return ModelDescription(
            self.task.config, self.task.dataset.clip, self.task.labels, provenance
        )

    def _save(self) -> Path:
        save_checkpoint(self.checkpoints, self.state, self.task.dataset.content_hash)
        model = self.request.run / "model.safetensors"
        save_model(
            model,
            self.description(),
            self.state.ema.state_dict(),
            self.representation.statistics(),
        )
        return model

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
        note = self.pace.note(state.step, self.until, metrics)
        self.reporter.progress("training", state.step, self.until, note)

    def _done(self, stop: StopRequest) -> bool:
        return bool(stop) or self.pace.time_is_up()

    def _finish(self, model: Path, stop: StopRequest) -> TrainResult:
        run, state = self.request.run, self.state
        lines = read_metrics(run / "metrics.jsonl")
        write_bytes(run / "curves.png", curves_png(lines, f"{run.name}, {state.step} steps"))
        last = {name: value for name, value in lines[-1].items() if name != "step"} if lines else {}
        rate = self.pace.images_per_second(state.step)
        steps = self.task.config.training.steps
        return TrainResult(run, model, state.step, steps, rate, last, stop.exit_code)


def fitted_representation(task: Task) -> Representation:
    """The config's representation, fitted on the training clips."""
    representation = build_representation(task.config, task.dataset.clip, task.place)
    representation.fit(_waveforms(task.dataset, task.dataset.train_indices))
    return representation


def _waveforms(dataset: PreparedDataset, indices: NDArray[np.int64]) -> Iterator[torch.Tensor]:
    for start in range(0, len(indices), 256):
        yield torch.from_numpy(dataset.waveforms(indices[start : start + 256]))


def _claim(run: Path, task: Task) -> None:
    """Write what the run is, or refuse when it already is something else."""
    path = run / "config.toml"
    if path.is_file():
        old = load_config(str(path)).config
        changed = {
            key: pair
            for key, pair in differences(old, task.config).items()
            if key not in MAY_CHANGE
        }
        if changed:
            listed = "; ".join(f"{key} was {old}, now {new}" for key, (old, new) in changed.items())
            raise UsageError(
                f"{run}: made with another config ({listed}); "
                "pass --fresh to start over, or --run for a new folder"
            )
        _check_same_data(run, task)
    write_bytes(path, to_toml(task.config).encode())
    write_json(run / "run.json", _record(task))


def _check_same_data(run: Path, task: Task) -> None:
    path = run / "run.json"
    recorded = read_json(path) if path.is_file() else {}
    if recorded.get("dataset") not in (None, task.dataset.content_hash):
        raise UsageError(
            f"{run}: trained on another dataset than {task.dataset.path} is now; "
            "pass --fresh to start over, or --run for a new folder"
        )


def _record(task: Task) -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "soundgan run",
        "soundgan": VERSION,
        "dataset": task.dataset.content_hash,
        "labels": list(task.labels),
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }


def _set_aside(run: Path, reporter: Reporter) -> None:
    """Move the contents of an old run to a folder beside it, so that nothing is lost."""
    contents = [path for path in sorted(run.iterdir()) if path.name != ".lock"]
    if not contents:
        return
    number = 1
    while (aside := run.with_name(f"{run.name}-old{number}")).exists():
        number += 1
    aside.mkdir()
    for path in contents:
        shutil.move(path, aside / path.name)
    reporter.say(f"the old run is kept in {aside}")


def _describe(task: Task) -> str:
    dataset = task.dataset
    classes = f", {len(task.labels)} classes" if task.labels else ""
    table = task.config.representation
    return (
        f"{len(dataset.train_indices)} clips of {dataset.clip.seconds:.2f} s at "
        f"{dataset.clip.sample_rate} Hz{classes}, {table.name} images "
        f"{table.height}x{table.width}"
    )


def _shown(path: Path, reporter: Reporter) -> None:
    reporter.say(f"preview: {path}")
