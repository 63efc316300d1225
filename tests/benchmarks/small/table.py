"""The rows as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

HEADINGS = (
    "clips", "preset", "seed", "steps", "kernel distance", "precision", "recall",
    "nearest neighbour", "accuracy", "verdict", "health",
)  # fmt: skip


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Markdown: a row of real recordings before those of each draw, ×1000 for distances."""
    lines = [_line(HEADINGS), _line("---" for _ in HEADINGS)]
    told = set()
    for row in rows:
        clips = f"{row['source']}, {row['size']}"
        if (clips, row["seed"]) not in told:
            told.add((clips, row["seed"]))
            lines.append(_line([clips, "real", row["seed"], "", *_numbers(row["real"]), "", ""]))
        numbers = _numbers(row["candidate"])
        lines.append(
            _line([clips, row["preset"], row["seed"], row["steps"], *numbers, row["verdict"],
                   row["health"]])
        )  # fmt: skip
    minutes = sorted({row["minutes"] for row in rows})
    hours = sum(row["minutes_taken"] for row in rows) / 60
    listed = ", ".join(f"{each:g}" for each in minutes)
    head = f"{len(rows)} trainings of {listed} minutes each, {hours:.2f} hours in all."
    return "\n".join([head, "", *lines]) + "\n"


def _numbers(values: dict[str, Any]) -> list[str]:
    return [
        f"{1000 * values['kernel_distance']:.1f}",
        *(
            "-" if values[name] is None else f"{values[name]:.2f}"
            for name in ("precision", "recall", "nearest_neighbour_ratio", "accuracy")
        ),
    ]


def _line(cells: Any) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
