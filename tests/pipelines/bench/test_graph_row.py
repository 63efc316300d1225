from __future__ import annotations

import pytest
import torch

from soundgan.inference.model_file import load_model
from soundgan.pipelines.bench import graph_row
from soundgan.pipelines.bench.graph_row import has_graph_row, measure_graph_row
from soundgan.pipelines.bench.rows import BenchPlan
from soundgan.runtime.ceilings import Rates

CPU = torch.device("cpu")


@pytest.mark.slow
def test_sounds_by_onnx_runtime_have_a_row(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_row, "measure_rates", lambda device, dtype: Rates(1e9, 1e15))
    row = measure_graph_row(plan, lambda what: None)
    assert (row.device, row.precision, row.failure) == ("cpu", "onnx", "")
    assert row.sounds is not None
    assert [batch.size for batch in row.sounds.batches] == [1, 2]
    assert set(row.generator_limits) == {1, 2}
    assert row.training is None


def test_the_row_is_for_thorough_measurements_of_the_cpu(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(plan.model)
    assert has_graph_row(model, [CPU], quick=False)
    assert not has_graph_row(model, [CPU], quick=True)
    assert not has_graph_row(model, [torch.device("cuda:0")], quick=False)
    monkeypatch.setattr(graph_row, "find_spec", lambda name: None)
    assert not has_graph_row(model, [CPU], quick=False)
