"""A game computed in bfloat16 is the same game."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from soundgan.codec.build import resolve
from soundgan.config.load import load_config
from soundgan.config.presets import preset_names
from soundgan.models.precision import precision_on
from soundgan.reporting import SilentReporter
from soundgan.training.batches import Batch
from soundgan.training.checkpoint import newest_checkpoint, save_checkpoint
from soundgan.training.snapshot import restore
from soundgan.training.state import TrainState
from soundgan.training.step import discriminator_update, generator_update
from tests.narrow import narrow
from tests.training.conftest import CLIP, N_CLASSES, fresh

N = 8


def game(preset: str, precision: str) -> TrainState:
    overrides = [*narrow(preset, batch_size=N), f'training.precision="{precision}"']
    if preset == "soundgan":  # so few channels times weights of 0.02 leave nothing of a signal
        overrides += ["generator.options.init_std=0.0", "discriminator.options.init_std=0.0"]
    loaded = load_config(preset, overrides)
    conditional = loaded.config.data.conditional != "no"
    return fresh(resolve(loaded.config, CLIP, preset, conditional=conditional))


def noise(state: TrainState, seed: int) -> Batch:
    stream = torch.Generator().manual_seed(seed)
    images = torch.randn(N, *state.generator.shape, generator=stream).clamp(-1, 1)
    labels = torch.arange(N) % N_CLASSES if state.generator.n_classes else None
    return Batch(images, labels)


def slopes(network: nn.Module) -> torch.Tensor:
    found = [weight.grad for weight in network.parameters() if weight.grad is not None]
    assert all(slope.dtype == torch.float32 for slope in found)
    return torch.cat([slope.flatten() for slope in found])


@pytest.mark.parametrize("preset", preset_names())
def test_the_slopes_of_every_preset_are_the_same_but_for_rounding(preset: str) -> None:
    found = []
    for precision in ("float32", "bfloat16"):
        one, other = game(preset, precision), game(preset, precision)
        discriminator_update(one, noise(one, 1))
        generator_update(other, noise(other, 2))
        found.append((slopes(one.discriminator), slopes(other.generator)))
    for exact, rounded in zip(*found, strict=True):
        assert not torch.equal(exact, rounded)
        assert torch.cosine_similarity(exact, rounded, dim=0) > 0.85  # most of them above 0.99
        assert float(rounded.norm() / exact.norm()) == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_a_resumed_game_in_bfloat16_is_the_uninterrupted_one(tmp_path: Path) -> None:
    def play(state: TrainState, until: int) -> None:
        while state.step < until:
            discriminator_update(state, noise(state, state.step))
            generator_update(state, noise(state, state.step))
            state.step += 1

    whole, first, resumed = (game("quality", "bfloat16") for _ in range(3))
    play(whole, 4)
    play(first, 2)
    save_checkpoint(tmp_path, first, "data", keep=2)
    checkpoint = newest_checkpoint(tmp_path, SilentReporter())
    assert checkpoint is not None
    restore(resumed, checkpoint)
    play(resumed, 4)
    for network in ("generator", "discriminator", "ema"):
        expected, found = getattr(whole, network), getattr(resumed, network)
        for name, weight in expected.state_dict().items():
            assert torch.equal(weight, found.state_dict()[name]), f"{network}: {name}"


def test_auto_rounds_only_where_that_is_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, gpu = torch.device("cpu"), torch.device("cuda:0")
    for capability, expected in (((9, 0), torch.bfloat16), ((7, 5), torch.float32)):
        monkeypatch.setattr(
            torch.cuda, "get_device_capability", lambda device, found=capability: found
        )
        assert precision_on("auto", gpu) == expected
    assert precision_on("auto", cpu) == precision_on("float32", gpu) == torch.float32
    assert precision_on("bfloat16", cpu) == torch.bfloat16
