from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from soundgan.errors import AudioError
from soundgan.inference.model_file import load_model
from soundgan.inference.parity import Parity
from soundgan.models.cost import forward_flops
from soundgan.pipelines.bench import rows, sounds
from soundgan.pipelines.bench.rows import BenchPlan, measure_row
from soundgan.pipelines.bench.sounds import measure_batch
from soundgan.pipelines.bench.training import measure_training
from soundgan.runtime.ceilings import Rates
from soundgan.runtime.timing import Timing
from tests.pipelines.bench.conftest import ONCE

CPU = torch.device("cpu")
TEN_MS = Timing(0.01, 0.009, 0.012, 5)


@pytest.fixture(autouse=True)
def known_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ceilings that cost no time: memory so fast that arithmetic decides."""
    monkeypatch.setattr(rows, "measure_rates", lambda device, dtype: Rates(1e9, 1e15))


def measured(plan: BenchPlan, precision: torch.dtype = torch.float32) -> rows.Row:
    return measure_row(plan, CPU, precision, lambda what: None)


def failing(error: Exception) -> Callable[..., object]:
    def fail(*arguments: object) -> object:
        raise error

    return fail


def test_a_row_holds_all_that_was_asked_for(plan: BenchPlan) -> None:
    heard: list[str] = []
    row = measure_row(plan, CPU, torch.float32, heard.append)
    assert (row.device, row.precision, row.failure) == ("cpu", "float32", "")
    assert heard == ["comparing with the CPU", "sounds", "training of tiny", "limits"]
    assert row.parity is not None
    assert row.parity.passed
    assert row.sounds is not None
    assert [batch.size for batch in row.sounds.batches] == [1, 2]
    assert row.training is not None
    assert row.training.preset == "tiny"
    assert set(row.peak_bytes) == {"sounds", "training"}
    assert row.peak_bytes["training"] >= row.peak_bytes["sounds"] > 10**8
    files = sorted(plan.folder.glob("*.wav"))
    assert files
    assert all(file.stat().st_size > 2 * 2048 for file in files)


def test_the_share_of_the_limit_is_the_least_time_over_the_measured(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fake(work: Callable[[], object], **limits: object) -> Timing:
        work()
        return TEN_MS

    monkeypatch.setattr(sounds, "measure", fake)
    row = measured(plan)
    flops = forward_flops(load_model(plan.model).generator)
    # At a gigaflop a second, and a hundredth of a second for one image or for two.
    assert row.generator_limits == pytest.approx({1: flops / 1e9 / 0.01, 2: 2 * flops / 1e9 / 0.01})
    assert row.training is not None
    assert row.training.step is not None
    least = row.training.flops_per_step / 1e9
    assert row.training_limit == pytest.approx(least / row.training.step.median_s)


def test_a_device_that_cannot_compute_is_a_row_that_says_so(plan: BenchPlan) -> None:
    row = measure_row(plan, torch.device("meta"), torch.float32, lambda what: None)
    assert row.failure.startswith("not trusted: it fails: ")
    assert row.sounds is None


def test_a_device_with_other_images_is_not_measured(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = Parity(False, 1.0, 0.01, "its images are the same grey all over")
    monkeypatch.setattr(rows, "check_parity", lambda model, device, precision: grey)
    monkeypatch.setattr(rows, "measure_load", failing(AssertionError("was measured")))
    row = measured(plan)
    assert row.failure == "not trusted: its images are the same grey all over"
    assert row.parity == grey


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("out of memory\nTried to allocate"),
        TypeError("no float64 here"),
        AudioError("waveform: not finite; nothing was written"),
    ],
)
def test_an_error_while_sounds_are_made_is_one_line_of_the_row(
    error: Exception, plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "measure_latency", failing(error))
    row = measured(plan)
    assert row.failure == f"it fails: {str(error).splitlines()[0]}"
    assert (row.sounds, row.training) == (None, None)


def test_a_batch_that_does_not_fit_leaves_the_others(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small_only(bench: sounds.Bench, size: int, n_sounds: int) -> sounds.BatchSpeed:
        if size > 1:
            raise RuntimeError("too large")
        return measure_batch(bench, size, n_sounds)

    monkeypatch.setattr(rows, "measure_batch", small_only)
    row = measured(plan)
    assert row.sounds is not None
    assert row.sounds.refused == {2: "too large"}
    assert row.sounds.best.size == 1
    none = measured(replace(plan, batch_sizes=(2, 4)))
    assert none.failure == "it fails: no batch size works: too large"


def test_batches_beyond_the_time_there_is_are_left_out_but_one(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "measure_latency", lambda bench: replace(TEN_MS, median_s=1.0))
    hasty = replace(plan, batch_sizes=(1, 3, 8), effort=replace(ONCE, sounds=16, sounds_s=4.0))
    row = measured(hasty)
    assert row.sounds is not None
    assert [(batch.size, batch.n_sounds) for batch in row.sounds.batches] == [(1, 4), (3, 4)]
    assert row.sounds.refused == {8: "too long, at 1.00 s a sound"}
    row = measured(replace(hasty, batch_sizes=(8,)))
    assert row.sounds is not None
    assert row.sounds.best.n_sounds == 8


def test_a_device_that_cannot_train_still_makes_sounds(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "measure_training", failing(RuntimeError("no double backward")))
    row = measured(plan)
    assert row.training_failure == "it fails: no double backward"
    assert (row.failure, row.training, row.training_limit) == ("", None, None)
    assert row.sounds is not None


def test_training_and_memory_stand_in_the_row_of_the_commands_precision(plan: BenchPlan) -> None:
    row = measured(plan, torch.bfloat16)
    assert (row.precision, row.failure) == ("bfloat16", "")
    assert row.sounds is not None
    assert row.training is None
    assert row.peak_bytes == {}  # of the whole process, and the float32 row has that


def test_training_is_also_measured_in_the_precision_that_the_preset_trains_in(
    plan: BenchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "precision_of_training", lambda preset, device: torch.bfloat16)
    trained: list[torch.dtype] = []

    def watched(preset, device, precision, effort):  # type: ignore[no-untyped-def]
        trained.append(precision)
        return measure_training(preset, device, precision, effort)

    monkeypatch.setattr(rows, "measure_training", watched)
    for precision in (torch.float32, torch.bfloat16):
        assert measured(plan, precision).training is not None
    assert trained == [torch.float32, torch.bfloat16]


def test_the_best_batch_makes_most_sounds_a_second(row: rows.Row) -> None:
    assert row.sounds is not None
    assert [b.sounds_per_second for b in row.sounds.batches] == [16, 32, 16]
    assert row.sounds.best.size == 8


def test_effort_is_what_limits_the_repeats(plan: BenchPlan) -> None:
    assert plan.effort == ONCE
    row = measured(plan)
    assert row.sounds is not None
    assert {row.sounds.load.n, row.sounds.latency.n, row.sounds.batches[0].sounds.n} == {1}
