"""A run with nothing around it: no folder, no terminal, no other process."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.health.events import Event
from soundgan.training.adaptation import LOOK_EVERY, Adaptation
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import CheckpointFolder
from soundgan.training.encoded import EncodedClips
from soundgan.training.loop import Numbers, fit
from soundgan.training.recorder import Recorder
from soundgan.training.reference import Reference
from soundgan.training.run import Measures, Run
from soundgan.training.selection import Selection
from soundgan.training.state import TrainState
from soundgan.training.states import States
from tests.training.conftest import Tones, fresh
from tests.training.in_memory import StatesInMemory
from tests.training.runs import different, small_config
from tests.training.test_planted import poison

CONFIG = small_config(
    "training.steps=60",
    "training.log_every=25",
    "training.preview_every=50",
    "training.evaluate_every=25",
    "training.checkpoint_every=10",
    "augmentation.names=['gain']",
    "augmentation.target=0.6",
)


class Diary(Recorder):
    """Writes down what it is told, with the step."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []
        self.events: list[Event] = []
        self.numbers: list[Numbers] = []

    def begun(self, state: TrainState) -> None:
        self.lines.append(("begun", state.step))

    def stepped(self, state: TrainState, numbers: Numbers) -> None:
        self.lines.append(("stepped", state.step))

    def logged(self, state: TrainState, numbers: Numbers) -> None:
        self.lines.append(("logged", state.step))

    def measured(self, step: int, numbers: Numbers) -> None:
        self.lines.append((min(numbers), step))
        self.numbers.append(numbers)

    def happened(self, event: Event) -> None:
        self.events.append(event)
        self.lines.append((event.event, event.step))

    def preview_due(self, state: TrainState) -> None:
        self.lines.append(("preview", state.step))

    def saved(self, state: TrainState) -> None:
        self.lines.append(("saved", state.step))

    def rolled_back(self, state: TrainState) -> None:
        self.lines.append(("rolled back", state.step))

    def finished(self, state: TrainState) -> None:
        self.lines.append(("finished", state.step))

    def of(self, step: int) -> list[str]:
        """What happened at a step."""
        return [what for what, at in self.lines if at == step]


@pytest.fixture(scope="module")
def parts(tones: Tones, codec: SpectrogramCodec) -> tuple[Batches, Measures]:
    """What a run is trained on, and what measures it."""
    rows = np.arange(len(tones.labels))
    clips = [EncodedClips(tones, rows[rows % 3 == 2], codec)]
    clips.insert(0, EncodedClips(tones, rows[rows % 3 != 2], codec))
    train, validation = [
        Batches(some, tones.labels, batch_size=4, seed=CONFIG.training.seed) for some in clips
    ]
    reference = Reference(codec, clips[0].spread(100), tones.labels[clips[0].indices])
    labels = torch.from_numpy(tones.labels[clips[1].indices])
    selection = Selection(reference, clips[1].spread(100), labels, n_sounds=16, seed=0)
    return train, Measures(selection, adaptation=Adaptation(train, validation))


def trained(
    parts: tuple[Batches, Measures],
    states: States | None = None,
    recorders: Sequence[Recorder] = (),
    *,
    until: int = 60,
) -> Run:
    """A run from its first step on."""
    run = Run(fresh(CONFIG), parts[0], states or StatesInMemory(), parts[1], recorders)
    run.train(until=until)
    return run


def test_what_is_done_when(parts: tuple[Batches, Measures]) -> None:
    diary = Diary()
    run = trained(parts, recorders=[diary])
    assert run.finish().healthy
    assert diary.of(0) == ["begun", "saved"]
    assert diary.of(3) == ["stepped"]
    assert diary.of(25) == ["logged", "stepped", "evaluation/kernel_distance"]
    assert diary.of(LOOK_EVERY) == [
        "logged",
        "stepped",
        "preview",
        "discriminator/augment_probability",
        "evaluation/kernel_distance",
        "saved",
    ]
    # The last step is measured though it is not the turn of that.
    assert diary.of(60) == [
        "stepped", "saved", "evaluation/kernel_distance", "saved", "finished", "verdict",
    ]  # fmt: skip


def test_a_run_without_recorders_and_on_disk_trains_to_the_same_weights(
    parts: tuple[Batches, Measures], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    poison(monkeypatch, lambda state: state.step >= 32 and state.controls.attempt == 0)
    diary = Diary()
    stores: list[States] = [StatesInMemory(), StatesInMemory(), CheckpointFolder(tmp_path, "data")]
    recorded = trained(parts, stores[0], [diary])
    assert diary.lines.index(("rolled back", 30)) == diary.lines.index(("incident", 35)) + 2
    for store in stores[1:]:
        other = trained(parts, store)
        assert store.kept() == stores[0].kept()  # with the distances that were measured
        assert different(recorded.state, other.state) == []
        assert recorded.state.history.to_dict() == other.state.history.to_dict()
        assert recorded.state.controls == other.state.controls


def test_a_stop_saves_after_the_step_and_the_run_goes_on_as_if_there_had_been_none(
    parts: tuple[Batches, Measures],
) -> None:
    straight = trained(parts)
    states, state = StatesInMemory(), fresh(CONFIG)
    diary = Diary()
    run = Run(state, parts[0], states, parts[1], [diary])
    run.train(until=60, should_stop=lambda: state.step == 33)
    assert (state.step, diary.of(33)) == (33, ["stepped", "saved"])
    assert states.kept()[0].step == 33
    run.train(until=60)
    assert different(run.state, straight.state) == []


def test_a_run_without_measures_is_the_bare_loop(parts: tuple[Batches, Measures]) -> None:
    bare, run = fresh(CONFIG), Run(fresh(CONFIG), parts[0], StatesInMemory(), Measures())
    fit(bare, parts[0], [], until=7)
    run.train(until=7)
    assert different(bare, run.state) == []


def test_weights_that_cannot_be_saved_send_a_run_back_in_memory_too(
    parts: tuple[Batches, Measures],
) -> None:
    class Breaker(Recorder):
        def stepped(self, state: TrainState, numbers: Numbers) -> None:
            if state.step == 40 and state.controls.attempt == 0:
                with torch.no_grad():
                    next(state.ema.parameters()).fill_(math.inf)

    diary = Diary()
    run = trained(parts, recorders=[Breaker(), diary], until=45)
    assert [event.remedy for event in diary.events] == ["roll-back"]
    assert ("rolled back", 30) in diary.lines
    assert (run.state.step, run.state.controls.attempt) == (45, 1)
    assert all(bool(value.isfinite().all()) for value in run.state.product.values())


def test_the_end_of_a_run_is_measured_unless_its_last_updates_could_not_be_applied(
    parts: tuple[Batches, Measures], monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, lambda state: state.step == 59)
    diary = Diary()
    trained(parts, recorders=[diary])
    assert diary.of(60) == ["skipped", "saved"]
