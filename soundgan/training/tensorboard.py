"""The same numbers in TensorBoard, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soundgan.training.loop import Numbers
from soundgan.training.recorder import Recorder
from soundgan.training.state import TrainState


class TensorBoard(Recorder):
    """Writes scalars to ``folder`` if the ``[tensorboard]`` extra is installed, else nothing."""

    def __init__(self, folder: Path, *, step: int) -> None:
        self._folder = folder
        self._writer: Any = None
        self.rewind(step)

    def rewind(self, step: int) -> None:
        """Hide the points after ``step`` that were written before."""
        self.close()
        try:
            from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 - may be missing
        except ImportError:
            return
        self._writer = SummaryWriter(str(self._folder), purge_step=step or None)

    def write(self, step: int, numbers: Numbers) -> None:
        """Add one point to each curve."""
        if self._writer is not None:
            for name, value in numbers.items():
                self._writer.add_scalar(name, value, step)

    def logged(self, state: TrainState, numbers: Numbers) -> None:
        """Add points."""
        self.write(state.step, numbers)

    def measured(self, step: int, numbers: Numbers) -> None:
        """Add points."""
        self.write(step, numbers)

    def rolled_back(self, state: TrainState) -> None:
        """Hide what will be written again."""
        self.rewind(state.step)

    def close(self) -> None:
        """Flush and close."""
        if self._writer is not None:
            self._writer.close()
