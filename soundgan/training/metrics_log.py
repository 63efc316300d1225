"""``metrics.jsonl``: one line of numbers per logged step, continued exactly by a resumed run."""

from __future__ import annotations

import json
from pathlib import Path

from soundgan.runtime.files import Appender, read_json_lines
from soundgan.training.loop import Numbers
from soundgan.training.recorder import Recorder
from soundgan.training.state import TrainState


class MetricsLog(Recorder):
    """Appends lines; on opening, lines after ``step`` and a line cut short are dropped."""

    def __init__(self, path: Path, *, step: int) -> None:
        self._path = path
        self._file = _opened(path, step)

    def write(self, step: int, numbers: Numbers) -> None:
        """Add one line."""
        self._file.write(_as_line({"step": step, **numbers}))

    def rewind(self, step: int) -> None:
        """Drop the lines after ``step``: the run has gone back to it."""
        self._file.close()
        self._file = _opened(self._path, step)

    def logged(self, state: TrainState, numbers: Numbers) -> None:
        """Add a line."""
        self.write(state.step, numbers)

    def measured(self, step: int, numbers: Numbers) -> None:
        """Add a line."""
        self.write(step, numbers)

    def rolled_back(self, state: TrainState) -> None:
        """Drop what will be written again."""
        self.rewind(state.step)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_metrics(path: Path) -> list[dict[str, float]]:
    """All whole lines of a metrics file; none when there is no file."""
    return read_json_lines(path, ("step",))


def _opened(path: Path, step: int) -> Appender:
    lines = [line for line in read_metrics(path) if line["step"] <= step]
    return Appender(path, "".join(map(_as_line, lines)))


def _as_line(numbers: dict[str, float]) -> str:
    rounded = {
        name: value if name == "step" else float(f"{value:.6g}") for name, value in numbers.items()
    }
    return json.dumps(rounded) + "\n"
