from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile
import torch

from soundgan.inference.model_file import describe_model, load_model
from soundgan.pipelines import calibrate
from soundgan.reporting import SilentReporter
from soundgan.runtime.files import sha256_file
from soundgan.runtime.locks import lock
from soundgan.training import loop
from soundgan.training.batches import Batch
from soundgan.training.pace import Pace
from soundgan.training.state import TrainState
from soundgan.training.step import Metrics, generator_update
from tests.conftest import Outcome, Run
from tests.datasets import write_dataset

pytestmark = pytest.mark.usefixtures("plain_curves")

SMALL = [
    "--config", "tiny",
    "--set", "training.batch_size=4",
    "--set", "training.steps=6",
    "--set", "training.checkpoint_every=2",
    "--set", "training.preview_every=4",
    "--set", "training.log_every=1",
    "--set", "training.calibrate_sounds=4",
    "--set", "generator.options.width=4",
    "--set", "discriminator.options.width=4",
    "--set", "inversion.options.iterations=2",
]  # fmt: skip


TWO_THREADS = {**os.environ, "OMP_NUM_THREADS": "2"}
"""Exact resume is promised for threads, so those that prove it use them."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared")


def command(data: Path, run: Path, *extra: object) -> list[str]:
    return ["train", *SMALL, "--data", str(data), "--run", str(run), *map(str, extra)]


@pytest.fixture(scope="module")
def whole_run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run, made by a process of its own."""
    run = tmp_path_factory.mktemp("runs") / "whole"
    subprocess.run([sys.executable, "-m", "soundgan", *command(data, run), "-q"], check=True)
    return run


def test_a_run_leaves_what_it_promises(whole_run: Path) -> None:
    names = {str(path.relative_to(whole_run)) for path in whole_run.rglob("*") if path.is_file()}
    assert {
        "config.toml",
        "run.json",
        "metrics.jsonl",
        "model.safetensors",
        "curves.png",
        "samples/step-000000004.png",
        "samples/step-000000006.png",
        "checkpoints/step-000000006.safetensors",
        "checkpoints/step-000000006.json",
    } <= names
    assert len(list((whole_run / "samples").glob("*.wav"))) == 8
    assert (whole_run / "samples/step-000000006.png").read_bytes().startswith(b"\x89PNG")
    lines = (whole_run / "metrics.jsonl").read_text().splitlines()
    steps = [json.loads(line)["step"] for line in lines]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert load_model(whole_run / "model.safetensors").codec.levels is not None
    model = describe_model(whole_run / "model.safetensors")
    assert model.labels == ("low", "mid", "high")
    assert model.provenance["step"] == 6
    assert model.provenance["calibrated_sounds"] == 4
    assert model.outline is not None, "how the training clips begin and end is measured"
    assert len(model.outline.start) == len(model.outline.quiet_end) == 9  # 40 samples, 8 kHz
    assert model.config.representation.options["hop_length"] == 64  # 2048 samples, 32 columns


def test_a_preview_is_the_sound_that_generate_makes_of_its_seed(
    whole_run: Path, soundgan: Run, tmp_path: Path
) -> None:
    # Seed 2 is cell 2, and class 2 of three.
    soundgan("generate", "-n", 1, "--seed", 2, "--label", "high", "--model", whole_run,
             "--out", tmp_path)  # fmt: skip
    preview, _ = soundfile.read(whole_run / "samples" / "step-000000006-high-seed000002.wav")
    sound, _ = soundfile.read(tmp_path / "high-seed000002.wav")
    assert (preview == sound).all()


@pytest.mark.slow
def test_kill_9_and_the_same_command_make_the_same_bytes(data: Path, tmp_path: Path) -> None:
    straight, run = tmp_path / "straight", tmp_path / "killed"
    program = [sys.executable, "-m", "soundgan"]
    subprocess.run([*program, *command(data, straight), "-q"], check=True, env=TWO_THREADS)
    arguments = [*program, *command(data, run), "-q"]
    with subprocess.Popen(arguments, env=TWO_THREADS) as process:
        record = run / "checkpoints" / "step-000000002.json"
        deadline = time.monotonic() + 60
        while not record.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert describe_model(run / "model.safetensors").provenance["step"] < 6
    subprocess.run(arguments, check=True, env=TWO_THREADS)
    for name in ("model.safetensors", "metrics.jsonl", "checkpoints/step-000000006.safetensors"):
        assert sha256_file(run / name) == sha256_file(straight / name), name


