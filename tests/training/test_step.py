from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from soundgan.codec.build import resolve
from soundgan.config.load import load_config
from soundgan.config.schema import Config
from soundgan.errors import ConfigError
from soundgan.training.batches import Batches
from soundgan.training.state import TrainState
from soundgan.training.step import discriminator_update, generator_update
from tests.training.conftest import CLIP, fresh


def weights(network: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


def changed(before: list[Tensor], network: nn.Module) -> list[bool]:
    return [
        not torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True)
    ]


def test_a_discriminator_update_changes_all_of_it_and_nothing_else(
    state: TrainState, batches: Batches
) -> None:
    generator, discriminator = weights(state.generator), weights(state.discriminator)
    discriminator_update(state, batches.at(0))
    assert all(changed(discriminator, state.discriminator))
    assert not any(changed(generator, state.generator))


def test_a_generator_update_changes_all_of_it_and_its_average_and_nothing_else(
    state: TrainState, batches: Batches
) -> None:
    generator, discriminator = weights(state.generator), weights(state.discriminator)
    average = weights(state.ema)
    generator_update(state, batches.at(0))
    assert all(changed(generator, state.generator))
    assert all(changed(average, state.ema))
    assert not any(changed(discriminator, state.discriminator))
    assert all(parameter.requires_grad for parameter in state.discriminator.parameters())


def test_an_update_depends_on_the_step_only_through_the_seeded_streams(
    config: Config, batches: Batches
) -> None:
    first, second, later = fresh(config), fresh(config), fresh(config)
    later.step = 1
    results = [discriminator_update(state, batches.at(0)) for state in (first, second, later)]
    assert results[0] == results[1]
    assert results[0]["discriminator/fake_logit"] != results[2]["discriminator/fake_logit"]


def test_instance_noise_decays_by_its_factor_each_step(state: TrainState) -> None:
    assert state.instance_noise == 0.05
    state.step = 100
    assert math.isclose(state.instance_noise, 0.05 * 0.99**100)


def test_the_discriminator_sees_noisy_images_and_the_generator_is_judged_on_noisy_ones(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(noise: float) -> list[Tensor]:
        drawn = itertools.count(1)
        monkeypatch.setattr(
            "soundgan.training.step.normal_like",
            lambda images, _: torch.full_like(images, next(drawn)),
        )
        loaded = load_config("tiny", ["training.batch_size=4", f"training.instance_noise={noise}"])
        state = fresh(resolve(loaded.config, CLIP, "tiny.toml", conditional=True))
        inputs: list[Tensor] = []
        state.discriminator.register_forward_pre_hook(
            lambda _, args: inputs.append(args[0].detach().clone())
        )
        discriminator_update(state, batches.at(0))
        generator_update(state, batches.at(0))
        return inputs

    (judged, fooled), (clean_judged, clean_fooled) = seen(0.5), seen(0.0)
    torch.testing.assert_close(clean_judged[:4], batches.at(0).x)
    torch.testing.assert_close(judged[:4], clean_judged[:4] + 0.5 * 1)  # real
    torch.testing.assert_close(judged[4:], clean_judged[4:] + 0.5 * 2)  # fake
    torch.testing.assert_close(fooled, clean_fooled + 0.5 * 3)


def test_the_reported_gradient_norm_is_that_of_all_gradients(
    state: TrainState, batches: Batches
) -> None:
    reported = float(discriminator_update(state, batches.at(0))["discriminator/gradient_norm"])
    squares = [float(p.grad.square().sum()) for p in state.discriminator.parameters()]  # type: ignore[union-attr]
    assert math.isclose(reported, math.sqrt(sum(squares)), rel_tol=1e-5)


def test_a_gradient_penalty_is_part_of_the_update(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load_config("tiny", ["loss.name=wasserstein", "training.batch_size=4"])
    config = resolve(loaded.config, CLIP, "tiny.toml", conditional=True)
    assert float(discriminator_update(fresh(config), batches.at(0))["discriminator/penalty"]) > 0

    def slopes(factor: float) -> tuple[list[Tensor], float]:
        """What an update leaves at the weights where the penalty is ``factor`` times their sum."""
        state = fresh(config)
        state.controls = replace(state.controls, penalty_scale=0.5)
        weights = list(state.discriminator.parameters())
        total = sum((weight.sum() for weight in weights), torch.zeros(()))
        monkeypatch.setattr(state.loss, "penalty", lambda *_: factor * total)
        metrics = discriminator_update(state, batches.at(0))
        assert all(weight.grad is not None for weight in weights)
        gradients = [weight.grad.clone() for weight in weights if weight.grad is not None]
        return gradients, float(metrics["discriminator/penalty"])

    (without, nothing), (with_it, something) = slopes(0.0), slopes(3.0)
    assert nothing == 0.0
    assert something != 0.0
    for bare, penalised in zip(without, with_it, strict=True):
        torch.testing.assert_close(penalised, bare + 0.5 * 3.0)


def test_a_penalty_is_refused_with_a_discriminator_that_mixes_samples() -> None:
    loaded = load_config(
        "tiny", ["loss.name=wasserstein", "discriminator.name=resnet9", "training.batch_size=4"]
    )
    config = resolve(loaded.config, CLIP, "tiny.toml", conditional=True)
    with pytest.raises(ConfigError, match=r'set discriminator.options.norm = "none"'):
        fresh(config)


def test_real_and_fake_are_judged_alike_together_and_apart(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the spectral norm, whose power iteration would run once instead of twice.
    overrides = ["training.batch_size=4", "discriminator.options.spectral_norm=false"]
    config = resolve(load_config("tiny", overrides).config, CLIP, "tiny.toml", conditional=True)
    together, apart = fresh(config), fresh(config)
    judged: list[int] = []
    for state in (together, apart):
        state.discriminator.register_forward_pre_hook(lambda _, args: judged.append(len(args[0])))
    got = discriminator_update(together, batches.at(0))
    monkeypatch.setattr(type(apart.discriminator), "mixes_samples", True)
    expected = discriminator_update(apart, batches.at(0))
    assert judged == [8, 4, 4]
    torch.testing.assert_close(got, expected, rtol=1e-5, atol=1e-6)
