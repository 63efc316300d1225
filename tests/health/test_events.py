from __future__ import annotations

import json
import math
from contextlib import closing
from pathlib import Path

from soundgan.health.controls import Controls
from soundgan.health.events import Event, EventLog, read_events


def event(step: int, attempt: int = 0) -> Event:
    return Event(step, attempt, "incident", "silence", "the generator makes silence")


def kept(path: Path) -> list[tuple[int, int]]:
    return [(line["attempt"], line["step"]) for line in read_events(path)]


def test_a_resumed_log_forgets_what_came_after_the_checkpoint_but_no_earlier_attempt(
    tmp_path: Path,
) -> None:
    path = tmp_path / "events.jsonl"
    with closing(EventLog(path, step=0, attempt=0)) as log:
        for step, attempt in ((100, 0), (900, 0), (450, 1), (600, 1)):
            log.write(event(step, attempt))
    with path.open("a") as file:
        file.write('{"step": 700, "atte')  # killed while writing
    EventLog(path, step=500, attempt=1).close()
    assert kept(path) == [(0, 100), (0, 900), (1, 450)]
    EventLog(path, step=800, attempt=0).close()
    assert kept(path) == [(0, 100)]


def test_a_verdict_is_of_the_end_and_goes_when_the_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with closing(EventLog(path, step=0, attempt=0)) as log:
        log.write(Event(100, 0, "verdict", "healthy", "healthy: no trouble in 100 steps"))
    EventLog(path, step=100, attempt=0).close()
    assert read_events(path) == []


def test_a_line_says_what_was_done_and_leaves_out_what_was_not(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    calm = Event(
        7, 0, "incident", "explosion", "it explodes", {"penalty": 9.0}, "calm-both",
        Controls(), Controls(generator_rate_scale=0.5),
    )  # fmt: skip
    with closing(EventLog(path, step=0, attempt=0)) as log:
        log.write(event(3))
        log.write(calm)
        log.write(Event(9, 0, "skipped", "not-finite", "not finite", {"generator/loss": math.nan}))
    first, second, third = map(json.loads, path.read_text().splitlines())
    assert set(first) == {"step", "attempt", "event", "name", "sentence"}
    assert second["numbers"] == {"penalty": 9.0}
    assert second["before"]["generator_rate_scale"] == 1.0
    assert second["after"]["generator_rate_scale"] == 0.5
    assert third["numbers"] == {"generator/loss": "nan"}
    before = path.read_bytes()
    EventLog(path, step=9, attempt=0).close()
    assert path.read_bytes() == before
