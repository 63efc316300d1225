"""Real small trainings in which something is made to go wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from soundgan.errors import TrainingDivergedError
from soundgan.health.controls import Controls
from soundgan.health.limits import Limits
from soundgan.training import loop
from soundgan.training.batches import Batch
from soundgan.training.loop import fit, train_step
from soundgan.training.state import TrainState
from soundgan.training.step import Metrics, generator_update
from tests.health.games import FINE
from tests.training.conftest import Tones
from tests.training.runs import Training, different, everything, small_config

Start = Callable[..., Training]


@pytest.fixture
def start(tmp_path: Path, tones: Tones) -> Start:
    def begin(*overrides: str, run: str = "run", **options: object) -> Training:
        return Training(small_config(*overrides), tmp_path / run, tones, **options)  # type: ignore[arg-type]

    return begin


def _broken(gradient: Tensor) -> Tensor:
    return gradient * math.nan


def poison(monkeypatch: pytest.MonkeyPatch, when: Callable[[TrainState], bool]) -> None:
    """Make the generator's gradient NaN at some steps."""

    def poisoned(state: TrainState, batch: Batch) -> Metrics:
        if not when(state):
            return generator_update(state, batch)
        weight = next(state.generator.parameters())
        handle = weight.register_hook(_broken)
        try:
            return generator_update(state, batch)
        finally:
            handle.remove()

    monkeypatch.setattr(loop, "generator_update", poisoned)


def test_a_run_without_an_incident_is_the_same_with_and_without_a_watch(start: Start) -> None:
    alone = start(run="alone")
    fit(alone.state, alone.batches, [], until=45)
    for remedies in (True, False):
        watched = start(run=f"watched {remedies}", remedies=remedies)
        assert watched.until(45).healthy
        assert watched.told.measurements
        assert watched.events() == []
        assert different(watched.state, alone.state) == []


def test_an_update_that_is_not_finite_is_not_applied(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = start()
    train_step(training.state, training.batches)
    poison(monkeypatch, lambda state: True)
    training.state.limits = Limits()
    before = {name: value.clone() for name, value in everything(training.state).items()}
    metrics = train_step(training.state, training.batches)
    assert math.isnan(metrics["generator/gradient_norm"])
    after = everything(training.state)
    kept = ("generator.", "generator_optimizer.")
    weights = dict(training.state.generator.named_parameters())
    for name in before:
        if name.startswith(kept) and (name.removeprefix("generator.") in weights or "opt" in name):
            assert torch.equal(before[name], after[name]), name


@pytest.mark.parametrize("limit", [0.9, 1.1])
def test_a_gradient_beyond_the_limit_is_not_applied_and_one_below_is(
    limit: float, start: Start
) -> None:
    norms = start(run="measured")
    metrics = train_step(norms.state, norms.batches)
    norm = float(metrics["discriminator/gradient_norm"])
    training = start(run="limited")
    untouched = [p.clone() for p in training.state.discriminator.parameters()]
    training.state.limits = Limits(discriminator=limit * norm)
    train_step(training.state, training.batches)
    moved = [
        not torch.equal(old, new)
        for old, new in zip(untouched, training.state.discriminator.parameters(), strict=True)
    ]
    assert any(moved) == (limit > 1)


def test_one_nan_is_survived_and_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch, lambda state: state.step == 29)
    training = start()
    assert training.until(45).sentence == "no trouble so far, in 45 of 400 steps"
    assert training.names("skipped") == ["not-finite"]
    assert training.events("skipped")[0]["step"] == 30
    assert training.told.lines[0].startswith("numbers are not finite")


def test_nan_again_and_again_goes_back_and_draws_anew(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, lambda state: state.step >= 42 and state.controls.attempt == 0)
    training = start()
    training.until(60)
    assert training.state.step == 60
    assert training.state.controls.attempt == 1
    (event,) = training.events()
    assert (event["step"], event["name"], event["remedy"]) == (45, "not-finite", "roll-back")
    assert training.state.history.rollbacks[0].model_dump() == {"at": 45, "to": 20}
    assert sorted(path.name for path in training.checkpoints.glob("*.json")) == [
        "step-000000000.json",
        "step-000000020-attempt1.json",
        "step-000000040-attempt1.json",
        "step-000000060-attempt1.json",
    ]
    assert all(bool(value.isfinite().all()) for value in everything(training.state).values())


def test_without_remedies_nan_ends_the_run_at_its_step(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, lambda state: state.step == 29)
    with pytest.raises(TrainingDivergedError, match="not finite at step 30"):
        start(remedies=False).until(45)


