"""The result as tables of at most 80 columns, a row for each device and precision."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from soundgan.pipelines.bench.compare import is_clear
from soundgan.pipelines.bench.units import (
    bytes_per_second,
    digits,
    duration,
    flops_per_second,
    n_bytes,
    with_spread,
)
from soundgan.words import percent

WIDTH = 80
NONE = "-"

Row = dict[str, Any]
Cells = Sequence[str]

SOUNDS = ("check", "load", "one sound", "batch", "sounds/s", "× real time")
STAGES = ("generator", "image to sound", "writing", "peak memory")
LIMITS = ("arithmetic", "memory", "generator", "training")
TRAINING = ("step", "steps/s", "images/s", "whole run", "peak memory")
COMPARED = {
    "load": "load",
    "latency": "one sound",
    "throughput": "sounds/s",
    "training": "training steps/s",
}


def render(document: dict[str, Any]) -> str:
    """Everything a person wants to know, as text."""
    rows = document["rows"]
    measured = [row for row in rows if not row["failure"]]
    trained = [row for row in measured if row["training"]]
    parts = [_head(document), _table("sounds, from seed to WAV on disk", SOUNDS, rows, _sounds)]
    if measured:
        parts.append(_table("where the time of one sound goes", STAGES, measured, _stages))
        title = "limits of the device, and how near the networks come to them"
        parts.append(_table(title, LIMITS, measured, _limits))
    if trained:
        first = trained[0]["training"]
        title = f"training of the preset {first['preset']}, {first['steps']:,} steps"
        parts.append(_table(title, TRAINING, trained, _training))
    if "comparison" in document:
        parts.append(_comparison(document["comparison"]))
    notes = [line for note in _notes(document) for line in textwrap.wrap(note, WIDTH)]
    return "\n\n".join([*parts, *(["\n".join(notes)] if notes else [])])


def _head(document: dict[str, Any]) -> str:
    model, machine, versions = document["model"], document["machine"], document["versions"]
    kind = {"bundled": "bundled model", "preset": "preset, untrained", "file": "model"}
    channels, height, width = model["image"]
    image = f"{height}×{width}" + (f"×{channels}" if channels > 1 else "")
    lines = (
        f"{model['name']} ({kind.get(model['kind'], model['kind'])}): sounds of "
        f"{model['seconds']:.2f} s at {model['sample_rate']:,} Hz, phase by {model['inversion']}",
        f"generator {model['generator']}, {digits(model['parameters'] / 1e6)} M parameters, "
        f"{digits(model['flops_per_image'] / 1e9)} GFLOP an image of {image}",
        f"{machine['processor']}, {machine['cores']} cores, {machine['threads']} threads; "
        f"{machine['system']}",
        *dict.fromkeys(row["hardware"] for row in document["rows"] if row["device"] != "cpu"),
        ", ".join(f"{name} {version}" for name, version in versions.items()),
    )
    return "\n".join(wrapped for line in lines for wrapped in textwrap.wrap(line, WIDTH))


def _table(title: str, heads: Cells, rows: Iterable[Row], cells: Callable[[Row], Cells]) -> str:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("device", *heads):
        table.add_column(head, justify="left" if head == "device" else "right", no_wrap=True)
    for row in rows:
        table.add_row(_place(row), *cells(row))
    file = io.StringIO()
    Console(file=file, width=WIDTH, color_system=None, markup=False, emoji=False).print(table)
    return "\n".join([title, *(line.rstrip() for line in file.getvalue().splitlines())])


def _place(row: Row) -> str:
    return f"{row['device']} {row['precision']}"


def _sounds(row: Row) -> Cells:
    if row["failure"]:
        trusted = row["parity"] and row["parity"]["passed"]
        return ("passed" if trusted else "FAILED", *[NONE] * (len(SOUNDS) - 1))
    sounds, best = row["sounds"], _best(row)
    return (
        "passed",
        duration(sounds["load"]["median_s"]),
        with_spread(duration(sounds["latency"]["median_s"]), sounds["latency"]),
        str(best["size"]),
        with_spread(digits(best["sounds_per_second"]), best["sounds"]),
        digits(best["times_real_time"]),
    )


def _stages(row: Row) -> Cells:
    stages, shares = row["sounds"]["stages"], row["sounds"]["shares"]
    return (
        *(
            f"{duration(stages[name]['median_s'])}, {percent(shares[name])}"
            for name in ("generator", "inversion", "writing")
        ),
        _peak(row, "sounds"),
    )


def _limits(row: Row) -> Cells:
    batches = row["sounds"]["batches"]
    best = max(batches, key=lambda batch: float(batch["generator_limit_share"]))
    share = row["training"] and row["training"]["limit_share"]
    return (
        flops_per_second(row["rates"]["flops_per_s"]),
        bytes_per_second(row["rates"]["bytes_per_s"]),
        f"{percent(best['generator_limit_share'])}, batch {best['size']}",
        percent(share) if share else NONE,
    )


def _training(row: Row) -> Cells:
    training = row["training"]
    step = training["step"]
    about = "" if step else "~"
    seconds = duration(training["seconds_per_step"])
    return (
        with_spread(seconds, step) if step else f"{about}{seconds}",
        digits(training["steps_per_second"]),
        digits(training["images_per_second"]),
        f"{about}{duration(training['total_seconds'])}",
        _peak(row, "training") if step else NONE,
    )


def _comparison(comparison: dict[str, Any]) -> str:
    rows = comparison["rows"]
    title = f"times as fast as {comparison['file']}"
    names = [name for name in COMPARED if any(name in row for row in rows)]
    if not names:
        return f"{title}: nothing in common"
    heads = [COMPARED[name] for name in names]
    return _table(title, heads, rows, lambda row: [_ratio(row.get(name)) for name in names])


def _ratio(ratio: dict[str, float] | None) -> str:
    if ratio is None:
        return NONE
    return f"{'' if is_clear(ratio) else '≈ '}{digits(ratio['ratio'])} ×"


def _notes(document: dict[str, Any]) -> Iterator[str]:
    for row in document["rows"]:
        yield from _row_notes(row)
    if "comparison" in document:
        yield from _comparison_notes(document["comparison"])


def _comparison_notes(comparison: dict[str, Any]) -> Iterator[str]:
    ratios = [row[name] for row in comparison["rows"] for name in COMPARED if name in row]
    if not all(map(is_clear, ratios)):
        yield "≈ is not clear of the spread of the measurements"
    if not comparison["same_machine_and_versions"]:
        yield f"{comparison['file']} is of another machine or of other versions"


def _row_notes(row: Row) -> Iterator[str]:
    place = _place(row)
    if row["failure"]:
        yield f"{place}: {row['failure']}"
        return
    for size, why in row["sounds"]["refused"].items():
        yield f"{place}: no batch of {size}: {why}"
    if row["training_failure"]:
        yield f"{place}: no training: {row['training_failure']}"
    elif row["training"] and not row["training"]["step"]:
        yield f"{place}: ~ a step is too long to be timed here; reckoned from its operations"


def _best(row: Row) -> dict[str, Any]:
    sounds = row["sounds"]
    found: dict[str, Any] = next(
        batch for batch in sounds["batches"] if batch["size"] == sounds["best_batch_size"]
    )
    return found


def _peak(row: Row, name: str) -> str:
    return n_bytes(row["peak_bytes"][name]) if name in row["peak_bytes"] else NONE
