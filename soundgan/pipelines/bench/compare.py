"""A result beside an earlier one, row by row: how many times as fast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundgan.errors import ArtefactError, UsageError
from soundgan.pipelines.bench.document import read_document

Times = dict[str, float]
"""Seconds of one thing: ``median_s`` between the quartiles ``low_s`` and ``high_s``."""

Place = tuple[str, str]
"""Device and precision."""

QUARTILES = ("median_s", "low_s", "high_s")


@dataclass(frozen=True)
class Earlier:
    """An earlier result.

    Attributes:
        path: Its file.
        document: All of it.
        times: Of each place, by what they are of; equal names may be set against each other.
    """

    path: Path
    document: dict[str, Any]
    times: dict[Place, dict[str, Times]]


def read_earlier(path: Path) -> Earlier:
    """Read and check a result completely, before hours are spent on one to set beside it.

    Raises:
        UsageError: There is no such file.
        ArtefactError: Damaged, or something else.
    """
    document = read_document(path)
    try:
        times = {_place(row): _times(row) for row in document["rows"]}
    except (KeyError, TypeError, ValueError, StopIteration, ZeroDivisionError) as error:
        raise ArtefactError(
            f"{path}: damaged: a number is missing or impossible; measure again"
        ) from error
    return Earlier(path, document, times)


def refuse_other_model(earlier: Earlier, sha256: str, name: str) -> None:
    """Make sure that both results are of one model.

    Raises:
        UsageError: They are not.
    """
    other = earlier.document["model"]
    if other.get("sha256") != sha256:
        raise UsageError(
            f"`compare={earlier.path}`: measured with another model ({other.get('name')}), this "
            f"is {name}; name the same with `model`"
        )


def compare(earlier: Earlier, document: dict[str, Any]) -> dict[str, Any]:
    """What both results hold, row by row, as quotients of speed: above 1, this one is faster."""
    rows = [
        {"device": row["device"], "precision": row["precision"]}
        | _quotients(_times(row), earlier.times[_place(row)])
        for row in document["rows"]
        if _place(row) in earlier.times
    ]
    parts = ("machine", "versions")
    same = all(earlier.document.get(part) == document[part] for part in parts)
    return {"file": str(earlier.path), "same_machine_and_versions": same, "rows": rows}


def is_clear(quotient: dict[str, float]) -> bool:
    """Whether the quartiles lie apart."""
    return quotient["low"] > 1 or quotient["high"] < 1


def _place(row: dict[str, Any]) -> Place:
    return str(row["device"]), str(row["precision"])


def _times(row: dict[str, Any]) -> dict[str, Times]:
    found: dict[str, Times] = {}
    sounds, training = row["sounds"], row["training"]
    if sounds:
        size = sounds["best_batch_size"]
        best = next(batch for batch in sounds["batches"] if batch["size"] == size)
        found["load"] = _of_one(sounds["load"])
        found["latency"] = _of_one(sounds["latency"])
        found["throughput"] = _of_one(best["sounds"], best["n_sounds"])
    if training and training["step"]:
        kind = f"{training['preset']} {training['batch_size']} {training['flops_per_step']}"
        found[f"training {kind}"] = _of_one(training["step"])
    return found


def _of_one(times: dict[str, Any], n: int = 1) -> Times:
    """The quartiles of one of ``n`` things."""
    found = {name: times[name] / n for name in QUARTILES}
    if not all(0 < seconds < math.inf for seconds in found.values()):
        raise ValueError("not a time")
    return found


def _quotients(these: dict[str, Times], those: dict[str, Times]) -> dict[str, dict[str, float]]:
    """How many times as fast, and what the quartiles leave possible."""
    return {
        name.partition(" ")[0]: {
            "ratio": those[name]["median_s"] / times["median_s"],
            "low": those[name]["low_s"] / times["high_s"],
            "high": those[name]["high_s"] / times["low_s"],
        }
        for name, times in these.items()
        if name in those
    }
