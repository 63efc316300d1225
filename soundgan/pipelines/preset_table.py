"""The presets that a dataset may be trained with, side by side: images, copies and time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from soundgan.ingest.store import REPORT
from soundgan.models.skeleton import shapes_only
from soundgan.pipelines.bench.units import duration
from soundgan.pipelines.budget import calibration_seconds, seconds_for_steps, steps_within
from soundgan.pipelines.choose_preset import presets_for
from soundgan.pipelines.task import Task
from soundgan.training.estimate import flops_of


@dataclass(frozen=True)
class PresetRow:
    """One preset, for the clips of a dataset.

    Attributes:
        preset: Its name.
        image: (F, T) of its images.
        flops_per_step: Floating-point operations of a step.
        steps: Of its run, as long as it is or as long as was given.
        total_seconds: Of that run, by its operations, with the calibration of its levels.
        median_db: How close copies through its images are, where ``prepare`` measured it.
        attacks_kept: Share of them whose attack takes as long, within a millisecond.
    """

    preset: str
    image: tuple[int, int]
    flops_per_step: int
    steps: int
    total_seconds: float
    median_db: float | None
    attacks_kept: float | None


def preset_rows(
    task: Task, seconds_per_flop: float, *, max_minutes: float | None = None
) -> tuple[PresetRow, ...]:
    """The presets for the clips of a task.

    Args:
        task: Its dataset is looked at.
        seconds_per_flop: Of this machine, as it was measured with one of them.
        max_minutes: Time that all runs would be fitted into.
    """
    copies = _measured(task.dataset.path)
    return tuple(
        _row(preset, task, seconds_per_flop, max_minutes, copies.get(preset, {}))
        for preset in presets_for(task.dataset.clip)
    )


def preset_lines(rows: tuple[PresetRow, ...], name: str) -> list[str]:
    """For people, in 80 columns; the row of the preset ``name`` is marked."""
    lines = ["", "presets for these clips, time by their operations:"]
    lines.append("    preset    image       copies    attacks  step         steps  time")
    for row in rows:
        copies = "-" if row.median_db is None else f"{row.median_db:.1f} dB"
        kept = "-" if row.attacks_kept is None else f"{100 * row.attacks_kept:.0f} %"
        lines.append(
            f"  {'>' if row.preset == name else ' '} {row.preset:9} "
            f"{f'{row.image[0]} x {row.image[1]}':10} {copies:>9}  {kept:>6}"
            f"  {row.flops_per_step / 1e9:5.1f} GFLOP  {row.steps:6}  {duration(row.total_seconds)}"
        )
    return lines


def _row(
    preset: str,
    task: Task,
    seconds_per_flop: float,
    max_minutes: float | None,
    copies: Mapping[str, float],
) -> PresetRow:
    task = task.with_preset(preset)
    assembly = task.assembly
    with shapes_only():
        generator, discriminator = assembly.generator(), assembly.discriminator()
    training = assembly.config.training
    flops = flops_of(training, generator, discriminator, assembly.loss(discriminator))
    seconds, last, steps = flops * seconds_per_flop, calibration_seconds(task), training.steps
    if max_minutes is not None:
        steps = steps_within(task, seconds_for_steps(60 * max_minutes, last), seconds)
    image = assembly.config.representation
    return PresetRow(
        preset=preset,
        image=(image.height, image.width),
        flops_per_step=flops,
        steps=steps,
        total_seconds=steps * seconds + last,
        median_db=copies.get("median_db"),
        attacks_kept=copies.get("attacks_kept"),
    )


def _measured(folder: Path | None) -> dict[str, dict[str, float]]:
    """What ``prepare`` measured of each preset; nothing where its report does not say."""
    if folder is None:
        return {}
    try:
        ceiling = json.loads((folder / REPORT).read_bytes())["ceiling"]
        rows = [ceiling, *ceiling["other_presets"]]
        return {
            row["preset"]: {
                key: float(row[key]) for key in ("median_db", "attacks_kept") if key in row
            }
            for row in rows
        }
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
