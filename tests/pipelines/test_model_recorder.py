from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from soundgan.config.load import load_config
from soundgan.inference.model_file import load_model
from soundgan.pipelines.model_recorder import ModelFile
from soundgan.pipelines.task import open_task
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.runtime.signals import StopRequest
from soundgan.training.encoded import CPU
from soundgan.training.state import BestAverage, TrainState, new_state
from tests.datasets import write_dataset
from tests.listeners import Listener

TINY = [
    "training.steps=2",
    "training.batch_size=4",
    "training.calibrate_sounds=4",
    "inversion.options.iterations=2",
]
ALREADY_SAID = "the same command does it"

Make = Callable[..., ModelFile]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> TrainingClips:
    folder = write_dataset(tmp_path_factory.mktemp("data") / "prepared")
    return TrainingClips.of(open_task(load_config("tiny", TINY), folder), CPU)


@pytest.fixture
def state(clips: TrainingClips) -> TrainState:
    return new_state(clips.task.assembly, device=CPU)


@pytest.fixture
def make(clips: TrainingClips, tmp_path: Path) -> Make:
    def model_file(
        listener: Listener | None = None, *, asked: bool = False, left: float = math.inf
    ) -> ModelFile:
        return ModelFile(
            tmp_path / "model.safetensors",
            clips,
            listener or Listener(),
            stop=StopRequest(lambda: asked),
            seconds_left=lambda: left,
        )

    return model_file


def test_the_product_is_the_best_average_and_says_so(make: Make, state: TrainState) -> None:
    weights = {name: value + 1 for name, value in state.ema.state_dict().items()}
    state.step, state.best = 2, BestAverage(1, 0.25, weights)
    model = make()
    model.saved(state)
    there = load_model(model.path)
    assert there.description.provenance["step"] == 2
    assert there.description.provenance["images"] == 8
    assert there.description.provenance["best_step"] == 1
    assert there.description.provenance["kernel_distance"] == 0.25
    found = there.generator.state_dict()
    assert all(bool((found[name] == value).all()) for name, value in weights.items())


def test_only_a_run_at_its_end_is_calibrated_and_only_once(make: Make, state: TrainState) -> None:
    model = make()
    state.step = 1
    model.saved(state)
    before = model.path.read_bytes()
    model.finished(state)
    assert (model.levels, model.given_up, model.path.read_bytes()) == (None, False, before)
    state.step = 2
    model.saved(state)
    model.finished(state)
    assert model.levels is not None
    calibrated = model.path.read_bytes()
    assert load_model(model.path).description.provenance["calibrated_sounds"] == 4
    again = make()
    again.saved(state)  # must not take the levels away
    assert again.levels is not None
    assert again.path.read_bytes() == calibrated
    state.step = 1
    again.saved(state)
    assert again.levels is None
    assert again.path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "said", "warned"),
    [
        ({"asked": True}, "stopping without calibrated levels", ""),
        ({"left": 0.0}, "", "no time is left to calibrate levels"),
    ],
)
def test_a_calibration_that_is_given_up_leaves_the_file_as_it_was(
    options: dict[str, float], said: str, warned: str, make: Make, state: TrainState
) -> None:
    listener = Listener()
    model = make(listener, **options)
    state.step = 2
    model.saved(state)
    before = model.path.read_bytes()
    model.finished(state)
    assert (model.given_up, model.path.read_bytes()) == (True, before)
    for lines, expected in ((listener.said, said), (listener.warned, warned)):
        assert lines == ([f"{expected}; {ALREADY_SAID}"] if expected else [])