def test_stopping_at_a_step_and_going_on_makes_the_same_model(
    whole_run: Path, data: Path, soundgan: Run, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert soundgan(*command(data, run, "--max-steps", 3)).code == 0
    assert describe_model(run / "model.safetensors").provenance["step"] == 3
    outcome = soundgan(*command(data, run))
    assert f"resuming {run} at step 3" in outcome.stderr
    assert sha256_file(run / "model.safetensors") == sha256_file(whole_run / "model.safetensors")


def test_ctrl_c_saves_after_the_step_and_exits_130(data: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    arguments = command(data, run, "--set", "training.steps=100000")
    with subprocess.Popen(
        [sys.executable, "-m", "soundgan", *arguments], stderr=subprocess.PIPE, text=True
    ) as process:
        while not (run / "checkpoints").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopping after this step" in stderr
    assert "Traceback" not in stderr
    step = describe_model(run / "model.safetensors").provenance["step"]
    assert (run / "checkpoints" / f"step-{step:09d}.json").is_file()


@pytest.mark.slow
def test_a_training_outlives_the_reader_of_its_messages(data: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    program = [sys.executable, "-m", "soundgan", *command(data, run)]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.close()
    assert process.returncode == 0
    assert describe_model(run / "model.safetensors").provenance["step"] == 6


def refused(outcome: Outcome, code: int, *texts: str) -> None:
    assert outcome.code == code
    assert outcome.stdout == ""
    assert outcome.stderr.count("\n") == 1
    for text in texts:
        assert text in outcome.stderr


@pytest.fixture
def started(data: Path, soundgan: Run, tmp_path: Path) -> Path:
    run = tmp_path / "run"
    assert soundgan(*command(data, run, "--max-steps", 2)).code == 0
    return run


def test_a_changed_config_is_refused_with_the_list_of_changes(
    started: Path, data: Path, soundgan: Run
) -> None:
    before = sha256_file(started / "model.safetensors")
    extra = ["--set", "training.batch_size=5", "--set", "training.generator_optimizer.beta1=0.5"]
    refused(
        soundgan(*command(data, started, *extra)),
        2,
        "training.batch_size was 4, now 5",
        "training.generator_optimizer.beta1 was 0.0, now 0.5",
        "--fresh",
    )
    assert sha256_file(started / "model.safetensors") == before


def test_a_run_that_has_just_begun_is_called_noise_and_told_how_to_go_on(
    soundgan: Run, tmp_path: Path
) -> None:
    data = write_dataset(tmp_path / "many", n_clips=100)  # ten are for validation
    run = tmp_path / "my run"
    wanted = command(data, run, "--set", "training.steps=1000")
    outcome = soundgan(*wanted, "--max-steps", 3, "--fresh")
    done, quality, health, *to_come, go_on = outcome.stdout.splitlines()
    assert done == f"{run}/model.safetensors: 3 of 1000 steps, 0.3 % done"
    assert re.fullmatch(
        r"quality: still noise \(distance \S+; noise has \S+, recordings \S+\)", quality
    )
    assert health == "health: no trouble so far, in 3 of 1,000 steps"
    assert to_come[0].startswith("to come: the end at step 1,000")
    assert sorted(shlex.split(go_on)) == sorted(["go", "on:", "soundgan", *wanted])


def test_without_a_config_the_preset_is_chosen_and_named(
    data: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = soundgan("train", "--data", data, "--device", "cpu", *SMALL[2:], "--max-steps", 1)
    assert outcome.code == 0
    assert outcome.stderr.startswith("preset fast: small networks, which get furthest with 32 ")
    assert describe_model(tmp_path / "runs/fast/model.safetensors").config.generator.name == "convt"


def test_minutes_give_a_new_run_its_end_and_the_same_command_goes_on_to_it(
    data: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, straight = tmp_path / "run", tmp_path / "straight"
    small = [text for pair in zip(SMALL[::2], SMALL[1::2], strict=True)
             if pair[1] != "training.steps=6" for text in pair]  # fmt: skip
    wanted = ["train", *small, "--data", data, "--max-minutes", 0.5, "--run", run]
    monkeypatch.setattr("soundgan.pipelines.budget.timed_step", lambda _: 3.0)
    stopped = soundgan(*wanted, "--max-steps", 3)
    shaped = re.search(
        r"0\.5 minutes are (\d) steps of 3\.00 s here, instead of the 200", stopped.stderr
    )
    assert shaped is not None
    steps = int(shaped[1])
    assert 5 <= steps <= 8
    monkeypatch.setattr("soundgan.pipelines.budget.timed_step", lambda _: 1.0)
    assert f"{steps} of {steps} steps" in soundgan(*wanted).stdout
    extra = ["--set", f"training.steps={steps}", "--run", straight]
    assert soundgan("train", *small, "--data", data, *extra).code == 0
    for name in ("model.safetensors", "config.toml"):
        assert sha256_file(run / name) == sha256_file(straight / name)


def test_a_run_goes_on_with_its_own_config_and_dataset(
    started: Path, whole_run: Path, soundgan: Run
) -> None:
    outcome = soundgan("train", "--run", started)
    assert outcome.code == 0
    assert f"resuming {started} at step 2" in outcome.stderr
    model = "model.safetensors"
    assert sha256_file(started / model) == sha256_file(whole_run / model)


def test_more_steps_are_no_change(started: Path, data: Path, soundgan: Run) -> None:
    outcome = soundgan(*command(data, started, "--set", "training.steps=4"))
    assert outcome.code == 0
    assert "4 of 4 steps" in outcome.stdout


def test_levels_can_be_calibrated_after_the_last_step(
    whole_run: Path, data: Path, soundgan: Run, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert soundgan(*command(data, run, "--set", "training.calibrate_sounds=0")).code == 0
    before = load_model(run / "model.safetensors")
    assert before.codec.levels is None
    assert soundgan(*command(data, run)).code == 0
    assert sha256_file(run / "model.safetensors") == sha256_file(whole_run / "model.safetensors")


def test_a_run_that_is_not_at_its_end_is_not_calibrated(started: Path) -> None:
    assert load_model(started / "model.safetensors").codec.levels is None


def test_a_finished_run_is_not_calibrated_again(
    whole_run: Path, data: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = shutil.copytree(whole_run, tmp_path / "run")
    monkeypatch.setattr(calibrate, "calibrated_levels", None)
    assert soundgan(*command(data, run)).code == 0
    assert sha256_file(run / "model.safetensors") == sha256_file(whole_run / "model.safetensors")


def test_a_signal_during_calibration_leaves_it_to_the_next_time(
    whole_run: Path, data: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"

    def closed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        pytest.fail("work went on after the signal")

    with monkeypatch.context() as patch:
        patch.setattr(calibrate, "calibrated_levels", closed)
        outcome = soundgan(*command(data, run))
    assert outcome.code == 129
    assert "stopping without calibrated levels; the same command does it" in outcome.stderr
    model = load_model(run / "model.safetensors")
    assert (model.description.provenance["step"], model.codec.levels) == (6, None)
    assert soundgan(*command(data, run)).code == 0
    for name in ("model.safetensors", "metrics.jsonl", "samples/step-000000006.png"):
        assert sha256_file(run / name) == sha256_file(whole_run / name), name


def test_calibration_that_would_end_after_the_minutes_is_given_up(
    whole_run: Path, data: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    assert soundgan(*command(data, run, "--set", "training.calibrate_sounds=0")).code == 0
    with monkeypatch.context() as patch:
        patch.setattr(Pace, "seconds_left", lambda _: 1e-9)
        outcome = soundgan(*command(data, run, "--max-minutes", 1))
    assert outcome.code == 0
    assert "warning: no time is left to calibrate levels" in outcome.stderr
    assert load_model(run / "model.safetensors").codec.levels is None
    assert soundgan(*command(data, run)).code == 0
    assert sha256_file(run / "model.safetensors") == sha256_file(whole_run / "model.safetensors")


def test_fresh_starts_over_and_keeps_the_old_run(started: Path, data: Path, soundgan: Run) -> None:
    old = sha256_file(started / "model.safetensors")
    outcome = soundgan(*command(data, started, "--fresh", "--max-steps", 1, "--seed", 9))
    assert outcome.code == 0
    assert describe_model(started / "model.safetensors").provenance["step"] == 1
    kept = started.with_name("run-old1") / "model.safetensors"
    assert sha256_file(kept) == old


def test_another_dataset_under_a_run_is_noticed(
    started: Path, soundgan: Run, tmp_path: Path
) -> None:
    other = write_dataset(tmp_path / "other", n_clips=30)
    refused(soundgan(*command(other, started)), 2, "trained on another dataset")


def test_a_second_process_is_refused_with_exit_11(started: Path, data: Path, soundgan: Run) -> None:
    with lock(started, purpose="the test", reporter=SilentReporter()):
        outcome = soundgan(*command(data, started))
    refused(outcome, 11, f"in use by process {os.getpid()}")


def test_a_damaged_newest_checkpoint_costs_only_itself(
    started: Path, whole_run: Path, data: Path, soundgan: Run
) -> None:
    soundgan(*command(data, started, "--max-steps", 4))
    path = started / "checkpoints" / "step-000000004.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    outcome = soundgan(*command(data, started))
    assert "warning:" in outcome.stderr
    assert "step-000000004" in outcome.stderr
    assert f"resuming {started} at step 2" in outcome.stderr
    model = "model.safetensors"
    assert sha256_file(started / model) == sha256_file(whole_run / model)


@pytest.mark.parametrize(
    ("extra", "step", "checkpoint"),
    [
        # At once; or after three steps in a row, three times from the last good checkpoint.
        ("--no-remedies", 4, "step-000000002"),
        ("--remedies", 6, "step-000000002-attempt3"),
    ],
)
def test_divergence_ends_with_one_line_and_the_last_good_checkpoint(
    extra: str,
    step: int,
    checkpoint: str,
    data: Path,
    soundgan: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def poisoned(state: TrainState, batch: Batch) -> Metrics:
        if state.step == 3:
            torch.nn.init.constant_(next(state.generator.parameters()), torch.inf)
        return generator_update(state, batch)

    monkeypatch.setattr(loop, "generator_update", poisoned)
    run = tmp_path / "run"
    outcome = soundgan(*command(data, run, "-q", extra))
    refused(outcome, 1, f"error: training: not finite at step {step}", "learning_rate")
    assert describe_model(run / "model.safetensors").provenance["step"] == 2
    assert [path.stem for path in (run / "checkpoints").glob("*.json")] == [checkpoint]


def test_a_missing_dataset_says_how_to_make_one(soundgan: Run, tmp_path: Path) -> None:
    outcome = soundgan(*command(tmp_path / "nothing", tmp_path / "run"))
    refused(outcome, 2, "no prepared folder; make one with soundgan prepare SRC")


def test_labels_are_demanded_only_when_wanted(soundgan: Run, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "unlabelled", labels=())
    refused(
        soundgan(*command(data, tmp_path / "a", "--set", "data.conditional=yes")),
        2,
        "--set: data.conditional:",
        "has no labels",
    )
    assert soundgan(*command(data, tmp_path / "b", "--max-steps", 1)).code == 0
    assert describe_model(tmp_path / "b" / "model.safetensors").labels == ()


def test_a_dry_run_tells_the_cost_and_writes_nothing(
    data: Path, soundgan: Run, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    outcome = soundgan(*command(data, run, "--dry-run", "--json"))
    plan = json.loads(outcome.stdout)
    assert plan["estimate"]["flops_per_step"] > 0
    assert plan["total_seconds"] == pytest.approx(
        6 * plan["estimate"]["seconds_per_step"] + plan["calibration_seconds"]
    )
    assert plan["image"] == [1, 32, 32]
    assert not run.exists()
    text = soundgan(*command(data, run, "--dry-run"))
    assert f"{plan['estimate']['generator_parameters']:,} parameters" in text.stdout


@pytest.mark.parametrize("extra", [(), ("--dry-run",)], ids=["train", "dry run"])
def test_a_training_that_cannot_fit_is_refused_before_anything_is_written(
    extra: tuple[str, ...],
    data: Path,
    soundgan: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("soundgan.training.footprint.free_bytes", lambda _: 50_000_000)
    large = ["--set", "training.batch_size=60000", *extra]
    outcome = soundgan(*command(data, tmp_path / "run", *large))
    assert outcome.code == 2
    assert re.fullmatch(
        r"error: .*training\.batch_size: 60000 images a step need about [\d.]+ GB, and 0\.1 GB are "
        r"free on cpu; about \d+ would fit\n",
        outcome.stderr,
    )
    assert not (tmp_path / "run").exists()


def test_a_step_without_memory_names_the_batch_that_fits(
    data: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def update(state: TrainState, batch: Batch) -> Metrics:
        if len(batch.x) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return generator_update(state, batch)

    monkeypatch.setattr(loop, "generator_update", update)
    monkeypatch.setattr("soundgan.training.estimate.generator_update", update)
    run = tmp_path / "run"
    outcome = soundgan(*command(data, run))
    assert outcome.code == 1
    assert outcome.stderr.endswith(
        "error: tiny.toml: training.batch_size: no memory for 4 images a step on cpu; "
        "2 fit: add --set training.batch_size=2 and --fresh\n"
    )
    assert soundgan(*command(data, run, "--set", "training.batch_size=2", "--fresh")).code == 0


@pytest.mark.slow
def test_a_run_of_many_hours_is_announced_with_the_preset_that_fits(
    data: Path, soundgan: Run, tmp_path: Path
) -> None:
    extra = ["--set", "training.steps=900000000"]
    announced = (
        r"this run takes about [0-9,]+ hours on this machine; "
        r"(--config fast takes about|with --max-minutes 60 a new run ends)"
    )
    assert re.search(
        announced, soundgan(*command(data, tmp_path / "a", *extra, "--dry-run")).stdout
    )
    outcome = soundgan(*command(data, tmp_path / "b", *extra, "--max-steps", 1))
    assert re.search("warning: " + announced, outcome.stderr)
    limited = soundgan(*command(data, tmp_path / "c", *extra, "--max-minutes", 0.01))
    assert "warning" not in limited.stderr
