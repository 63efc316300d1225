"""What ``soundgan evaluate`` is asked, and where its answer goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import OutputError, UsageError
from soundgan.pipelines.documents import EVALUATION, MODEL_NAME
from soundgan.pipelines.find_model import (
    bundled_folder,
    bundled_models,
    find_model,
    is_run,
    run_models,
)

REPORT = "evaluation.json"
PAGE = "evaluation.html"

Kept = Literal["test", "validation"]
"""Splits that are not trained on."""

DEFAULT_COUNT = 500
MOST_SOUNDS = 5000
MEASURE_SEED = 0
"""Of everything drawn while measuring: what differs between two evaluations is the sounds."""


@dataclass(frozen=True)
class EvaluateRequest:
    """What to evaluate, and against what.

    Attributes:
        target: A run folder, a model file, the name of a bundled model, or a folder of WAV and
            FLAC; ``None``: the newest run.
        data: Prepared folder, or an open dataset; ``None``: the one that the target's run was
            trained on.
        runs: Folder that holds the runs.
        count: Sounds to make; of a folder, the most to take. ``None``: 500; of a folder, all.
        seed: Of the first generated sound; sound i has ``seed + i``.
        truncation: Factor on the latent.
        out: Folder for the results, or ``None`` for the place that suits the target.
        compare: An earlier ``evaluation.json`` to set the numbers against.
        device: Device name.
        split: Which of the clips that are not trained on to measure against.
    """

    target: Path | None
    data: Path | PreparedDataset | None
    runs: Path = Path("runs")
    count: int | None = None
    seed: int = 0
    truncation: float = 1.0
    out: Path | None = None
    compare: Path | None = None
    device: str = "auto"
    split: Kept = "test"


@dataclass(frozen=True)
class Target:
    """What the request's argument turned out to be.

    Attributes:
        kind: ``model`` for a run as well.
        path: The model file, or the folder of sounds.
        out: Where the results go unless told otherwise.
    """

    kind: Literal["model", "folder"]
    path: Path
    out: Path


def find_target(named: Path | None, runs: Path) -> Target:
    """What is to be evaluated.

    Raises:
        UsageError: There is nothing of the kind; the message says what to give.
    """
    what = "a run, a model file or a folder of WAV and FLAC"
    if named is None and not run_models(runs):
        raise UsageError(f"no model in {runs}/; train one with soundgan train, or name {what}")
    if named is not None and not named.exists() and str(named) not in bundled_models():
        raise UsageError(f"{named}: not there; name {what}")
    if named is not None and named.is_dir() and not (named / MODEL_NAME).is_file():
        if is_run(named):
            raise UsageError(f"{named}: this run has no model yet; train it with soundgan train")
        return Target("folder", named, Path(EVALUATION))
    model = find_model(named, runs)
    folder = model.parent
    if folder == bundled_folder():
        return Target("model", model, Path(EVALUATION))
    in_run = model.name == MODEL_NAME and is_run(folder)
    as_run = named is None or named.is_dir() or in_run
    return Target("model", model, folder if as_run else folder / EVALUATION)


def refuse_unwritable(out: Path) -> None:
    """Make sure, before minutes of work, that results can be written to ``out``.

    Raises:
        OutputError: It is a file, or lies where nothing may be written.
    """
    place = out
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise OutputError(f"{out}: {place} is a file; choose another `out`")
    if not os.access(place, os.W_OK | os.X_OK):
        raise OutputError(f"{out}: {place} is read-only; choose another `out`")
