"""One row of the table: a draw, a preset, some minutes, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.small.draws import draw

SIZES = (50, 100, 200, 500)
SEEDS = (0, 1)
SOUNDS = 500
"""Measured of each model."""


@dataclass(frozen=True)
class Source:
    """A folder of recordings.

    Attributes:
        name: In the table.
        variable: Of the environment, which names the folder.
        prepare: Options of ``soundgan prepare``.
    """

    name: str
    variable: str
    prepare: tuple[str, ...]


SOURCES = (
    Source("digits", "SOUNDGAN_FSDD", ("--label-pattern", r"^(?P<label>\d)_")),
    Source(
        "machines",
        "SOUNDGAN_DRUMS",
        ("--sample-rate", "22050", "--clip-seconds", "0.65", "--channels", "mono"),
    ),
)


@dataclass(frozen=True)
class Row:
    """What is trained.

    Attributes:
        source: Name of the recordings.
        size: Clips, those for validation among them.
        preset: Trained with.
        seed: Of the draw and of the training.
        minutes: Of the training, with everything.
    """

    source: str
    size: int
    preset: str
    seed: int
    minutes: float

    @property
    def name(self) -> str:
        """Of its files, and for choosing rows."""
        return f"{self.source}-{self.size}-{self.preset}-{self.seed}-{self.minutes:g}min"


def all_rows(presets: list[str], minutes: float) -> list[Row]:
    """Every row of a table."""
    return [
        Row(source.name, size, preset, seed, minutes)
        for preset in presets
        for source in SOURCES
        for size in SIZES
        for seed in SEEDS
    ]


def measured(row: Row, folder: Path) -> dict[str, Any]:
    """The row, from its file where it has been trained before; a run that was stopped goes on."""
    path = folder / "rows" / f"{row.name}.json"
    if path.is_file():
        found: dict[str, Any] = json.loads(path.read_text())
        return found
    data = draw(
        prepared(row.source, folder),
        folder / "draws" / f"{row.source}-{row.size}-{row.seed}",
        n=row.size,
        seed=row.seed,
    )
    run = folder / "runs" / row.name
    began = time.monotonic()
    trained = _soundgan(
        "train", "--config", row.preset, "--data", data, "--run", run, "--seed", row.seed,
        "--max-minutes", row.minutes,
    )  # fmt: skip
    minutes = (time.monotonic() - began) / 60
    _soundgan("evaluate", run, "--data", data, "-n", SOUNDS)
    result = asdict(row) | {
        "steps": trained["steps"],
        "minutes_taken": round(minutes, 1),
        "health": trained["health"]["verdict"],
    }
    result |= numbers(json.loads((run / "evaluation.json").read_text()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")
    return result


def numbers(report: dict[str, Any]) -> dict[str, Any]:
    """What the table has of an ``evaluation.json``."""
    rows = report["rows"]
    found: dict[str, Any] = {"verdict": report["verdict"]["answer"]}
    for name in ("candidate", "real"):
        row, whole = rows[name], rows[name]["whole"]
        found[name] = {
            "kernel_distance": whole["kernel_distance"]["value"],
            "precision": whole["precision"],
            "recall": whole["recall"],
            "nearest_neighbour_ratio": row.get("nearest_neighbour_ratio"),
            "accuracy": row.get("accuracy"),
        }
    return found


def prepared(name: str, folder: Path) -> Path:
    """The recordings of a source, prepared once."""
    source = next(source for source in SOURCES if source.name == name)
    out = folder / "prepared" / name
    if not (out / "manifest.json").is_file():
        recordings = os.environ.get(source.variable)
        if not recordings:
            raise SystemExit(f"set {source.variable} to the folder of {name}")
        _soundgan("prepare", recordings, "--out", out, *source.prepare)
    return out


def _soundgan(*words: object) -> dict[str, Any]:
    """What a command answers."""
    command = [sys.executable, "-m", "soundgan", *map(str, words), "--json", "-q"]
    run = partial(subprocess.run, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(run(command).stdout)
    return found
