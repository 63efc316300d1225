"""``soundgan train --from``."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soundgan.errors import ExitCode
from soundgan.inference.model_file import describe_model
from soundgan.runtime.files import sha256_file
from tests.conftest import Run
from tests.datasets import write_dataset

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("plain_curves")]

SMALL = [
    "--set", "training.batch_size=4",
    "--set", "training.steps=6",
    "--set", "training.checkpoint_every=2",
    "--set", "training.preview_every=4",
    "--set", "inversion.options.iterations=2",
]  # fmt: skip
NARROW = ["--set", "generator.options.width=4", "--set", "discriminator.options.width=4"]
TWO_THREADS = {**os.environ, "OMP_NUM_THREADS": "2"}
PROGRAM = [sys.executable, "-m", "soundgan"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared")


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More clips, one class less and one class more."""
    folder = tmp_path_factory.mktemp("more") / "prepared"
    return write_dataset(folder, n_clips=60, labels=("mid", "high", "noise"))


@pytest.fixture(scope="module")
def first(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("runs") / "first"
    command = ["train", "--config", "tiny", *SMALL, *NARROW, "--data", str(data)]
    subprocess.run([*PROGRAM, *command, "--run", str(run), "-q"], check=True)
    return run


def command(first: Path, data: Path, run: Path, *extra: object) -> list[str]:
    batch = ["--set", "training.batch_size=6"]
    where = ["--data", str(data), "--run", str(run)]
    return ["train", "--from", str(first), *SMALL, *batch, *where, *map(str, extra)]


def test_kill_9_and_the_same_command_make_the_same_bytes(
    first: Path, more: Path, tmp_path: Path
) -> None:
    straight, run = tmp_path / "straight", tmp_path / "killed"
    subprocess.run([*PROGRAM, *command(first, more, straight), "-q"], check=True, env=TWO_THREADS)
    arguments = [*PROGRAM, *command(first, more, run), "-q"]
    with subprocess.Popen(arguments, env=TWO_THREADS) as process:
        record = run / "checkpoints" / "step-000000002.json"
        deadline = time.monotonic() + 120
        while not record.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    (run / "model.safetensors").unlink(missing_ok=True)
    subprocess.run(arguments, check=True, env=TWO_THREADS)
    for name in ("model.safetensors", "metrics.jsonl", "checkpoints/step-000000006.safetensors"):
        assert sha256_file(run / name) == sha256_file(straight / name), name


def test_a_run_killed_before_its_first_checkpoint_starts_from_the_model_again(
    first: Path, more: Path, soundgan: Run, tmp_path: Path
) -> None:
    whole, run = tmp_path / "whole", tmp_path / "run"
    assert soundgan(*command(first, more, whole)).code == 0
    assert soundgan(*command(first, more, run, "--max-steps", 1)).code == 0
    for path in (run / "checkpoints").iterdir():
        path.unlink()
    outcome = soundgan("train", "--run", run)
    assert outcome.code == 0, outcome.stderr
    assert f"starting from {first / 'model.safetensors'} (" in outcome.stderr
    assert sha256_file(run / "model.safetensors") == sha256_file(whole / "model.safetensors")


def test_a_run_says_where_it_came_from_and_keeps_to_it(
    first: Path, data: Path, more: Path, soundgan: Run, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    outcome = soundgan(*command(first, more, run, "--max-steps", 3))
    assert outcome.code == 0, outcome.stderr
    assert "2 of 3 classes by name (mid, high), with its discriminator" in outcome.stderr
    origin = sha256_file(first / "model.safetensors")
    assert json.loads((run / "run.json").read_text())["start"]["sha256"] == origin
    assert describe_model(run / "model.safetensors").provenance["started_from"] == origin
    refused = soundgan(*command(Path("drums"), more, run, "--config", run / "config.toml"))
    assert refused.code != 0
    # Without --from it goes on, and says the same of itself.
    assert soundgan("train", "--run", run).code == 0
    assert json.loads((run / "run.json").read_text())["start"]["sha256"] == origin
    model = describe_model(run / "model.safetensors")
    assert model.provenance["started_from"] == origin
    assert model.provenance["step"] == 6
    assert model.labels == ("mid", "high", "noise")
    plain = tmp_path / "plain"
    assert soundgan(*command(run, data, plain, "--fresh")).code == 0
    other = soundgan(*command(first, data, plain))
    assert other.code == ExitCode.USAGE
    assert "started from a model of" in other.stderr
    assert soundgan("verify", run).code == 0


def test_a_dry_run_tells_what_would_be_taken_over(
    first: Path, more: Path, soundgan: Run, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    outcome = soundgan(*command(first, more, run, "--dry-run"))
    assert re.search(rf"^start\s+{re.escape(str(first))}\s+\(", outcome.stdout, re.MULTILINE)
    assert not run.exists()
    misfit = soundgan(*command(first, more, run, "--set", "generator.options.width=6"))
    assert "generator.options.width: 6, and 4 in" in misfit.stderr
    assert not run.exists()