def test_weights_that_cannot_be_saved_send_the_run_back(start: Start) -> None:
    training = start()
    training.until(40)
    state = training.state
    with torch.no_grad():
        next(state.ema.parameters()).fill_(torch.inf)
    state.history.strikes = 2
    training.until(40)
    assert state.step == 20
    assert state.history.strikes == 0
    assert state.controls.attempt == 1
    assert all(bool(value.isfinite().all()) for value in everything(state).values())
    assert training.names() == ["not-finite"]


def deafen(training: Training, since: int) -> None:
    """Keep the latent from the generator, from some step on, in the first attempt."""
    state = training.state
    networks: list[nn.Module] = [state.generator, state.ema]
    for network in networks:
        listening = network.forward

        def forward(z: Tensor, labels: Tensor | None = None, listening: Any = listening) -> Tensor:
            deaf = state.step >= since and state.controls.attempt == 0
            images: Tensor = listening(torch.zeros_like(z) if deaf else z, labels)
            return images

        network.forward = forward


def test_a_latent_that_is_ignored_is_named_and_the_run_goes_back(start: Start) -> None:
    training = start("training.generator_optimizer.learning_rate=2e-3")
    training.until(200)
    deafen(training, since=210)
    training.until(300)
    (event,) = training.events()
    assert event["name"] in ("latent-ignored", "mode-collapse")
    assert event["remedy"] == "roll-back"
    assert event["numbers"]["latent_sensitivity"] < 1e-6
    assert training.state.controls.attempt == 1
    assert training.state.history.probe["latent_sensitivity"] > 0.05


def test_a_discriminator_that_cannot_learn_is_called_dead(start: Start) -> None:
    training = start("training.discriminator_optimizer.learning_rate=1e-12")
    with torch.no_grad():
        for name, parameter in training.state.discriminator.named_parameters():
            if "to_logits" in name or "label" in name:
                parameter.zero_()
    ended = training.until(120)
    assert training.names()[0] == "discriminator-dead"
    assert training.events()[0]["remedy"] == "strengthen-discriminator"
    assert not ended.healthy
    assert ended.sentence.startswith(
        "the discriminator was dead from the start, and a faster discriminator"
    )
    assert training.state.controls.discriminator_rate_scale == 4.0


WINNING = (
    "loss.name=non_saturating",
    "training.instance_noise=0.0",
    "training.discriminator_optimizer.learning_rate=5e-3",
    "training.generator_optimizer.learning_rate=1e-6",
)


@pytest.mark.parametrize("remedies", [False, True])
def test_a_discriminator_that_learns_much_faster_is_named_the_winner(
    remedies: bool, start: Start
) -> None:
    training = start(*WINNING, remedies=remedies)
    ended = training.until(200)
    assert training.names()[0] == "discriminator-won"
    assert not ended.healthy
    assert ended.sentence.startswith("the discriminator won from step")
    told = [line for line in training.told.lines if "the discriminator has won" in line]
    assert len(told) == 1 if not remedies else len(told) > 1
    assert (training.state.controls == Controls()) == (not remedies)


class Parrot(nn.Module):
    """A generator that plays training clips."""

    def __init__(self, clips: Tensor, labels: Tensor) -> None:
        super().__init__()
        self.clips, self.labels = clips, labels

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        rows = [
            int(torch.nonzero(self.labels == label)[i % int((self.labels == label).sum())])
            for i, label in enumerate(labels)
        ]
        return self.clips[rows]


def test_a_generator_that_plays_its_training_clips_is_caught(start: Start) -> None:
    training = start()
    clips = training.images[torch.from_numpy(training.train)]
    labels = torch.from_numpy(training.tones.labels[training.train])
    training.state.ema.forward = Parrot(clips, labels).forward  # type: ignore[method-assign, assignment]
    training.until(200)
    assert "memorisation" in training.names()
    event = next(event for event in training.events() if event["name"] == "memorisation")
    assert event["numbers"]["nearest_ratio"] == pytest.approx(0.0, abs=1e-6)
    assert "its sounds lie only 0 % as far from them" in event["sentence"]


def test_a_probe_changes_nothing_of_the_run(start: Start) -> None:
    training = start("discriminator.options.spectral_norm=true")
    fit(training.state, training.batches, [], until=3)
    before = {name: value.clone() for name, value in everything(training.state).items()}
    numbers = training.probe(training.state)
    assert set(FINE) - {"overfit"} <= set(numbers)
    after = everything(training.state)
    assert [name for name in before if not torch.equal(before[name], after[name])] == []
    assert training.state.discriminator.training
    assert not training.state.ema.training
    assert training.probe(training.state) == numbers
