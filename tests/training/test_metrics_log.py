from __future__ import annotations

from pathlib import Path

from soundgan.training.metrics_log import MetricsLog, read_metrics


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
