from __future__ import annotations

import logging
import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from soundgan.config.load import load_config
from soundgan.pipelines import session
from soundgan.pipelines.judge import quality_of
from soundgan.pipelines.train import train
from soundgan.pipelines.train_request import TrainRequest, TrainResult
from soundgan.reporting import SilentReporter
from soundgan.runtime.files import sha256_file
from soundgan.runtime.signals import SignalStop
from soundgan.training.preview import Preview
from tests.datasets import write_dataset
from tests.streams import drawn_by_numpy

pytestmark = pytest.mark.usefixtures("plain_curves")

TINY = [
    "training.batch_size=4",
    "training.steps=2",
    "training.preview_every=1",
    "training.calibrate_sounds=4",
    "generator.options.width=4",
    "discriminator.options.width=4",
    "inversion.options.iterations=2",
]

SET_BY_TORCH = "TORCHINDUCTOR_CACHE_DIR"
"""When its optimizers are first imported."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared")


def trained(data: Path, run: Path, *overrides: str) -> TrainResult:
    loaded, stop = load_config("tiny", [*TINY, *overrides]), SignalStop(lambda: None)
    request = TrainRequest(loaded, data, run, "cpu", stop=stop)
    return train(request, SilentReporter())


def process_state() -> list[object]:
    """What belongs to the whole process, and to whoever called."""
    return [
        [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        torch.get_num_threads(),
        torch.get_rng_state().tolist(),
        drawn_by_numpy(),
        random.getstate(),
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
        logging.getLogger().level,
        logging.getLogger().handlers[:],
        {name: value for name, value in os.environ.items() if name != SET_BY_TORCH},
        Path.cwd(),
    ]


def test_training_in_a_thread_leaves_the_process_as_it_was_and_makes_the_same_model(
    data: Path, tmp_path: Path
) -> None:
    def in_thread() -> tuple[TrainResult, list[object], list[object]]:
        assert threading.current_thread() is not threading.main_thread()
        before = process_state()
        return trained(data, tmp_path / "threaded"), before, process_state()

    with ThreadPoolExecutor(1) as pool:
        result, before, after = pool.submit(in_thread).result()
    assert (result.step, result.exit_code) == (2, 0)
    assert result.quality_told == f"cannot tell, {result.validation} validation clips are too few"
    assert before == after
    before = process_state()
    straight = trained(data, tmp_path / "straight")
    assert process_state() == before
    assert sha256_file(result.model) == sha256_file(straight.model)


def test_a_signal_during_a_preview_or_the_last_measurement_gives_that_up(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("work went on after the signal")

    with monkeypatch.context() as patch:
        patch.setattr(Preview, "write", interrupted)
        stopped = trained(data, tmp_path / "run")
    assert (stopped.step, stopped.exit_code) == (1, 130)
    assert not (tmp_path / "run" / "curves.png").exists()
    whole = trained(data, tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(
            session,
            "quality_of",
            lambda *args, at_once: quality_of(*args, at_once=True) if at_once else interrupted(),
        )
        ended = trained(data, tmp_path / "run")
    assert (ended.step, ended.exit_code, ended.quality) == (2, 130, None)
    for name in ("model.safetensors", "metrics.jsonl", "samples/step-000000002.png"):
        assert sha256_file(tmp_path / "run" / name) == sha256_file(whole.run / name), name
