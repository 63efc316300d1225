"""What to measure, and on what; everything here is decided before torch is imported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from soundgan.config.presets import find_config, preset_names
from soundgan.errors import UsageError
from soundgan.pipelines.find_model import RUNS, bundled_models, find_model, is_run

TRAINING_PRESET = "fast"
"""The preset whose training is timed unless another is named."""

MAX_BATCH_SIZE = 4096
MAX_BATCH_SIZES = 16


@dataclass(frozen=True)
class BenchRequest:
    """What to measure.

    Attributes:
        model: A run, a model file, a bundled model or a preset; ``None`` for the newest run, and
            without runs for a bundled model.
        runs: Folder that holds the runs.
        device: Device name, ``auto``, or ``all`` for every device that is present.
        quick: Fewer repeats, and only the precision that the commands use.
        batch_sizes: Sounds that are in memory at a time, each to be tried.
        save: File to write the result to.
        compare: An earlier result to set this one against.
    """

    model: Path | None = None
    runs: Path = RUNS
    device: str = "auto"
    quick: bool = False
    batch_sizes: tuple[int, ...] = (1, 8, 32)
    save: Path | None = None
    compare: Path | None = None


@dataclass(frozen=True)
class Subject:
    """Whose generator is measured.

    Attributes:
        kind: Where it comes from; a preset stands for its networks before any training.
        name: What the user calls it.
        path: Its model file; of a preset, its config.
        preset: The preset whose training is timed.
    """

    kind: Literal["run", "file", "bundled", "preset"]
    name: str
    path: Path
    preset: str


def find_subject(model: Path | None, runs: Path) -> Subject:
    """The model or preset that a name means; a model wins over a preset of the same name.

    Raises:
        UsageError: There is neither; the message lists what there is.
    """
    if model is None:
        return replace(_of_model(find_model(None, runs, fall_back=True)), preset=TRAINING_PRESET)
    name = str(model)
    is_model = model.exists() or name in bundled_models()
    if not is_model and model.suffix in ("", ".toml") and model.stem in preset_names():
        return Subject("preset", model.stem, find_config(name), model.stem)
    try:
        return _of_model(find_model(model, runs))
    except UsageError as error:
        raise UsageError(f"`model` {error}, or a preset: {', '.join(preset_names())}") from None


def _of_model(path: Path) -> Subject:
    shipped = {file: name for name, file in bundled_models().items()}
    if path in shipped:
        name = shipped[path]
        preset = name if name in preset_names() else TRAINING_PRESET
        return Subject("bundled", name, path, preset)
    if is_run(path.parent):
        return Subject("run", str(path.parent), path, TRAINING_PRESET)
    return Subject("file", str(path), path, TRAINING_PRESET)


def parse_batch_sizes(text: str) -> tuple[int, ...]:
    """``1,8,32`` as numbers, in ascending order and each once.

    Raises:
        UsageError: Something else.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        raise _no_sizes(text)
    return in_order(map(int, parts))


def in_order(batch_sizes: Iterable[int]) -> tuple[int, ...]:
    """Batch sizes in ascending order and each once.

    Raises:
        UsageError: None, too many, or one that is out of range.
    """
    numbers = list(batch_sizes)
    all_fit = all(1 <= number <= MAX_BATCH_SIZE for number in numbers)
    if not (1 <= len(numbers) <= MAX_BATCH_SIZES and all_fit):
        raise _no_sizes(",".join(map(str, numbers)))
    return tuple(sorted(set(numbers)))


def _no_sizes(text: str) -> UsageError:
    return UsageError(
        f"`batch_sizes={text[:60]}`: give up to {MAX_BATCH_SIZES} numbers from 1 to "
        f"{MAX_BATCH_SIZE}, as in 1,8,32"
    )
