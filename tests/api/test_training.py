from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import soundgan
from tests.conftest import Run
from tests.datasets import write_dataset

pytestmark = pytest.mark.usefixtures("plain_curves")

FEW = {"training.steps": 4, "training.checkpoint_every": 2, "training.calibrate_sounds": 0}


def test_training_is_that_of_the_command_line(run: Run, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    one = soundgan.train(data, config="tiny", run=tmp_path / "one", overrides=FEW, seed=3)
    settings = [text for key, value in FEW.items() for text in ("--set", f"{key}={value}")]
    outcome = run(
        "train", "--config", "tiny", "--data", data, "--run", tmp_path / "two", "--seed", 3,
        *settings,
    )  # fmt: skip
    assert (one.step, one.exit_code, outcome.code) == (4, 0, 0)
    assert one.model.read_bytes() == (tmp_path / "two" / "model.safetensors").read_bytes()


def test_arrays_are_trained_on_without_a_folder_of_sounds(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    waves = rng.uniform(-0.5, 0.5, (40, 2048)).astype(np.float32)
    dataset = soundgan.dataset_from_arrays(waves, 8000, ["x", "y"] * 20)
    done = soundgan.train(dataset, config="tiny", run=tmp_path / "run", overrides=FEW)
    model = soundgan.load(done.run)
    assert model.labels == ("x", "y")
    assert model.provenance["dataset"] == dataset.content_hash
    assert model.generate(1).waveforms.shape == (1, 2048)
    again = soundgan.train(dataset, run=tmp_path / "run", overrides={**FEW, "training.steps": 6})
    assert again.step == 6
    with pytest.raises(soundgan.SoundGANError, match="arrays in memory; give its dataset"):
        soundgan.train(run=tmp_path / "run")


def test_progress_is_told_and_nothing_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = write_dataset(tmp_path / "prepared")
    heard: list[soundgan.Progress] = []
    soundgan.train(data, config="tiny", run=tmp_path / "run", overrides=FEW, progress=heard.append)
    assert [(p.done, p.total) for p in heard if p.task == "training"][-1] == (4, 4)
    assert any("training on cpu" in p.message for p in heard)
    assert capfd.readouterr() == ("", "")


def test_training_leaves_the_process_as_it_was_and_runs_in_any_thread(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    before = signal.getsignal(signal.SIGINT), torch.get_num_threads(), torch.get_rng_state()
    steps = []

    def work() -> None:
        done = soundgan.train(data, config="tiny", run=tmp_path / "run", overrides=FEW)
        steps.append(done.step)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert steps == [4]
    assert signal.getsignal(signal.SIGINT) == before[0]
    assert torch.get_num_threads() == before[1]
    assert torch.equal(torch.get_rng_state(), before[2])


def test_ctrl_c_raises_as_in_any_library_and_the_same_call_goes_on(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    handlers: set[object] = set()

    def interrupt(progress: soundgan.Progress) -> None:
        handlers.add(signal.getsignal(signal.SIGINT))
        if progress.task == "training" and progress.done == 3:
            os.kill(os.getpid(), signal.SIGINT)

    try:
        with pytest.raises(KeyboardInterrupt):
            soundgan.train(
                data, config="tiny", run=tmp_path / "a", overrides=FEW, progress=interrupt
            )
    finally:
        signal.signal(signal.SIGINT, before)
    assert handlers == {signal.default_int_handler}
    checkpoints = (tmp_path / "a" / "checkpoints").glob("*.safetensors")
    assert [path.name for path in checkpoints] == ["step-000000002.safetensors"]
    stopped = soundgan.train(data, run=tmp_path / "a", overrides=FEW)
    straight = soundgan.train(data, config="tiny", run=tmp_path / "b", overrides=FEW)
    assert stopped.model.read_bytes() == straight.model.read_bytes()


def test_a_function_that_says_stop_ends_a_training_with_its_model(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    done: list[int] = []

    def hear(progress: soundgan.Progress) -> None:
        if progress.task == "training":
            done.append(progress.done)

    stopped = soundgan.train(
        data,
        config="tiny",
        run=tmp_path / "a",
        overrides=FEW,
        stop=lambda: done[-1:] == [3],
        progress=hear,
    )
    assert (stopped.step, stopped.exit_code, stopped.model.is_file()) == (3, 0, True)
    again = soundgan.train(data, run=tmp_path / "a", overrides=FEW)
    straight = soundgan.train(data, config="tiny", run=tmp_path / "b", overrides=FEW)
    assert again.model.read_bytes() == straight.model.read_bytes()


def test_trainings_at_once_are_those_one_after_the_other(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")

    def weights(name: str) -> bytes:
        done = soundgan.train(data, config="tiny", run=tmp_path / name, overrides=FEW)
        return b"".join(
            tensor.numpy().tobytes() for _, tensor in sorted(load_file(done.model).items())
        )

    alone = weights("alone")
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(weights, ["a", "b", "c"])) == [alone] * 3


def test_a_plan_moves_no_random_stream(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    before = torch.get_rng_state()
    soundgan.plan_training(data, config="tiny", overrides=FEW)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.slow
def test_what_a_training_imports_changes_no_variable(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    code = (
        "import os, sys, torch, soundgan; before = dict(os.environ)\n"
        "soundgan.plan_training(sys.argv[1], config='tiny')\n"
        "assert os.environ == before, set(os.environ) ^ set(before)"
    )
    env = {name: os.environ[name] for name in os.environ if "INDUCTOR" not in name}
    subprocess.run([sys.executable, "-c", code, data], check=True, env=env)
