"""What a training would be: shapes, parameters, operations, time, memory; nothing is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from soundgan.config.load import LoadedConfig
from soundgan.data.dataset import PreparedDataset
from soundgan.inference.placement import device_to_train_on
from soundgan.pipelines.advice import long_run_advice
from soundgan.pipelines.bench.units import duration
from soundgan.pipelines.budget import (
    STEPS,
    calibration_seconds,
    minutes_of,
    seconds_for_steps,
    steps_within,
)
from soundgan.pipelines.origin import Origin, demand_fit, told
from soundgan.pipelines.preset_table import PresetRow, preset_lines, preset_rows
from soundgan.pipelines.task import open_task
from soundgan.reporting import Reporter
from soundgan.runtime.device import describe_device
from soundgan.training.estimate import Estimate, estimate
from soundgan.training.footprint import refuse_too_large
from soundgan.training.state import new_state
from soundgan.words import counted


@dataclass(frozen=True)
class Plan:
    """A training that was not started."""

    name: str
    device: str
    clips: int
    seconds: float
    sample_rate: int
    labels: tuple[str, ...]
    representation: str
    image: tuple[int, ...]
    latent_dim: int
    steps: int
    batch_size: int
    estimate: Estimate
    advice: str | None
    presets: tuple[PresetRow, ...] = ()
    start: str | None = None
    calibration_seconds: float = 0.0

    @property
    def total_seconds(self) -> float:
        """Of the whole run, with the calibration of its levels."""
        return self.estimate.seconds_per_step * self.steps + self.calibration_seconds

    def document(self) -> dict[str, Any]:
        """As one JSON document."""
        document = {"schema": 1, **asdict(self)}
        return document | {"total_seconds": self.total_seconds}

    def text(self) -> str:
        """For people."""
        cost = self.estimate
        classes = f"{len(self.labels)} classes" if self.labels else "no labels"
        lines = [
            f"device         {self.device}",
            f"data           {self.clips} clips of {self.seconds:.2f} s at {self.sample_rate} Hz, "
            f"{classes}",
            f"image          {'x'.join(map(str, self.image))} {self.representation}",
            f"generator      {cost.generator_parameters:,} parameters, latent {self.latent_dim}",
            f"discriminator  {cost.discriminator_parameters:,} parameters",
            f"step           {cost.flops_per_step / 1e9:,.1f} GFLOP, batch {self.batch_size}, "
            f"{duration(cost.seconds_per_step)} here",
            f"run            {counted(self.steps, 'step')}, about {duration(self.total_seconds)}",
            f"memory         about {cost.memory_bytes / 1e9:.2f} GB for networks and one step",
        ]
        if self.start:
            lines += wrap(
                f"start          {self.start}",
                80,
                subsequent_indent=" " * 15,
                break_long_words=False,
            )
        if self.presets:
            lines += preset_lines(self.presets, self.name)
        return "\n".join(lines + ([f"note: {self.advice}"] if self.advice else []))


def dry_run(
    loaded: LoadedConfig,
    data: Path | PreparedDataset,
    device: str,
    reporter: Reporter,
    *,
    max_minutes: float | None = None,
    origin: Origin | None = None,
) -> Plan:
    """Build everything, time a few steps on noise, write nothing.

    Args:
        loaded: The config.
        data: Prepared folder, or an open dataset.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.
        reporter: Told why a device is not used.
        max_minutes: Time that a new run would be fitted into.
        origin: What a new run would start from.

    Raises:
        ConfigError: The config is wrong, or does not fit the dataset.
    """
    task = open_task(loaded, data)
    if origin is not None:
        demand_fit(task, origin)
    where = device_to_train_on(task.assembly, device, reporter)
    refuse_too_large(task.assembly, where)
    state = new_state(task.assembly, device=where)
    dataset = task.dataset
    cost = estimate(state)
    last = calibration_seconds(task)
    minutes = minutes_of(task.config.training, max_minutes)
    if minutes is not None and STEPS not in loaded.overridden:
        left = seconds_for_steps(60 * minutes, last)
        task = task.with_steps(steps_within(task, left, cost.seconds_per_step))
    return Plan(
        name=loaded.name,
        device=describe_device(where),
        clips=len(dataset.train_indices),
        seconds=dataset.clip.seconds,
        sample_rate=dataset.clip.sample_rate,
        labels=task.labels,
        representation=task.config.representation.name,
        image=state.generator.shape,
        latent_dim=state.generator.latent_dim,
        steps=task.config.training.steps,
        batch_size=task.config.training.batch_size,
        estimate=cost,
        presets=preset_rows(task, cost.seconds_per_step / cost.flops_per_step, max_minutes=minutes),
        calibration_seconds=last,
        start=None if origin is None else told(task, origin),
        advice=long_run_advice(task, loaded.name, cost.seconds_per_step, where),
    )
