"""The Python that the documents show runs as it stands, and says what they say it does."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import soundgan

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```python\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted(path for path in (ROOT / "docs").glob("*.md") if BLOCK.search(path.read_text()))


def script_of(page: str) -> str:
    """All Python blocks of a page, one after the other, each at its own line for tracebacks."""
    return "\n".join(match["text"] for match in BLOCK.finditer(page))


def test_blocks_are_joined_in_their_order() -> None:
    page = "x\n```python\na = 1\n```\n\n```sh\nls\n```\n```python\nprint(a)\n```\n"
    assert script_of(page) == "a = 1\n\nprint(a)\n"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_python_of_a_page_runs(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script_of(path.read_text("utf-8"))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        assert "Traceback" not in line


@pytest.mark.parametrize("module", [soundgan], ids=lambda module: module.__name__)
def test_examples_in_docstrings_give_what_they_show(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
