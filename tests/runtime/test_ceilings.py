from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
import torch

from soundgan.runtime import ceilings
from soundgan.runtime.ceilings import (
    Rates,
    copy_rate,
    matrix_rate,
    measure_rates,
    peak_memory,
    reset_peak_memory,
)

CPU = torch.device("cpu")


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterator[list[float]]], list[object]]:
    """Makes calls take given seconds without doing them; returns the list of what was called."""

    def make(times: Iterator[list[float]]) -> list[object]:
        called: list[object] = []

        def call_times(work: object, **_options: object) -> list[float]:
            called.append(work)
            return next(times)

        monkeypatch.setattr(ceilings, "call_times", call_times)
        return called

    return make


def test_a_matrix_product_of_n_costs_two_n_cubed_operations(
    pretend: Callable[[Iterator[list[float]]], list[object]],
) -> None:
    pretend(iter([[0.5, 0.25, 0.3]]))  # so slow that no larger one is tried
    assert matrix_rate(CPU, torch.float32) == 2 * 512**3 / 0.25


def test_the_best_size_counts_not_the_last(
    pretend: Callable[[Iterator[list[float]]], list[object]],
) -> None:
    called = pretend(iter([[1e-3], [4e-3], [0.1]]))
    assert matrix_rate(CPU, torch.float32) == pytest.approx(2 * 1024**3 / 4e-3)
    assert len(called) == 3


def test_sizes_grow_no_further_than_the_time_allows(
    pretend: Callable[[Iterator[list[float]]], list[object]],
) -> None:
    called = pretend(iter([[0.06]]))  # 8 x 0.06 s, three times, is more than is left
    matrix_rate(CPU, torch.float32)
    assert len(called) == 1


def test_a_copy_both_reads_and_writes(
    pretend: Callable[[Iterator[list[float]]], list[object]],
) -> None:
    pretend(iter([[0.5, 0.25]]))
    assert copy_rate(CPU) == 2 * 2**27 / 0.25


@pytest.mark.slow
def test_the_ceilings_of_a_cpu_are_plausible() -> None:
    rates = measure_rates(CPU, torch.float32)
    assert 1e8 < rates.flops_per_s < 1e14
    assert 1e8 < rates.bytes_per_s < 1e13


def test_both_ceilings_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceilings, "matrix_rate", lambda device, dtype: (device, dtype))
    monkeypatch.setattr(ceilings, "copy_rate", lambda device: device)
    assert measure_rates(CPU, torch.bfloat16) == Rates((CPU, torch.bfloat16), CPU)  # type: ignore[arg-type]


def test_a_float32_ceiling_on_cuda_rounds_as_convolutions_do_and_leaves_no_trace() -> None:
    matmul = torch.backends.cuda.matmul
    before = matmul.fp32_precision
    with ceilings._convolution_precision(torch.device("cuda:0")):
        assert matmul.fp32_precision == "tf32"
    assert matmul.fp32_precision == before
    with ceilings._convolution_precision(CPU):
        assert matmul.fp32_precision == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process reset its peak")
def test_the_peak_holds_memory_that_was_given_back_until_it_is_reset() -> None:
    reset_peak_memory(CPU)
    before = peak_memory(CPU)
    torch.ones(200_000_000, dtype=torch.uint8)
    assert peak_memory(CPU) - before > 150_000_000
    reset_peak_memory(CPU)
    assert peak_memory(CPU) - before < 150_000_000
