from __future__ import annotations

import pytest
import torch

from soundgan.codec.build import resolve
from soundgan.config.load import load_config
from soundgan.training.adaptation import LOOK_EVERY, Adaptation, overfitting
from soundgan.training.batches import Batches
from soundgan.training.state import TrainState
from tests.training.conftest import CLIP, fresh


@pytest.mark.parametrize(
    ("train", "validation", "generated", "expected"),
    [(2.0, 2.0, -1.0, 0.0), (2.0, -1.0, -1.0, 1.0), (3.0, 2.0, 1.0, 0.5), (0.0, 0.0, 1.0, 0.0)],
)
def test_overfitting_is_where_validation_clips_lie_between_training_and_generated_ones(
    train: float, validation: float, generated: float, expected: float
) -> None:
    assert overfitting(train, validation, generated) == expected
    assert overfitting(train + 50, validation + 50, generated + 50) == pytest.approx(expected)


def adapting(*overrides: str) -> TrainState:
    loaded = load_config(
        "tiny",
        [
            "training.batch_size=4",
            "training.steps=1000",
            'augmentation.names=["gain"]',
            "augmentation.target=0.5",
            *overrides,
        ],
    )
    return fresh(resolve(loaded.config, CLIP, "x", conditional=True))


def test_probability_rises_above_the_target_and_falls_below(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = adapting("augmentation.probability=0.5")
    adaptation = Adaptation(batches, batches)
    notch = LOOK_EVERY / (0.2 * 1000)
    monkeypatch.setattr(adaptation, "_mean_logits", lambda _: (2.0, 0.5, 0.0))
    adaptation.look(state)
    assert state.augment_probability == pytest.approx(0.5 + notch)
    monkeypatch.setattr(adaptation, "_mean_logits", lambda _: (2.0, 1.9, 0.0))
    adaptation.look(state)
    adaptation.look(state)
    assert state.augment_probability == pytest.approx(0.5 - notch)


def test_probability_stays_between_zero_and_its_limit(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = adapting("augmentation.max_probability=0.6")
    adaptation = Adaptation(batches, batches)
    for logits, end in (((2.0, 0.0, 0.0), 0.6), ((2.0, 2.0, 0.0), 0.0)):
        monkeypatch.setattr(adaptation, "_mean_logits", lambda _, logits=logits: logits)
        for _ in range(10):
            adaptation.look(state)
        assert state.augment_probability == end


def test_a_discriminator_that_learned_clips_by_heart_is_seen(batches: Batches) -> None:
    """One that knows the mean level of the training clips, and one that knows nothing."""
    state = adapting()
    adaptation = Adaptation(batches, batches)
    first = adaptation.look(state)["discriminator/overfitting"].item()
    assert first == pytest.approx(0.0, abs=1e-6)  # validation and training clips are the same here


def test_looking_changes_no_weight_and_no_buffer(batches: Batches) -> None:
    state = adapting("discriminator.options.spectral_norm=true")
    networks = (state.generator, state.discriminator, state.ema)
    before = [{k: v.clone() for k, v in n.state_dict().items()} for n in networks]
    Adaptation(batches, batches).look(state)
    for old, network in zip(before, networks, strict=True):
        assert all(torch.equal(old[name], value) for name, value in network.state_dict().items())
        assert network.training or network is state.ema
