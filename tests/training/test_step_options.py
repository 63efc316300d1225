"""What the data, augmentation and control options do to an update."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from soundgan.codec.build import resolve
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.config.load import load_config
from soundgan.config.schema import Config
from soundgan.errors import ConfigError
from soundgan.health.controls import Controls
from soundgan.reporting import SilentReporter
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import newest_checkpoint, save_checkpoint
from soundgan.training.encoded import EncodedClips
from soundgan.training.loop import train_step
from soundgan.training.snapshot import restore
from soundgan.training.state import TrainState
from soundgan.training.step import discriminator_update, generator_update
from tests.training.conftest import CLIP, N_CLASSES, Tones, fresh


def changed_config(*overrides: str) -> Config:
    small = ["training.batch_size=4", "generator.options.width=4", "discriminator.options.width=4"]
    return resolve(load_config("tiny", [*small, *overrides]).config, CLIP, "x", conditional=True)


def rate(optimizer: torch.optim.Optimizer) -> float:
    return float(optimizer.param_groups[0]["lr"])


def test_rates_follow_schedule_and_controls(batches: Batches) -> None:
    state = fresh(changed_config("training.steps=10", "training.final_rate_share=0.1"))
    state.controls = Controls(discriminator_rate_scale=0.5)
    state.step = 10
    discriminator_update(state, batches.at(0))
    training = state.config.training
    assert rate(state.generator_optimizer) == pytest.approx(
        0.1 * training.generator_optimizer.learning_rate
    )
    assert rate(state.discriminator_optimizer) == pytest.approx(
        0.05 * training.discriminator_optimizer.learning_rate
    )


def test_hidden_labels_are_the_extra_class_at_the_stated_share(batches: Batches) -> None:
    state = fresh(changed_config("data.label_dropout=0.5"))
    assert state.generator.n_classes == state.discriminator.n_classes == N_CLASSES + 1
    seen: list[torch.Tensor] = []
    state.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[1]))
    for step in range(100):
        state.step = step
        discriminator_update(state, batches.at(step))
    labels = torch.stack(seen)
    real, fake = labels.chunk(2, dim=1)
    assert torch.equal(real, fake)
    hidden = (real == N_CLASSES).float().mean().item()
    assert hidden == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(400))


def test_augmentation_reaches_real_and_generated_images_and_the_generator(
    batches: Batches,
) -> None:
    table = 'augmentation.names=["gain","time_mask"]'
    plain, augmented = fresh(changed_config(table)), fresh(changed_config(table))
    augmented.controls = Controls(augment_probability=1.0)
    assert plain.augment_probability == 0.0
    seen: dict[str, list[torch.Tensor]] = {"plain": [], "augmented": []}
    for name, state in (("plain", plain), ("augmented", augmented)):
        state.discriminator.register_forward_pre_hook(
            lambda _, inputs, name=name: seen[name].append(inputs[0].detach().clone())
        )
        discriminator_update(state, batches.at(0))
        metrics = generator_update(state, batches.at(0))
        assert metrics["generator/gradient_norm"] > 0
    for before, after in zip(seen["plain"], seen["augmented"], strict=True):
        different = (before - after).abs().flatten(1).amax(1)
        assert (different > 0).all()


def test_an_unknown_augmentation_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match="did you mean 'time_shift'"):
        fresh(changed_config('augmentation.names=["time_shft"]'))


def test_options_of_an_augmentation_that_is_not_used_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"options\.gain: not among"):
        fresh(changed_config("augmentation.options={gain={}}"))


def test_a_skipped_discriminator_stays_and_is_still_judged(batches: Batches) -> None:
    state = fresh(changed_config())
    state.controls = Controls(skip_discriminator=1.0)
    before = [p.detach().clone() for p in state.discriminator.parameters()]
    state.step = 1
    metrics = discriminator_update(state, batches.at(1))
    pairs = zip(before, state.discriminator.parameters(), strict=True)
    assert all(torch.equal(old, new) for old, new in pairs)
    assert "discriminator/pair_accuracy" in metrics
    state.step = 16
    discriminator_update(state, batches.at(16))
    pairs = zip(before, state.discriminator.parameters(), strict=True)
    assert not any(torch.equal(old, new) for old, new in pairs)


def test_pair_accuracy_is_the_share_of_pairs_in_the_right_order(
    batches: Batches, state: TrainState, monkeypatch: pytest.MonkeyPatch
) -> None:
    logits = torch.tensor([[3.0], [1.0], [2.0], [0.0], [1.0], [2.0], [1.5], [-1.0]])
    leaf = next(state.discriminator.parameters())
    monkeypatch.setattr(
        type(state.discriminator), "forward", lambda *_: logits + 0 * leaf.flatten()[0]
    )
    metrics = discriminator_update(state, batches.at(0))
    assert metrics["discriminator/pair_accuracy"].item() == 0.75
    assert metrics["discriminator/logit_std"].item() == pytest.approx(logits.std().item())


def test_penalty_share_takes_whole_groups(batches: Batches) -> None:
    config = changed_config(
        "loss={name='relativistic',options={gamma=1.0,penalty_share=0.25}}",
        "generator={name='convt',options={width=4}}",
        "discriminator={name='convt',options={width=4,minibatch_std=2}}",
    )
    state = fresh(config)
    sizes: list[int] = []
    state.discriminator.register_forward_pre_hook(lambda _, inputs: sizes.append(len(inputs[0])))
    metrics = discriminator_update(state, batches.at(0))
    assert sizes == [8, 2, 2]  # all of them, then R1 and R2 on a group each
    assert metrics["discriminator/penalty"] > 0


def test_penalty_scale_multiplies_the_penalty(batches: Batches) -> None:
    def penalty(scale: float) -> float:
        state = fresh(changed_config("loss={name='relativistic',options={}}"))
        state.controls = Controls(penalty_scale=scale)
        return float(discriminator_update(state, batches.at(0))["discriminator/penalty"])

    assert penalty(3.0) == pytest.approx(3 * penalty(1.0))


def test_batches_that_split_a_group_are_refused() -> None:
    with pytest.raises(ConfigError, match="groups of 3"):
        fresh(changed_config("discriminator={name='convt',options={minibatch_std=3}}"))


def test_half_life_can_be_a_share_of_the_run(batches: Batches) -> None:
    shared = "training.ema_half_life_share=0.5"
    config = changed_config(shared, "training.ema_half_life_images=0.0", "training.steps=1000")
    state = fresh(config)
    before = [p.detach().clone() for p in state.ema.parameters()]
    state.step = 999
    generator_update(state, batches.at(999))
    # 4,000 images in all; ramped, 0.05 of them is the half-life, below half of them.
    weight = 1 - 0.5 ** (4 / 200)
    for old, average, new in zip(
        before, state.ema.parameters(), state.generator.parameters(), strict=True
    ):
        torch.testing.assert_close(average, torch.lerp(old, new, weight))


def test_another_attempt_draws_other_numbers(batches: Batches) -> None:
    first, second = fresh(changed_config()), fresh(changed_config())
    second.controls = replace(second.controls, attempt=1)
    logits = [
        discriminator_update(state, batches.at(0))["discriminator/fake_logit"]
        for state in (first, second)
    ]
    assert logits[0] != logits[1]


def test_controls_survive_in_a_checkpoint(tmp_path: object, batches: Batches) -> None:
    folder = Path(str(tmp_path))
    state = fresh(changed_config())
    state.controls = Controls(augment_probability=0.25, penalty_scale=2.0, attempt=2)
    save_checkpoint(folder, state, "hash")
    again = fresh(changed_config())
    checkpoint = newest_checkpoint(folder, SilentReporter())
    assert checkpoint is not None
    restore(again, checkpoint)
    assert again.controls == state.controls


class TestBalancedOrder:
    def balanced(self, tones: Tones, codec: SpectrogramCodec, keep: int) -> Batches:
        rare = np.flatnonzero(tones.labels == 0)[:keep]
        rest = np.flatnonzero(tones.labels != 0)
        return Batches(
            EncodedClips(tones, np.concatenate([rare, rest]), codec),
            tones.labels,
            batch_size=6,
            seed=0,
            balanced=True,
        )

    def test_every_class_comes_equally_often(self, tones: Tones, codec: SpectrogramCodec) -> None:
        batches = self.balanced(tones, codec, keep=3)
        for position in range(5):
            labels = batches.at(position).labels
            assert labels is not None
            assert torch.bincount(labels, minlength=N_CLASSES).tolist() == [2, 2, 2]

    def test_every_clip_of_a_class_comes_once_before_any_comes_again(
        self, tones: Tones, codec: SpectrogramCodec
    ) -> None:
        batches = self.balanced(tones, codec, keep=4)
        shown = [batches.at(position) for position in range(2)]  # 2 x 2 of the rare class
        rare = torch.cat([b.x[b.labels == 0] for b in shown])
        assert len(torch.unique(rare.flatten(1), dim=0)) == 4


def test_a_generator_that_waits_stays_as_it_is_while_the_discriminator_learns(
    batches: Batches,
) -> None:
    state = fresh(changed_config("training.generator_waits_share=0.005", "training.steps=400"))
    before = [parameter.clone() for parameter in state.generator.parameters()]
    opponent = [parameter.clone() for parameter in state.discriminator.parameters()]
    for _ in range(2):
        train_step(state, batches)
    assert all(map(torch.equal, before, state.generator.parameters()))
    assert not any(map(torch.equal, opponent, state.discriminator.parameters()))
    train_step(state, batches)
    assert not all(map(torch.equal, before, state.generator.parameters()))
