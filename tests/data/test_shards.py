"""Writing arrays of clips."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from soundgan.data import shards
from soundgan.data.shards import ShardWriter, open_shard
from soundgan.runtime.files import sha256_file


def test_shards_do_not_depend_on_how_clips_arrive(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "SHARD_BYTES", 2 * 16 * 7)
    clips = rng.integers(-9, 9, (30, 1, 16), dtype=np.int16)
    whole, single, fours = (ShardWriter(tmp_path, 16) for _ in range(3))
    whole.add(clips)
    for clip in clips:
        single.add(clip[None])
    for begin in range(0, 30, 4):  # across the ends of shards
        fours.add(clips[begin : begin + 4])
    assert whole.close() == single.close() == fours.close()
    stored = [open_shard(tmp_path, entry, (1, 16)) for entry in whole.entries]
    np.testing.assert_array_equal(np.concatenate(stored), clips)
    assert [entry.clips for entry in whole.entries] == [7, 7, 7, 7, 2]


def test_a_few_clips_take_hardly_more_memory_than_they_are_large(tmp_path: Path) -> None:
    tracemalloc.start()
    writer = ShardWriter(tmp_path, 1000)
    for _ in range(20):
        writer.add(np.zeros((1, 1, 1000), np.int16))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    writer.close()
    assert peak < 4 * 20 * 2000


def test_a_shard_is_named_by_the_hash_of_its_bytes(tmp_path: Path) -> None:
    writer = ShardWriter(tmp_path, 4)
    writer.add(np.zeros((2, 1, 4), np.int16))
    [entry] = writer.close()
    assert entry.sha256 == sha256_file(tmp_path / entry.file)
    assert entry.file == f"clips-00000-{entry.sha256[:8]}.npy"


def test_a_clip_larger_than_a_shard_still_fits_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "SHARD_BYTES", 10)
    writer = ShardWriter(tmp_path, 100)
    writer.add(np.ones((2, 1, 100), np.int16))
    entries = writer.close()
    assert [entry.clips for entry in entries] == [1, 1]
    assert open_shard(tmp_path, entries[1], (1, 100)).sum() == 100


def test_unchanged_content_is_not_written_again(tmp_path: Path) -> None:
    seen: set[int] = set()
    for _ in range(2):
        writer = ShardWriter(tmp_path, 4)
        writer.add(np.zeros((2, 1, 4), np.int16))
        path = tmp_path / writer.close()[0].file
        os.utime(path, ns=(5, 5)) if not seen else None
        seen.add(path.stat().st_mtime_ns)
    assert seen == {5}


def test_numpy_itself_reads_a_shard(tmp_path: Path, rng: np.random.Generator) -> None:
    clips = rng.integers(-9, 9, (3, 1, 8), dtype=np.int16)
    writer = ShardWriter(tmp_path, 8)
    writer.add(clips)
    [entry] = writer.close()
    np.testing.assert_array_equal(np.load(tmp_path / entry.file, allow_pickle=False), clips)
