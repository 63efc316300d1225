"""A result beside an earlier one, row by row: how many times as fast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soundgan.errors import ArtefactError, UsageError

Times = dict[str, float]
"""Seconds of one thing: ``median_s`` between the quartiles ``low_s`` and ``high_s``."""

QUARTILES = ("median_s", "low_s", "high_s")


def refuse_other_model(path: Path, other: dict[str, Any], sha256: str, name: str) -> None:
    """Make sure that both results are of one model.

    Raises:
        UsageError: They are not.
    """
    if other["model"].get("sha256") != sha256:
        raise UsageError(
            f"--compare {path}: measured with another model ({other['model'].get('name')}), this "
            f"is {name}; name the same with --model"
        )


def compare(path: Path, other: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What both results hold, row by row, as quotients of speed: above 1, this one is faster.

    Raises:
        ArtefactError: A number in the other result is missing or impossible.
    """
    try:
        earlier = {(row["device"], row["precision"]): _times(row) for row in other["rows"]}
        rows = [
            {"device": row["device"], "precision": row["precision"]}
            | _quotients(_times(row), earlier[row["device"], row["precision"]])
            for row in document["rows"]
            if (row["device"], row["precision"]) in earlier
        ]
    except (KeyError, TypeError, StopIteration, ZeroDivisionError) as error:
        raise ArtefactError(f"{path}: damaged: {error!r} in a row; measure again") from error
    same = all(other.get(part) == document[part] for part in ("machine", "versions"))
    return {"file": str(path), "same_machine_and_versions": same, "rows": rows}


def _times(row: dict[str, Any]) -> dict[str, Times]:
    """Seconds by what they are of; only equal names may be set against each other."""
    found: dict[str, Times] = {}
    sounds, training = row["sounds"], row["training"]
    if sounds:
        size = sounds["best_batch_size"]
        best = next(batch for batch in sounds["batches"] if batch["size"] == size)
        of_one = {name: best["sounds"][name] / best["n_sounds"] for name in QUARTILES}
        found |= {"load": sounds["load"], "latency": sounds["latency"], "throughput": of_one}
    if training and training["step"]:
        kind = f"{training['preset']} {training['batch_size']} {training['flops_per_step']}"
        found[f"training {kind}"] = training["step"]
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


def is_clear(quotient: dict[str, float]) -> bool:
    """Whether the quartiles lie apart."""
    return quotient["low"] > 1 or quotient["high"] < 1
