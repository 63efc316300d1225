"""The product of a run on disk: a model file of every moment, calibrated at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from soundgan.codec.level_curve import LevelCurve
from soundgan.errors import ArtefactError
from soundgan.inference.model_file import ModelDescription, encode_model, load_model
from soundgan.pipelines.calibrate import NoTimeLeftError, calibrate
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256, write_bytes
from soundgan.runtime.signals import StopAsked, StopRequest
from soundgan.training.recorder import Recorder
from soundgan.training.state import TrainState
from soundgan.version import VERSION


class ModelFile(Recorder):
    """Writes the product whenever the run is saved, and once more with its levels at its end.

    Args:
        path: The file.
        clips: What is trained on.
        reporter: Sees the calibration.
        stop: Gives the calibration up.
        seconds_left: How long it may take.
        start: What the run says that it started from, if that was a model.

    Attributes:
        levels: Of the product as it is in the file; ``None`` while they are not calibrated.
        given_up: Whether they should be, and there was no time.
    """

    def __init__(
        self,
        path: Path,
        clips: TrainingClips,
        reporter: Reporter,
        *,
        stop: StopRequest,
        seconds_left: Callable[[], float],
        start: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = path
        self._clips, self._reporter, self._stop = clips, reporter, stop
        self._seconds_left = seconds_left
        self._start = start
        self.levels: LevelCurve | None = None
        self.given_up = False

    def saved(self, state: TrainState) -> None:
        """Write the product, unless it is there already, calibrated."""
        self.levels = self._levels_of_before(state)
        if self.levels is None:
            write_bytes(self.path, self._encoded(state, None))

    def finished(self, state: TrainState) -> None:
        """Calibrate the levels of a run at its end."""
        count = self._clips.task.config.training.calibrate_sounds
        if count == 0 or not _is_whole(state) or self.levels is not None:
            return
        again = "the same command does it"
        self.given_up = True
        try:
            with self._stop.at_once():
                self.levels = calibrate(
                    state,
                    self._clips,
                    self._reporter,
                    seconds_left=lambda: 0.0 if self._stop else self._seconds_left(),
                )
            self.given_up = False
        except StopAsked:
            self._reporter.say(f"stopping without calibrated levels; {again}")
        except NoTimeLeftError:
            self._reporter.warn(f"no time is left to calibrate levels; {again}")
        if self.levels is not None:
            write_bytes(self.path, self._encoded(state, self.levels))

    def description(self, state: TrainState) -> ModelDescription:
        """What the file of this moment says of itself."""
        task = self._clips.task
        provenance = {
            "soundgan": VERSION,
            "dataset": task.dataset.content_hash,
            "clips": len(task.dataset.train_indices),
            "step": state.step,
            "images": state.step * task.config.training.batch_size,
        }
        if self._start is not None:
            provenance["started_from"] = self._start["sha256"]
        if state.best is not None:
            provenance |= {
                "best_step": state.best.step,
                "kernel_distance": state.best.kernel_distance,
            }
        outline = self._clips.codec.outline
        return ModelDescription(task.config, task.dataset.clip, task.labels, provenance, outline)

    def _encoded(self, state: TrainState, levels: LevelCurve | None) -> bytes:
        """The file."""
        description = self.description(state)
        if levels is not None:
            count = self._clips.task.config.training.calibrate_sounds
            provenance = description.provenance | {"calibrated_sounds": count}
            description = replace(description, provenance=provenance)
        statistics = self._clips.codec.statistics()
        return encode_model(description, state.product, statistics, levels=levels)

    def _levels_of_before(self, state: TrainState) -> LevelCurve | None:
        """Those of the file that is there, where it is this very product, calibrated."""
        if not (_is_whole(state) and self.path.is_file()):
            return None
        with suppress(ArtefactError):
            there = load_model(self.path)
            levels = there.codec.levels
            if levels and there.sha256 == sha256(self._encoded(state, levels)):
                return levels
        return None


def _is_whole(state: TrainState) -> bool:
    return state.step == state.config.training.steps
