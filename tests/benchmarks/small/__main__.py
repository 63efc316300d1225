"""``python -m tests.benchmarks.small FOLDER MINUTES [PRESETS] [WORDS]``: train, measure, tabulate.

Words choose rows whose names hold all of one of them, as ``digits-50`` does. Rows that are there
are kept, and a row that was stopped goes on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.small.rows import Row, all_rows, measured
from tests.benchmarks.small.table import table


def main(folder: Path, minutes: float, presets: list[str], words: list[str]) -> None:
    rows = [
        row
        for row in all_rows(presets, minutes)
        if not words or any(word in row.name for word in words)
    ]
    print(f"{len(rows)} trainings of {minutes:g} minutes: {len(rows) * minutes / 60:.1f} hours,")
    print("and about a minute to measure each", flush=True)
    found: list[dict[str, Any]] = []
    for row in rows:
        found.append(_told(row, folder))
        (folder / "table.md").write_text(table(found))
        (folder / "table.json").write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))


def _told(row: Row, folder: Path) -> dict[str, Any]:
    print(row.name, flush=True)
    return measured(row, folder)


if __name__ == "__main__":
    words = [*sys.argv[1:], *[""] * 4]
    main(
        Path(words[0] or "build/small"),
        float(words[1] or 20),
        (words[2] or "fast").split(),
        words[3].split(),
    )
