"""A codec whose x is no image goes the whole way: fitted, trained, heard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.assembly.assembly import Assembly, assemble
from soundgan.audio.outline import measure_outline
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.config.load import load_config
from soundgan.errors import ConfigError, UsageError
from soundgan.evaluation.view import whole_view
from soundgan.inference.model_file import LoadedModel, ModelDescription
from soundgan.inference.synthesis import synthesise
from soundgan.losses import LOSSES
from soundgan.shapes import ClipSpec
from soundgan.training.batches import Batches
from soundgan.training.encoded import EncodedClips
from soundgan.training.loop import fit
from soundgan.training.probe import Probe
from soundgan.training.reference import Reference
from soundgan.training.selection import Selection
from soundgan.training.state import TrainState, new_state

CLIP = ClipSpec(8000, 1024)
CPU = torch.device("cpu")


class AsItIs(Codec):
    """x [B, 1, N] is the waveform itself, as loud as the loudest clip allows."""

    def __init__(self, clip: ClipSpec) -> None:
        self.clip = clip
        self.shape = (1, clip.n_samples)
        self.silence = 0.0
        self._loudest = torch.ones(1)

    def fit(self, batches: Iterable[Tensor]) -> None:
        kept = list(batches)
        self._loudest = torch.stack([batch.abs().max() for batch in kept]).max()[None]
        self.outline = measure_outline(kept, self.clip.sample_rate)

    def statistics(self) -> dict[str, Tensor]:
        return {"loudest": self._loudest}

    def load_statistics(self, statistics: dict[str, Tensor]) -> None:
        self._loudest = statistics["loudest"]

    def encode(self, waveforms: Tensor) -> Tensor:
        return (waveforms / self._loudest)[:, None]

    def waveforms(self, x: Tensor, seeds: Sequence[int]) -> Tensor:
        return x[:, 0].clamp(-1.0, 1.0) * self._loudest

    def pictures(self, x: Tensor) -> Tensor:
        return whole_view(self.waveforms(x, ())[:, None], self.clip.sample_rate)


class Tones:
    """Decaying tones with a peak of 0.4."""

    def __init__(self, n: int = 40) -> None:
        seconds = np.arange(CLIP.n_samples) / CLIP.sample_rate
        pitch = 200.0 * 1.05 ** np.arange(n)[:, None]
        waves = np.sin(2 * math.pi * pitch * seconds) * np.exp(-12 * seconds)
        self.samples = (0.4 * waves / np.abs(waves).max(axis=1, keepdims=True)).astype(np.float32)

    def waveforms(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        return self.samples[indices]


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    loaded = load_config(
        "tiny",
        [
            "generator={name='mlp',options={latent_dim=8,hidden=8}}",
            "discriminator={name='mlp',options={hidden=8}}",
            "loss={name='non_saturating',options={}}",
            "augmentation.names=[]",
            "augmentation.options={}",
            "training.batch_size=4",
        ],
    )
    return replace(assemble(loaded.config, CLIP, (), "toy"), codec=AsItIs(CLIP))


@pytest.fixture(scope="module")
def clips(assembly: Assembly) -> EncodedClips:
    return EncodedClips.fitting(Tones(), np.arange(40), assembly.codec)


@pytest.fixture(scope="module")
def trained(assembly: Assembly, clips: EncodedClips) -> TrainState:
    state = new_state(assembly, device=CPU)
    fit(state, Batches(clips, None, batch_size=4, seed=0), [], until=6)
    return state


def test_its_x_comes_back_as_the_clip_and_at_its_peak(
    assembly: Assembly, clips: EncodedClips
) -> None:
    x = clips.spread(40)
    assert x.shape == (40, 1, CLIP.n_samples)
    assert float(x.abs().max()) == 1.0
    sounds = assembly.codec.decode(x, range(40))
    torch.testing.assert_close(sounds, torch.from_numpy(Tones().samples))


def test_training_moves_both_networks_and_can_be_repeated(
    assembly: Assembly, clips: EncodedClips, trained: TrainState
) -> None:
    again = new_state(assembly, device=CPU)
    start = {name: value.clone() for name, value in again.generator.state_dict().items()}
    fit(again, Batches(clips, None, batch_size=4, seed=0), [], until=6)
    for name, value in trained.generator.state_dict().items():
        assert torch.equal(again.generator.state_dict()[name], value)
    moved = trained.generator.state_dict()["to_image.weight"] - start["to_image.weight"]
    assert float(moved.abs().max()) > 0


@pytest.mark.parametrize("name", LOSSES.names())
def test_every_loss_takes_it(name: str, assembly: Assembly, clips: EncodedClips) -> None:
    loss = assembly.config.loss.model_copy(update={"name": name, "options": {}})
    config = assembly.config.model_copy(update={"loss": loss})
    state = new_state(replace(assembly, config=config), device=CPU)
    fit(state, Batches(clips, None, batch_size=4, seed=0), [], until=1)
    assert all(bool(weight.isfinite().all()) for weight in state.generator.parameters())


def test_sounds_are_made_by_seed(assembly: Assembly, trained: TrainState) -> None:
    description = ModelDescription(assembly.config, CLIP, (), {})
    model = LoadedModel(description, trained.ema, assembly.codec, sha256="")
    sounds = list(synthesise(model, range(5), batch_size=2, jobs=2))
    (fourth,) = synthesise(model, [3])
    assert torch.equal(sounds[3].waveform, fourth.waveform)
    assert sounds[0].image.shape == (1, CLIP.n_samples)
    for sound in sounds:
        assert sound.waveform.shape == (CLIP.n_samples,)
        assert float(sound.waveform.abs().max()) == pytest.approx(0.4, abs=1e-3)


def test_what_is_measured_is_measured_on_its_pictures(
    assembly: Assembly, clips: EncodedClips, trained: TrainState
) -> None:
    reference = Reference(assembly.codec, clips.at(np.arange(32)))
    validation = clips.at(np.arange(32, 40))
    assert reference.pictures.shape == (32, 64, 64)
    distance = Selection(reference, validation, None, n_sounds=8, seed=0).measure(trained.ema)
    assert math.isfinite(distance)
    found = Probe(reference, validation, None, latent_dim=8, seed=0)(trained)
    assert {"diversity", "nearest_ratio", "silent"} <= found.keys()


def test_what_only_images_can_do_is_refused_in_a_line(assembly: Assembly) -> None:
    table = assembly.config.augmentation.model_copy(update={"names": ("gain",)})
    config = assembly.config.model_copy(update={"augmentation": table})
    with pytest.raises(ConfigError, match=r"^toy: augmentation\.names: for images only"):
        replace(assembly, config=config).augmenter()
    with pytest.raises(UsageError, match="as spectrograms"):
        spectrograms_of(assembly.codec)
    convolutions = load_config("tiny", ["generator.name=dcgan", "generator.options={}"]).config
    with pytest.raises(ConfigError, match=r"dcgan is for images.*gets 1 x 1024; choose mlp"):
        replace(assembly, config=convolutions).generator()
