"""The number of workers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from soundgan.ingest.corpus import worker_count


@pytest.mark.parametrize(
    ("count", "jobs", "expected"), [(1, 8, 1), (64, 8, 1), (65, 8, 2), (640, 8, 8), (640, 2, 2)]
)
def test_a_worker_is_started_for_every_batch_at_most(
    tmp_path: Path, count: int, jobs: int, expected: int
) -> None:
    assert worker_count(tmp_path, [f"{number}.wav" for number in range(count)], jobs) == expected


def test_a_few_large_files_keep_several_workers_busy(tmp_path: Path) -> None:
    for number in range(3):
        with open(tmp_path / f"{number}.wav", "wb") as file:
            file.truncate(100 << 20)
    assert worker_count(tmp_path, ["0.wav", "1.wav", "2.wav"], 4) == 4


@pytest.mark.parametrize(("over", "expected"), [(0, 3), (1, 4)])
def test_a_worker_is_started_for_every_32_megabytes(
    tmp_path: Path, over: int, expected: int
) -> None:
    (tmp_path / "long.wav").touch()
    os.truncate(tmp_path / "long.wav", 3 * (32 << 20) + over)
    assert worker_count(tmp_path, ["gone.wav", "long.wav"], 8) == expected
