"""The row of sounds whose images are drawn by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

import torch
from torch import Tensor

from soundgan.graphs import GRAPHS
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.parity import TOLERANCE, Parity
from soundgan.pipelines.bench.rows import FAILURES, BenchPlan, Row, limited, sound_speed
from soundgan.runtime.ceilings import measure_rates
from soundgan.runtime.device import describe_device
from soundgan.words import first_line

PRECISION = "onnx"
"""What stands where other rows have their precision."""


def has_graph_row(model: LoadedModel, devices: list[torch.device], *, quick: bool) -> bool:
    """Whether there is something to measure: the CPU, the libraries, and a graph."""
    installed = all(find_spec(name) is not None for name in ("onnx", "onnxruntime"))
    known = model.description.config.generator.name in GRAPHS.names()
    return installed and known and not quick and torch.device("cpu") in devices


def measure_graph_row(plan: BenchPlan, say: Callable[[str], object]) -> Row:
    """Measure sounds with images by ONNX Runtime; what fails is in the row, not raised.

    Args:
        plan: What to measure.
        say: Hears what is being measured.
    """
    from soundgan.graphs.generator import in_runtime  # noqa: PLC0415 - the libraries are optional
    from soundgan.graphs.parity import image_parity  # noqa: PLC0415 - the same

    device = torch.device("cpu")
    row = Row(str(device), describe_device(device), PRECISION)
    own = load_model(plan.model)
    try:
        say("comparing with the model")
        model = in_runtime(own)
        compared = image_parity(own, partial(_images, model))
        parity = Parity(not compared.fault, None, TOLERANCE[torch.float32], compared.fault)
        if compared.fault:
            return Row(*_place(row), f"not trusted: {compared.fault}", parity)
        say("sounds")
        sounds = sound_speed(plan, model, device)
        say("limits")
        return limited(
            Row(*_place(row), parity=parity, sounds=sounds),
            own,
            measure_rates(device, torch.float32),
        )
    except FAILURES as error:
        return Row(*_place(row), f"it fails: {first_line(error)}")


@torch.inference_mode()
def _images(model: LoadedModel, z: Tensor, labels: Tensor | None) -> Tensor:
    return model.codec.corrected(model.generator(z, labels)).clamp(-1.0, 1.0)


def _place(row: Row) -> tuple[str, str, str]:
    return row.device, row.hardware, row.precision
