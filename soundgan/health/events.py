"""``events.jsonl``: one line for everything that went wrong in a run, and what was done."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from soundgan.health.controls import Controls
from soundgan.runtime.files import Appender, read_json_lines


@dataclass(frozen=True)
class Event:
    """Something that a person should know of a run.

    Attributes:
        step: Generator updates done.
        attempt: Rollbacks before it.
        event: What kind of line this is.
        name: Of the trouble; of a verdict, ``healthy`` or ``unhealthy``.
        sentence: In plain words, with the numbers.
        numbers: For machines.
        remedy: Name of what was done; ``None`` for nothing.
        before: Controls before the remedy, where one was taken.
        after: Controls after it.
    """

    step: int
    attempt: int
    event: Literal["incident", "skipped", "recovery", "verdict"]
    name: str
    sentence: str
    numbers: dict[str, float] = field(default_factory=dict)
    remedy: str | None = None
    before: Controls | None = None
    after: Controls | None = None


class EventLog:
    """Appends lines; on opening, what came after a checkpoint and a line cut short are dropped.

    Args:
        path: The file.
        step: Of the checkpoint that the run goes on from.
        attempt: Rollbacks before that checkpoint. Lines of earlier attempts all stay: they say
            why there was another.
    """

    def __init__(self, path: Path, *, step: int, attempt: int) -> None:
        kept = [
            line
            for line in read_events(path)
            if (line["attempt"] < attempt or (line["attempt"], line["step"]) <= (attempt, step))
            and line.get("event") != "verdict"
        ]
        self._file = Appender(path, "".join(_as_line(line) for line in kept))

    def write(self, event: Event) -> None:
        """Add one line."""
        self._file.write(_as_line(_as_document(event)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_events(path: Path) -> list[dict[str, Any]]:
    """All whole lines of an events file; none when there is no file."""
    return read_json_lines(path, ("step", "attempt"))


def _as_document(event: Event) -> dict[str, Any]:
    """What there is to say of an event; numbers that are not finite, which is no JSON, as text."""
    document = asdict(event)
    document["numbers"] = {
        name: value if math.isfinite(value) else str(value) for name, value in event.numbers.items()
    }
    return {name: value for name, value in document.items() if value not in (None, {})}


def _as_line(document: dict[str, Any]) -> str:
    return json.dumps(document) + "\n"
