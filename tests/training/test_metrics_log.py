from __future__ import annotations

from pathlib import Path

from soundgan.training.metrics_log import MetricsLog, read_metrics
from soundgan.training.state import TrainState


def test_a_resumed_log_forgets_what_came_after_the_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path, step=0)
    for step in (10, 20, 30):
        log.write(step, {"generator/loss": 1 / 3})
    log.close()
    with path.open("a") as file:
        file.write('{"step": 40, "gener')  # killed while writing
    MetricsLog(path, step=20).close()
    assert read_metrics(path) == [
        {"step": 10, "generator/loss": 0.333333},
        {"step": 20, "generator/loss": 0.333333},
    ]


def test_a_run_that_goes_back_writes_the_steps_after_it_anew(
    state: TrainState, tmp_path: Path
) -> None:
    log = MetricsLog(tmp_path / "metrics.jsonl", step=0)
    for step in (10, 20):
        state.step = step
        log.logged(state, {"generator/loss": 0.5})
        log.measured(step, {"probe/diversity": 1.0})
    state.step = 10
    log.rolled_back(state)
    log.measured(15, {"probe/diversity": 0.9})
    log.close()
    assert read_metrics(tmp_path / "metrics.jsonl") == [
        {"step": 10, "generator/loss": 0.5},
        {"step": 10, "probe/diversity": 1.0},
        {"step": 15, "probe/diversity": 0.9},
    ]
