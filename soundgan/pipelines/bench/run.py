"""Measure what was asked for, and put it beside an earlier result."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from soundgan.config.presets import find_config
from soundgan.errors import ExitCode
from soundgan.inference.model_file import load_model
from soundgan.pipelines.bench.compare import compare, read_earlier, refuse_other_model
from soundgan.pipelines.bench.document import document_of, refuse_other_content
from soundgan.pipelines.bench.effort import QUICK, THOROUGH
from soundgan.pipelines.bench.graph_row import has_graph_row, measure_graph_row
from soundgan.pipelines.bench.precision import name_of, precisions
from soundgan.pipelines.bench.request import BenchRequest, Subject, find_subject
from soundgan.pipelines.bench.rows import BenchPlan, Row, measure_row
from soundgan.pipelines.bench.table import render
from soundgan.pipelines.bench.untrained import write_untrained
from soundgan.reporting import Reporter
from soundgan.runtime.device import available_devices, pick_device
from soundgan.runtime.files import write_json
from soundgan.runtime.memory import NETWORKS_BYTES, demand_address_space

TASK = "measuring"


@dataclass(frozen=True)
class BenchResult:
    """What was measured.

    Attributes:
        document: All of it, as the command's JSON; times in seconds.
    """

    document: dict[str, Any]

    def text(self) -> str:
        """Tables of at most 80 columns."""
        return render(self.document)

    @property
    def exit_code(self) -> ExitCode:
        """``PARTIAL`` when a device failed beside one that works, ``FAILED`` when none works."""
        failed = [bool(row["failure"]) for row in self.document["rows"]]
        if all(failed):
            return ExitCode.FAILED
        return ExitCode.PARTIAL if any(failed) else ExitCode.OK


def bench(request: BenchRequest, reporter: Reporter) -> BenchResult:
    """Measure every device and precision that was asked for, one after the other.

    Raises:
        UsageError: There is no such model, preset or device, or ``compare`` is of another model.
        ArtefactError: The model or the result to compare with is damaged.
        OutputError: ``save`` holds something else, or cannot be written.
    """
    if request.save is not None:
        refuse_other_content(request.save)
    earlier = None if request.compare is None else read_earlier(request.compare)
    subject = find_subject(request.model, request.runs)
    devices = _devices(request.device)
    demand_address_space(NETWORKS_BYTES, "measuring")
    with tempfile.TemporaryDirectory(prefix="soundgan-bench-") as name:
        folder = Path(name)
        path = _model_file(subject, folder)
        model = load_model(path)
        if earlier is not None:
            refuse_other_model(earlier, model.sha256, subject.name)
        reporter.say(_announcement(request, subject))
        effort = QUICK if request.quick else THOROUGH
        sizes = request.batch_sizes
        plan = BenchPlan(path, find_config(subject.preset), sizes, effort, folder)
        rows = _rows(plan, devices, request, reporter)
        if has_graph_row(model, devices, quick=request.quick):
            rows.append(measure_graph_row(plan, partial(_say_graph, reporter)))
            reporter.finish(TASK)
    document = document_of(subject, model, rows, quick=request.quick)
    if request.save is not None:
        write_json(request.save, document)
    if earlier is not None:
        document["comparison"] = compare(earlier, document)
    return BenchResult(document)


def _devices(name: str) -> list[torch.device]:
    names = available_devices() if name == "all" else (str(pick_device(name)),)
    return [torch.device(name) for name in names]


def _model_file(subject: Subject, folder: Path) -> Path:
    """The subject's model; of a preset, one that is made for the purpose."""
    if subject.kind != "preset":
        return subject.path
    path = folder / "untrained.safetensors"
    write_untrained(path, subject.path)
    return path


def _announcement(request: BenchRequest, subject: Subject) -> str:
    if subject.kind == "preset":
        return f"preset {subject.name}, untrained: its sounds are noise, its cost is the same"
    if request.model is not None:
        return f"model {subject.name}"
    if subject.kind == "bundled":
        return f"no run in {request.runs}/, so this is the bundled model {subject.name}"
    return f"the newest run, {subject.name}"


def _say_graph(reporter: Reporter, what: str) -> None:
    reporter.progress(TASK, 0, 1, f"onnx: {what}")


def _rows(
    plan: BenchPlan, devices: list[torch.device], request: BenchRequest, reporter: Reporter
) -> list[Row]:
    todo = [
        (device, precision)
        for device in devices
        for precision in precisions(device, quick=request.quick)
    ]
    rows = []
    for done, (device, precision) in enumerate(todo):
        place = f"{device} {name_of(precision)}"

        def say(what: str, done: int = done, place: str = place) -> None:
            reporter.progress(TASK, done, len(todo), f"{place}: {what}")

        rows.append(measure_row(plan, device, precision, say))
    reporter.finish(TASK)
    return rows
