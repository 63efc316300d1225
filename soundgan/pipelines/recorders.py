"""What people see and hear of a run while it goes on, and the log of what went wrong."""

from __future__ import annotations

from pathlib import Path

import torch

from soundgan.audio.find import display
from soundgan.health.events import Event, EventLog
from soundgan.pipelines.advice import long_run_advice
from soundgan.pipelines.budget import minutes_of
from soundgan.pipelines.model_recorder import ModelFile
from soundgan.pipelines.task import Task
from soundgan.pipelines.train_request import TrainRequest
from soundgan.reporting import Reporter
from soundgan.runtime.files import write_bytes
from soundgan.runtime.signals import StopAsked, StopRequest
from soundgan.training.curves import curves_png
from soundgan.training.estimate import expected_seconds_per_step, step_flops
from soundgan.training.loop import Numbers
from soundgan.training.metrics_log import read_metrics
from soundgan.training.pace import Pace
from soundgan.training.preview import Preview
from soundgan.training.recorder import Recorder
from soundgan.training.state import TrainState


class Events(Recorder):
    """Writes down what went wrong, what was done, and how it ended.

    Args:
        log: Open.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def happened(self, event: Event) -> None:
        """Add a line."""
        self._log.write(event)


class Teller(Recorder):
    """Tells a person how far the run is and what happens to it.

    Args:
        request: What was asked for.
        task: What is trained.
        reporter: Where people read.
        pace: Of the run.
        until: The step at which this process stops.
    """

    def __init__(
        self, request: TrainRequest, task: Task, reporter: Reporter, pace: Pace, *, until: int
    ) -> None:
        self._request, self._task, self._reporter = request, task, reporter
        self._pace, self._until = pace, until
        self._warned = minutes_of(task.config.training, request.max_minutes) is not None

    def begun(self, state: TrainState) -> None:
        """Warn of a run that will be long by what the machine can compute."""
        seconds = expected_seconds_per_step(step_flops(state), state.device)
        self._warn_if_long(seconds, state.device)

    def stepped(self, state: TrainState, numbers: Numbers) -> None:
        """Move the bar; warn of a run that is long by what its steps take."""
        step, pace = state.step, self._pace
        note = pace.note(step, numbers if self._request.verbose else {})
        left = pace.time_left(step, self._until)
        self._reporter.progress("training", step, self._until, note, left)
        self._warn_if_long(pace.steady_seconds_per_step(step), state.device)

    def happened(self, event: Event) -> None:
        """Say it; how the run ended stands in its result."""
        if event.event != "verdict":
            tell = self._reporter.say if event.event == "recovery" else self._reporter.warn
            tell(f"step {event.step}: {event.sentence}")

    def rolled_back(self, state: TrainState) -> None:
        """Say where it goes on."""
        self._pace.rewind(state.step)
        self._reporter.say(f"back at step {state.step}" if state.step else "starting over")

    def finished(self, state: TrainState) -> None:
        """Take the bar away."""
        self._reporter.finish("training")

    def _warn_if_long(self, seconds_per_step: float | None, device: torch.device) -> None:
        """Once, and not to somebody who has set a limit, or waits for the end."""
        if self._warned or seconds_per_step is None or self._request.stop:
            return
        try:
            with self._request.stop.at_once():  # it times another preset for seconds
                name = self._request.loaded.name
                advice = long_run_advice(self._task, name, seconds_per_step, device)
        except StopAsked:
            self._reporter.say("stopping after this step; once more to quit")
            return
        if advice is not None:
            self._reporter.warn(advice)
            self._warned = True


class Looks(Recorder):
    """Previews and curves.

    Args:
        run: Run folder.
        preview: Writes pictures and sounds.
        model: Their levels at the end.
        reporter: Is told where they are.
        stop: Gives them up.
    """

    def __init__(
        self,
        run: Path,
        preview: Preview,
        model: ModelFile,
        reporter: Reporter,
        stop: StopRequest,
    ) -> None:
        self._run, self._preview, self._model = run, preview, model
        self._reporter, self._stop = reporter, stop
        self._drawn = False

    def preview_due(self, state: TrainState) -> None:
        """Sounds and curves of this moment, to look at while the run goes on."""
        try:
            with self._stop.at_once():
                path = self._preview.write(state)
                self._draw(state)
        except StopAsked:
            self._reporter.say("stopping without a preview; once more to quit")
        else:
            self._reporter.say(f"preview: {path}")

    def finished(self, state: TrainState) -> None:
        """The curves of it all, and a preview with the levels of the product."""
        if self._drawn or not self._stop:  # loading Matplotlib takes longer than anybody waits
            self._draw(state)
        if not (self._model.given_up or self._stop):
            self._preview.write(state, self._model.levels)

    def _draw(self, state: TrainState) -> None:
        """Write ``curves.png``."""
        steps = state.config.training.steps
        title = f"{display(self._run.name)}, {state.step:,} of {steps:,} steps"
        lines = read_metrics(self._run / "metrics.jsonl")
        write_bytes(self._run / "curves.png", curves_png(lines, title))
        self._drawn = True
