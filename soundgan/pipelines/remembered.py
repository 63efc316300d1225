"""What a run folder remembers: its own config, and the dataset that it was trained on."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from soundgan.data.manifest import MANIFEST
from soundgan.errors import ArtefactError, UsageError
from soundgan.pipelines.documents import CONFIG, read_run_record
from soundgan.pipelines.find_model import is_run
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256_file

PREPARED = Path("prepared")
"""Where ``soundgan prepare`` puts a dataset unless told otherwise."""

PLACE = "data"
"""Key of ``run.json``: the dataset's folder, if possible as seen from the run: both can move."""


def config_of(run: Path | None) -> str | None:
    """The config that a run has recorded, or ``None`` where there is no such run."""
    if run is None or not is_run(run) or not (run / CONFIG).is_file():
        return None
    return str(run / CONFIG)


def place_of(data: Path, run: Path) -> str:
    """The dataset's folder as a run remembers it: as it was first named, or seen from the run.

    The same command in another place leaves the same text.
    """
    before = _recorded(run).get(PLACE)
    if isinstance(before, str) and (run.resolve() / before).resolve() == data.resolve():
        return before
    return str(data) if data.is_absolute() else os.path.relpath(data.resolve(), run.resolve())


def _recorded(run: Path) -> dict[str, Any]:
    """What a run has written down; nothing where whoever reads more of it will complain."""
    with suppress(ArtefactError):
        return read_run_record(run)
    return {}


def data_of(run: Path | None, named: Path | None, reporter: Reporter) -> Path:
    """The dataset to work with: the one that was named, else the run's own.

    Args:
        run: A run folder, or what is none.
        named: What the caller named.
        reporter: Told where the run's own dataset has moved or changed.

    Raises:
        UsageError: The run's own dataset is gone.
    """
    if named is not None:
        return named
    if run is None or not is_run(run):
        return PREPARED
    record = _recorded(run)
    place, learnt = record.get(PLACE), record.get("dataset")
    if PLACE in record and place is None:
        raise UsageError(f"{run}: trained on arrays in memory; give its dataset with `data`")
    if not isinstance(place, str):  # of an earlier version
        return PREPARED
    path = as_people_write(run.resolve() / place)
    if (path / MANIFEST).is_file():
        if sha256_file(path / MANIFEST) != learnt:
            reporter.warn(
                f"{path}: prepared anew since {run} was trained on it; name the dataset of that "
                "time with `data` if it is still there"
            )
        return path
    if (PREPARED / MANIFEST).is_file() and sha256_file(PREPARED / MANIFEST) == learnt:
        reporter.say(f"{run}: its dataset was at {path} and is at {PREPARED} now")
        return PREPARED
    raise UsageError(f"{run}: its dataset is no longer at {path}; name its folder with `data`")


def as_people_write(path: Path) -> Path:
    """From the working folder where it lies below that, else in full."""
    path = Path(os.path.normpath(path))
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
