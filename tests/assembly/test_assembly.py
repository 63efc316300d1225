"""What a config asks for is built once, and fits together."""

from __future__ import annotations

import pytest
import torch

from soundgan.assembly.assembly import Assembly, assemble
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.config.load import load_config
from soundgan.errors import ConfigError
from soundgan.shapes import ClipSpec

CLIP = ClipSpec(8000, 2048)


def built(*overrides: str, labels: tuple[str, ...] = ("kick", "snare")) -> Assembly:
    return assemble(load_config("tiny", list(overrides)).config, CLIP, labels, "tiny.toml")


def test_networks_and_codec_agree_on_the_shape() -> None:
    assembly = built("representation.height=64", "representation.channels=3")
    generator, discriminator = assembly.generator(), assembly.discriminator()
    assert assembly.codec.shape == generator.shape == discriminator.shape == (3, 64, 32)
    x = generator.eval()(torch.zeros(2, generator.latent_dim), torch.tensor([0, 1]))
    assert x.shape == (2, *assembly.codec.shape)
    assert discriminator(x, torch.tensor([0, 1])).shape[0] == 2


def test_an_assembly_of_a_resolved_config_is_the_same() -> None:
    first = built()
    again = assemble(first.config, CLIP, first.labels, first.place)
    assert first.config == again.config
    one, other = first.generator().state_dict(), again.generator().state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    options = [spectrograms_of(a.codec).representation.options for a in (first, again)]
    assert options[0] == options[1]


def test_weights_follow_from_the_seed_and_leave_torchs_own_stream_alone() -> None:
    before = torch.get_rng_state()
    first, other = built().generator(), built("training.seed=1").generator()
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.equal(next(first.parameters()), next(other.parameters()))


@pytest.mark.parametrize(
    ("labels", "dropout", "expected"),
    [((), 0.0, None), (("a", "b"), 0.0, 2), (("a", "b"), 0.5, 3)],
)
def test_no_label_is_one_more_class_for_the_networks(
    labels: tuple[str, ...], dropout: float, expected: int | None
) -> None:
    assembly = built(f"data.label_dropout={dropout}", labels=labels)
    assert assembly.n_classes == (len(labels) or None)
    assert assembly.generator().n_classes == assembly.discriminator().n_classes == expected


def test_another_length_changes_nothing_else() -> None:
    assembly = built()
    longer = assembly.with_steps(77)
    assert longer.config.training.steps == 77
    assert longer.codec is assembly.codec
    rest = longer.config.model_copy(update={"training": assembly.config.training})
    assert rest == assembly.config


def test_augmentations_are_told_where_silence_is() -> None:
    assembly = built('augmentation.names=["gain","time_mask"]')
    assembly.codec.silence = -0.5
    assert [part.silence for part in assembly.augmenter().parts] == [-0.5, -0.5]


def test_what_does_not_go_together_is_refused_by_its_key() -> None:
    grouped = "discriminator={name='convt',options={minibatch_std=4}}"
    assembly = built("training.batch_size=6", grouped)
    discriminator = assembly.discriminator()
    with pytest.raises(ConfigError, match=r"^tiny\.toml: training\.batch_size: 6 is not a multi"):
        assembly.loss(discriminator)
    with pytest.raises(ConfigError, match=r"^tiny\.toml: augmentation\.options\.gain: not among"):
        built("augmentation.options={gain={}}", "augmentation.names=[]").augmenter()
