"""docs/health.md tells every trouble, with its remedies in the order in which they are tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from soundgan.health.remedies import LADDERS
from soundgan.health.verdict import DONE, HAPPENED

PAGE = (Path(__file__).resolve().parents[2] / "docs/health.md").read_text("utf-8")
ROW = re.compile(r"^\| `(?P<trouble>[a-z-]+)` \|[^|]+\|(?P<done>[^|]+)\|$", re.MULTILINE)
ROWS = {row["trouble"]: re.findall("`([a-z-]+)`", row["done"]) for row in ROW.finditer(PAGE)}


def test_every_trouble_is_on_the_page_and_has_words_for_the_verdict() -> None:
    assert set(ROWS) == set(LADDERS) == set(HAPPENED)


@pytest.mark.parametrize("trouble", LADDERS)
def test_the_page_tells_the_remedies_in_their_order(trouble: str) -> None:
    tried = [
        re.sub("_(calmly|steadily)", "", make.__name__).replace("_", "-")
        for make in LADDERS[trouble]
    ]
    assert ROWS[trouble] == tried


def test_every_remedy_is_explained_and_has_words_for_the_verdict() -> None:
    explained = {
        name
        for line in PAGE.splitlines()
        if line.startswith("- `")
        for name in re.findall("`([a-z-]+)`", line.partition(":")[0])
    }
    assert explained == {name for done in ROWS.values() for name in done} == set(DONE)
