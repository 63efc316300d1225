from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundgan.ingest import journal
from soundgan.ingest.journal import PartWriter, Rows, read_part, take_up
from soundgan.ingest.record import FileRecord
from soundgan.runtime.files import sha256


def record(number: int, clips: int) -> FileRecord:
    return FileRecord(
        source_sha256=f"{number:064x}",
        bytes=1,
        verdict="sliced" if clips else "silent",
        reason="",
        starts=tuple(range(clips)),
    )


def clip(value: int) -> np.ndarray:
    return np.full(4, value, np.int16)


def read_back(folder: Path, rows: tuple[Rows, ...]) -> list[int]:
    found = []
    for part in rows:
        chunk = np.fromfile(folder / part.file, "<i2").reshape(-1, 4)
        found += chunk[part.first : part.first + part.count, 0].tolist()
    return found


@pytest.mark.parametrize("chunk_bytes", [1, 20, 1 << 20])
def test_clips_are_found_again_however_they_were_chunked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int
) -> None:
    monkeypatch.setattr(journal, "CHUNK_BYTES", chunk_bytes)
    writer = PartWriter(tmp_path)
    for number, count in enumerate((2, 0, 5, 1)):
        for position in range(count):
            writer.add_clip(clip(10 * number + position))
        writer.add_record(record(number, count))
    name = writer.close()
    assert name is not None
    files = read_part(tmp_path, name).files
    assert [read_back(tmp_path, entry.rows) for entry in files] == [
        [0, 1], [], [20, 21, 22, 23, 24], [30],
    ]  # fmt: skip
    assert take_up(tmp_path) == {entry.record.source_sha256: entry for entry in files}


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_clips_of_a_file_that_turned_out_unusable_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int
) -> None:
    monkeypatch.setattr(journal, "CHUNK_BYTES", chunk_bytes)
    writer = PartWriter(tmp_path)
    writer.add_clip(clip(1))
    writer.add_record(record(0, 0))
    writer.add_clip(clip(2))
    writer.add_record(record(1, 1))
    files = read_part(tmp_path, writer.close() or "").files
    assert [read_back(tmp_path, entry.rows) for entry in files] == [[], [2]]


def test_an_empty_batch_leaves_nothing(tmp_path: Path) -> None:
    assert PartWriter(tmp_path).close() is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".clips", ".part"])
def test_torn_files_are_not_taken_up(tmp_path: Path, suffix: str) -> None:
    writer = PartWriter(tmp_path)
    writer.add_clip(clip(1))
    writer.add_record(record(0, 1))
    writer.close()
    [torn] = tmp_path.glob(f"*{suffix}")
    torn.write_bytes(torn.read_bytes()[:-1])
    assert take_up(tmp_path) == {}
    assert not torn.exists()


def test_a_part_of_another_version_is_not_taken_up(tmp_path: Path) -> None:
    content = b'{"files": [{"novelty": 1}]}'
    path = tmp_path / f"{sha256(content)[:32]}.part"
    path.write_bytes(content)
    assert take_up(tmp_path) == {}
    assert not path.exists()
