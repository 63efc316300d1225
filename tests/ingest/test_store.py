"""Clips on their way from chunks of a preparation and shards of an earlier one to new shards."""

from __future__ import annotations

import weakref
from pathlib import Path

import numpy as np
import pytest

from soundgan.data.shards import ShardWriter
from soundgan.ingest.journal import Rows
from soundgan.ingest.store import ClipReader

N = 16
CLIPS = np.arange(6 * N, dtype=np.int16).reshape(6, 1, N)


@pytest.fixture
def shard(tmp_path: Path) -> str:
    writer = ShardWriter(tmp_path, N)
    writer.add(CLIPS)
    return writer.close()[0].file


def test_neighbours_come_in_one_block_from_shards_and_from_chunks(
    tmp_path: Path, shard: str
) -> None:
    CLIPS[::-1].tofile(tmp_path / "0-0.clips")
    reader = ClipReader(tmp_path, tmp_path, N)
    blocks = list(
        reader.read(
            [
                Rows(file=shard, first=1, count=2),
                Rows(file=shard, first=3, count=1),
                Rows(file="0-0.clips", first=4, count=2),
                Rows(file=shard, first=0, count=1),
            ]
        )
    )
    expected = [CLIPS[1:4], CLIPS[::-1][4:], CLIPS[:1]]
    assert [block.tolist() for block in blocks] == [block.tolist() for block in expected]
    reader.close()


def test_a_shard_is_mapped_until_the_reader_is_closed(tmp_path: Path, shard: str) -> None:
    reader = ClipReader(tmp_path, tmp_path, N)
    (block,) = reader.read([Rows(file=shard, first=0, count=6)])
    mapped = weakref.ref(block.base)
    del block
    assert mapped() is not None, "the next clips of it need no second opening"
    reader.close()
    assert mapped() is None, "or nobody could remove it on Windows"
