"""One row of the result: everything measured on one device in one precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from soundgan.errors import AudioError
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.parity import Parity, check_parity
from soundgan.inference.roofline import roofline_bound
from soundgan.models.layout import placed
from soundgan.pipelines.bench.effort import Effort
from soundgan.pipelines.bench.precision import OF_COMMANDS, InPrecision, name_of
from soundgan.pipelines.bench.sounds import (
    BatchSpeed,
    Bench,
    Stages,
    measure_batch,
    measure_latency,
    measure_load,
    measure_stages,
)
from soundgan.pipelines.bench.training import (
    Training,
    measure_training,
    precision_of_training,
)
from soundgan.pipelines.bench.units import duration
from soundgan.runtime.ceilings import Rates, measure_rates, peak_memory, reset_peak_memory
from soundgan.runtime.device import describe_device
from soundgan.runtime.timing import Timing
from soundgan.words import first_line

FAILURES = (RuntimeError, MemoryError, TypeError, AudioError)
"""What a device raises that lacks memory or an operation, or whose sounds are not finite."""


@dataclass(frozen=True)
class BenchPlan:
    """What every row has in common.

    Attributes:
        model: The model file.
        preset: The config whose training is timed.
        batch_sizes: To be tried.
        effort: Limits on the repeats.
        folder: For the files that are written.
    """

    model: Path
    preset: Path
    batch_sizes: tuple[int, ...]
    effort: Effort
    folder: Path


@dataclass(frozen=True)
class SoundSpeed:
    """How fast sounds are made.

    Attributes:
        load: From the model file to a generator on the device.
        latency: One sound, from its seed to a WAV on disk.
        stages: Where that time goes.
        batches: The batch sizes that worked.
        refused: Why the others did not.
    """

    load: Timing
    latency: Timing
    stages: Stages
    batches: tuple[BatchSpeed, ...]
    refused: dict[int, str]

    @property
    def best(self) -> BatchSpeed:
        """The batch that makes most sounds a second."""
        return max(self.batches, key=lambda batch: batch.sounds_per_second)


@dataclass(frozen=True)
class Row:
    """One device in one precision.

    Attributes:
        device: ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.
        hardware: Name a person recognises.
        precision: Of the generator.
        failure: Why there are no numbers, or empty.
        parity: The device's images beside those of the CPU.
        rates: The device's two ceilings.
        sounds: How fast sounds are made.
        generator_limits: By batch size, the least time the generator could take over the time it
            takes.
        training: In float32, and where the preset trains in another precision in that one too;
            elsewhere ``None``.
        training_failure: Why the device cannot train, or empty.
        training_limit: The least time of a step over the time it takes.
        peak_bytes: By ``sounds`` and ``training``: most memory in use so far, on the CPU of the
            whole program.
    """

    device: str
    hardware: str
    precision: str
    failure: str = ""
    parity: Parity | None = None
    rates: Rates | None = None
    sounds: SoundSpeed | None = None
    generator_limits: dict[int, float] = field(default_factory=dict)
    training: Training | None = None
    training_failure: str = ""
    training_limit: float | None = None
    peak_bytes: dict[str, int] = field(default_factory=dict)


def measure_row(
    plan: BenchPlan, device: torch.device, precision: torch.dtype, say: Callable[[str], object]
) -> Row:
    """Measure one device in one precision; what fails there is in the row, not raised.

    Args:
        plan: What to measure.
        device: Where.
        precision: Of the generator.
        say: Hears what is being measured.
    """
    row = Row(str(device), describe_device(device), name_of(precision))
    model = load_model(plan.model)
    say("comparing with the CPU")
    parity = check_parity(model, device, precision)
    row = replace(row, parity=parity)
    if not parity.passed:
        return replace(row, failure=f"not trusted: {parity.why}")
    try:
        say("sounds")
        reset_peak_memory(device)
        sounds = _sounds(plan, model, device, precision)
        row = replace(row, sounds=sounds, peak_bytes=_peak(row, "sounds", device))
        if precision in (OF_COMMANDS, precision_of_training(plan.preset, device)):
            say(f"training of {plan.preset.stem}")
            row = _with_training(row, plan, device, precision)
        say("limits")
        return limited(row, model, measure_rates(device, precision))
    except FAILURES as error:
        return Row(
            row.device, row.hardware, row.precision, f"it fails: {first_line(error)}", parity
        )


def _sounds(
    plan: BenchPlan, model: LoadedModel, device: torch.device, precision: torch.dtype
) -> SoundSpeed:
    if precision != OF_COMMANDS:
        model = replace(model, generator=InPrecision(model.generator, precision))
    return sound_speed(plan, model, device)


def sound_speed(plan: BenchPlan, model: LoadedModel, device: torch.device) -> SoundSpeed:
    """How fast a model makes sounds, its generator computing as it is."""
    bench = Bench(model, device, plan.effort, plan.folder)
    load = measure_load(bench, plan.model)
    bench = replace(bench, model=replace(model, generator=placed(model.generator, device)))
    latency, stages = measure_latency(bench), measure_stages(bench)
    batches, refused = _batches(bench, plan.batch_sizes, latency.median_s)
    return SoundSpeed(load, latency, stages, batches, refused)


def _batches(
    bench: Bench, sizes: tuple[int, ...], seconds_a_sound: float
) -> tuple[tuple[BatchSpeed, ...], dict[int, str]]:
    """The batch sizes that work in the time there is, and why the others do not."""
    effort = bench.effort
    affordable = min(effort.sounds, int(effort.sounds_s / seconds_a_sound))
    batches: list[BatchSpeed] = []
    refused: dict[int, str] = {}
    for size in sizes:
        n_sounds = max(size, affordable)
        if batches and n_sounds * seconds_a_sound > effort.sounds_s:
            refused[size] = f"too long, at {duration(seconds_a_sound)} a sound"
            continue
        try:
            batches.append(measure_batch(bench, size, n_sounds))
        except (RuntimeError, MemoryError) as error:
            refused[size] = first_line(error)
    if not batches:
        raise RuntimeError(f"no batch size works: {next(iter(refused.values()))}")
    return tuple(batches), refused


def _with_training(row: Row, plan: BenchPlan, device: torch.device, precision: torch.dtype) -> Row:
    reset_peak_memory(device)
    try:
        training = measure_training(plan.preset, device, precision, plan.effort)
    except FAILURES as error:
        return replace(row, training_failure=f"it fails: {first_line(error)}")
    return replace(row, training=training, peak_bytes=_peak(row, "training", device))


def _peak(row: Row, what: str, device: torch.device) -> dict[str, int]:
    """The row's peaks and that of ``what``; a second row of the CPU would show the first's."""
    if device.type == "cpu" and row.precision != name_of(OF_COMMANDS):
        return row.peak_bytes
    return row.peak_bytes | {what: peak_memory(device)}


def limited(row: Row, model: LoadedModel, rates: Rates) -> Row:
    """A row with the device's ceilings, and how near to them it came."""
    batches = row.sounds.batches if row.sounds else ()
    limits = {
        batch.size: roofline_bound(model, batch.size, rates).seconds / batch.generator.median_s
        for batch in batches
    }
    row = replace(row, rates=rates, generator_limits=limits)
    if row.training is None or row.training.step is None:
        return row
    least = row.training.flops_per_step / rates.flops_per_s
    return replace(row, training_limit=least / row.training.step.median_s)
