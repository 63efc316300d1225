"""Code files are named by their numbers, and no damaged one is believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundgan.errors import ArtefactError
from soundgan.inference.code_file import CodeNumbers, known_codes, read_code, write_code

NUMBERS = CodeNumbers("ab" * 32, (0.5, -1.25, 3.0), 7)


def test_numbers_come_back_as_they_were(tmp_path: Path) -> None:
    path = write_code(NUMBERS, tmp_path)
    assert path.name == f"code{NUMBERS.hash}.json"
    assert read_code(path) == NUMBERS
    assert known_codes({NUMBERS.hash, "0" * 16}, tmp_path) == {NUMBERS.hash: NUMBERS}


def test_the_hash_is_what_it_always_was() -> None:
    assert NUMBERS.hash == "2f8083820bb046fc"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"code": "AAAA"}, "its numbers cannot be read"),
        ({"code": ""}, "no numbers, or not finite ones"),
        ({"code": "AADAfw=="}, "no numbers, or not finite ones"),
        ({"code": "//8"}, "its numbers cannot be read"),
        ({"code": 3}, "model, code or grain"),
        ({"grain": True}, "model, code or grain"),
        ({"grain": -1}, "model, code or grain"),
        ({"grain": 8}, "its name is not the hash of its numbers"),
        ({"format": "x"}, "not a soundgan code"),
        ({"version": 2}, "code version '2'|code version 2"),
    ],
)
def test_a_damaged_file_is_refused(change: dict[str, object], why: str, tmp_path: Path) -> None:
    path = write_code(NUMBERS, tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ArtefactError, match=why):
        read_code(path)
