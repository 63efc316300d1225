"""Options are named where they are typed, and nowhere below."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "soundgan"
FLAG = re.compile(r"(?<![\w-])--[a-z]")
OF_OTHERS = {"runtime/installation.py"}
"""Names options of pip."""


def flags(source: str) -> list[int]:
    """Lines of texts that hold something like an option."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and FLAG.search(node.value)
    ]


def test_a_flag_is_seen_wherever_it_stands() -> None:
    assert flags('"""As --out."""\nf"{x}: use --out"\n"a--b"\n["-n"]\n') == [1, 2]


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_no_file_below_the_command_line_names_a_flag(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    if not name.startswith("cli/") and name not in OF_OTHERS:
        assert flags(path.read_text("utf-8")) == []
