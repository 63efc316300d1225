from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from soundgan.errors import ArtefactError, OutputError, UsageError
from soundgan.pipelines.bench.document import read_document, refuse_other_content, row_document
from soundgan.pipelines.bench.rows import Row


def test_speeds_follow_from_the_times(row: Row) -> None:
    found = row_document(row, seconds=0.5)
    best = next(b for b in found["sounds"]["batches"] if b["size"] == 8)
    assert found["sounds"]["best_batch_size"] == 8
    assert best["sounds_per_second"] == pytest.approx(32.0)  # 16 in half a second
    assert best["times_real_time"] == pytest.approx(16.0)  # each of half a second
    assert best["generator_limit_share"] == 0.5
    assert found["sounds"]["shares"] == pytest.approx(
        {"generator": 1 / 8, "inversion": 6 / 8, "writing": 1 / 8}
    )
    training = found["training"]
    assert training["steps_per_second"] == pytest.approx(4.0)
    assert training["images_per_second"] == pytest.approx(64.0)
    assert training["total_seconds"] == pytest.approx(250.0)
    assert training["limit_share"] == 0.04


def test_a_failed_row_holds_its_reason_and_no_numbers(row: Row) -> None:
    failed = Row("mps", "mps", "float32", "not trusted: its images are the same grey all over")
    found = row_document(failed, seconds=0.5)
    assert found["failure"].startswith("not trusted")
    assert (found["sounds"], found["training"], found["rates"]) == (None, None, None)
    without_training = row_document(replace(row, training=None, training_failure="no"), 0.5)
    assert without_training["training"] is None
    assert without_training["sounds"] is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x00\xff", "not valid JSON"),
        (b"[1, 2]", "not a result of soundgan bench; give what it saved with `save`"),
        (b'{"schema": 1, "command": "evaluate"}', "not a result of soundgan bench"),
        (b'{"schema": 2, "command": "bench"}', "bench schema 2, this program reads 1; measure"),
        (b'{"schema": 1, "command": "bench"}', "damaged: a part is missing"),
        (b'{"schema": 1, "command": "bench", "model": {}, "rows": [3]}', "damaged: a row"),
    ],
)
def test_a_file_of_another_format_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(ArtefactError, match=message):
        read_document(path)
    with pytest.raises(OutputError, match=r"is not a result of soundgan bench; choose another"):
        refuse_other_content(path)


def test_a_missing_file_is_wrong_usage_to_read_and_free_to_write(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file; give what soundgan bench saved"):
        read_document(tmp_path / "none.json")
    refuse_other_content(tmp_path / "none.json")
    with pytest.raises(OutputError):
        refuse_other_content(tmp_path)


def test_an_earlier_result_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"schema": 1, "command": "bench", "model": {}, "rows": []}))
    refuse_other_content(path)
