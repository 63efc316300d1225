"""The losses of ``soundgan prepare`` as lines for a terminal."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

from soundgan.spelling import with_options

WIDTH = 79


def loss_lines(losses: list[dict[str, Any]], report: Path) -> list[str]:
    """Every loss in a paragraph, the files it names below it, at most 79 columns wide.

    Args:
        losses: As in ``report.json``.
        report: Where all files are listed.
    """
    lines: list[str] = []
    for loss in losses:
        lines.extend(_wrapped(loss["text"], "- ", "  "))
        for path, reason in loss["first"]:
            shown = path.encode("utf-8", "backslashreplace").decode()
            lines.extend(_wrapped(f"{shown}: {reason}" if reason else shown, "    ", "      "))
        more = loss["files"] - len(loss["first"])
        if loss["first"] and more:
            lines.extend(_wrapped(f"and {more:,} more: see {report}", "    ", "      "))
    return ["lost on the way:", *lines] if lines else []


def typed(loss: dict[str, Any]) -> dict[str, Any]:
    """A loss of ``report.json`` with parameters as they are typed here."""
    option = loss["option"]
    return loss | {
        "text": with_options(loss["text"]),
        "option": option and with_options(f"`{option}`"),
    }


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    """``text`` in lines, a number kept with its unit."""
    shown = with_options(text)
    together = re.sub(r"(?<=[0-9]) (?=(%|s|Hz|dB)\b|%)", "\N{NO-BREAK SPACE}", shown)
    lines = textwrap.wrap(
        together, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
