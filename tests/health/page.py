"""The list of troubles in ``docs/health.md``, from their registry.

``make health-page`` writes it, by ``python -m tests.health.page``.
"""

from __future__ import annotations

import re
from pathlib import Path

from soundgan.health.troubles import TROUBLES

PAGE = Path(__file__).resolve().parents[2] / "docs/health.md"
TABLE = re.compile(r"^\| trouble \|.*?\n(?=\n)", re.MULTILINE | re.DOTALL)


def row(name: str) -> str:
    """The line of one trouble."""
    trouble = TROUBLES.load(name)
    done = ", ".join(
        f"`{remedy.name}`" + (f" ({remedy.manner})" if remedy.manner else "")
        for remedy in trouble.ladder
    )
    return f"| `{name}` | {trouble.summary} | {done or f'nothing: {trouble.advice}'} |\n"


def written(text: str) -> str:
    """The page with the list as it is now."""
    head = "| trouble | what it is | what is done, in this order |\n|---|---|---|\n"
    table = head + "".join(map(row, TROUBLES.names()))
    text, found = TABLE.subn(lambda _: table, text)
    if found != 1:
        raise ValueError(f"{PAGE}: {found} lists of troubles, expected one")
    return text


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
