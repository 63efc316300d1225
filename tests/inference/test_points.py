"""Where an address lies in the space of a model, and what sound is made there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.addresses.address import encode_label
from soundgan.addresses.parse import parse_address
from soundgan.errors import UsageError
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.latents import draw_latents
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.points import Point, full_address, has_takes, moved, point_of, slerp
from soundgan.inference.projection import image_distance_db
from soundgan.inference.synthesis import synthesise, synthesise_points
from soundgan.pipelines.find_model import bundled_models
from tests.inference.conftest import LABELS, write_model


@pytest.fixture(scope="module")
def drums() -> LoadedModel:
    return load_model(bundled_models()["drums"])


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A model whose sounds follow from their codes alone, which also knows sounds of no class."""
    path = tmp_path_factory.mktemp("m") / "model.safetensors"
    return load_model(write_model(path, "generator.name=dcgan", "data.label_dropout=0.2"))


def at(model: LoadedModel, text: str) -> Point:
    return point_of(model, parse_address(text))


def heard(model: LoadedModel, *texts: str) -> list[Tensor]:
    points = [at(model, text) for text in texts]
    return [sound.waveform for sound in synthesise_points(model, points)]


def test_a_seed_names_the_sound_that_generate_makes_of_it(drums: LoadedModel) -> None:
    kick = drums.description.labels.index("kick")
    (plain,) = synthesise(drums, [42])
    (labelled,) = synthesise(drums, [42], labels=[kick])
    (truncated,) = synthesise(drums, [42], truncation=0.8)
    seeds = heard(drums, "42", "42:kick", "42~trunc0.8")
    for sound, waveform in zip((plain, labelled, truncated), seeds, strict=True):
        assert torch.equal(sound.waveform, waveform)


def test_a_sound_does_not_depend_on_those_made_beside_it(drums: LoadedModel) -> None:
    texts = ["7", "7:kick=0.7:snare=0.3", "7~take1", "7:hat+8:kick", "7:tom~vary1@0.4"]
    together = heard(drums, *texts)
    points = [at(drums, text) for text in reversed(texts)]
    apart = list(synthesise_points(drums, points, batch_size=2, jobs=1))[::-1]
    assert all(torch.equal(a, b.waveform) for a, b in zip(together, apart, strict=True))
    assert not any(torch.equal(together[0], other) for other in together[1:])


@pytest.mark.parametrize(
    "text",
    ["42:kick~vary9@0", "42:kick@1+43:snare@0", "43:snare@0+42:kick@3", "42:kick=5",
     "42:kick~trunc1", "42:snare=0:kick=1", "{42:kick+43:snare@0}~vary1@0",
     "42:kick+42:kick"],
)  # fmt: skip
def test_what_changes_nothing_is_the_same_bytes(text: str, drums: LoadedModel) -> None:
    assert torch.equal(*heard(drums, "42:kick", text))


def test_a_take_keeps_the_code_and_a_variation_the_grain(drums: LoadedModel) -> None:
    first, take, step = (at(drums, text) for text in ("42", "42~take1", "42~vary1@0.5"))
    assert has_takes(drums)
    assert torch.equal(first.code, take.code)
    assert torch.equal(first.grain, step.grain)
    assert not torch.equal(first.grain, take.grain)
    assert not torch.equal(first.code, step.code)


def test_a_variation_goes_a_quarter_circle_towards_another_code() -> None:
    code, away = torch.eye(2)
    for strength in (0.0, 0.3, 1.0):
        expected = [np.cos(np.arcsin(strength)), strength]
        np.testing.assert_allclose(moved(code, away, strength), expected, atol=1e-7)


def test_the_codes_of_seeds_are_where_they_always_were(drums: LoadedModel) -> None:
    """Frozen: an address names the same sound in every later version."""
    frozen = {
        "42": (-1.1280706, 1.6611375, 2186.883),
        "42:kick~vary5@0.3": (-1.3801495, 1.6611375, 2187.676),
        "42~take2": (-1.1280706, 2.244199, 2248.81),
        "{42:kick@0.25+43:snare@0.75}~vary1@0.5~take1~trunc0.8": (0.1957798, 0.3466876, 1758.527),
    }
    numbers = CodeNumbers("0" * 64, tuple(i / 64 for i in range(64)), 7)
    assert numbers.hash == "f9faedb64827f261"
    frozen |= {
        "42:kick~codef9faedb64827f261@-1.5~vary2@0.2": (-0.74776459, 1.6611375, 2190.6709),
        "codef9faedb64827f261:kick~vary1@0.3": (0.027912093, 1.020718, 2256.2478),
    }
    for text, (first, last, size) in frozen.items():
        latent = point_of(drums, parse_address(text), {numbers.hash: numbers}).latent
        found = (float(latent[0]), float(latent[-1]), float(latent.abs().sum()))
        assert found == pytest.approx((first, last, size), rel=1e-6)


def test_slerp_keeps_angles_and_goes_evenly_in_length() -> None:
    first, second = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 4.0])
    third = slerp(first, second, 1 / 3)
    angle = np.pi / 6
    np.testing.assert_allclose(third, (8 / 3) * np.array([np.cos(angle), np.sin(angle)]), rtol=1e-6)
    assert torch.allclose(slerp(first, -first, 0.25), torch.tensor([1.0, 0.0]))
    assert torch.allclose(slerp(first, 0 * first, 0.5), torch.tensor([1.0, 0.0]))


def test_the_grain_of_a_morph_is_as_loud_as_each(drums: LoadedModel) -> None:
    for text in ("1+2", "1+2@3+3@0.5"):
        assert float(at(drums, text).grain.std()) == pytest.approx(1.0, abs=0.05)


def test_classes_are_mixed_by_their_shares(drums: LoadedModel) -> None:
    names = drums.description.labels
    kick, snare, hat = map(names.index, ("kick", "snare", "hat"))
    assert at(drums, "1:kick=3:snare=1").shares == {kick: 0.75, snare: 0.25}
    assert at(drums, "1:kick+2:snare@3").shares == {kick: 0.25, snare: 0.75}
    assert at(drums, "1:kick:hat@2+2:kick@2").shares == {kick: 0.75, hat: 0.25}
    assert at(drums, "{1:kick+2:snare}:hat").shares == {hat: 1.0}


@pytest.mark.parametrize("label_dim", [0, 8])
def test_shares_of_one_class_are_that_class(label_dim: int, tmp_path: Path) -> None:
    path = write_model(
        tmp_path / "m.safetensors",
        "generator.name=dcgan",
        f"generator.options.label_dim={label_dim}",
    )
    generator = load_model(path).generator
    z = draw_latents([1], generator.latent_dim)
    shares = torch.eye(3)[1:2]
    assert torch.equal(generator(z, shares), generator(z, torch.tensor([1])))


def test_a_model_without_noise_says_that_it_has_no_takes(coded: LoadedModel) -> None:
    assert not has_takes(coded)
    with pytest.raises(UsageError, match=r"5~take1: this model has no takes"):
        at(coded, "5~take1")
    assert at(coded, "5~vary1@0.3").grain.shape == (0,)


def test_no_class_is_an_address_of_its_own(coded: LoadedModel, tmp_path: Path) -> None:
    (free,) = synthesise(coded, [5], labels=[len(LABELS)])
    (made,) = synthesise_points(coded, [at(coded, "5:")])
    assert torch.equal(made.waveform, free.waveform)
    assert made.label is None
    taught = load_model(write_model(tmp_path / "m.safetensors", "generator.name=mlp"))
    with pytest.raises(UsageError, match="without a class"):
        at(taught, "5:")


def test_the_class_that_a_seed_draws_is_written_out(drums: LoadedModel, coded: LoadedModel) -> None:
    (sound,) = synthesise(drums, [42])
    assert sound.label is not None
    name = drums.description.labels[sound.label]
    full = full_address(drums, parse_address("42~take1"), {})
    assert str(full) == f"42:{encode_label(name)}~take1"
    assert str(full_address(drums, parse_address("1+2"), {})) == "1+2"
    assert str(full_address(coded, parse_address("3:"), {})) == "3:"


def test_a_code_is_the_sound_of_its_numbers(drums: LoadedModel) -> None:
    seed = at(drums, "42:kick")
    numbers = CodeNumbers(drums.sha256, tuple(seed.code.tolist()), 42)
    address = parse_address(f"code{numbers.hash}:kick")
    found = point_of(drums, address, {numbers.hash: numbers})
    assert torch.equal(found.latent, seed.latent)
    assert (found.seed, found.shares) == (seed.seed, seed.shares)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1:kik", "class 'kik': no such class; did you mean 'kick'?"),
        ("1:kick=0.5:nothing", "class 'nothing': no such class; choose from clap, hat"),
        ("code0123456789abcdef:kick", "the file code0123456789abcdef.json is not in codes/"),
    ],
)
def test_what_the_model_cannot_make_is_refused(text: str, why: str, drums: LoadedModel) -> None:
    with pytest.raises(UsageError) as caught:
        at(drums, text)
    assert why in str(caught.value)


def test_a_code_needs_a_class_and_the_right_length(drums: LoadedModel) -> None:
    numbers = CodeNumbers(drums.sha256, (0.0,) * 64, 1)
    short = replace(numbers, code=(1.0,))
    codes = {numbers.hash: numbers, short.hash: short}
    with pytest.raises(UsageError, match="names no class; put one behind it"):
        point_of(drums, parse_address(f"code{numbers.hash}"), codes)
    with pytest.raises(UsageError, match="a code of another model"):
        point_of(drums, parse_address(f"code{short.hash}:kick"), codes)


def test_a_model_without_classes_takes_none(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path / "m.safetensors", "generator.name=mlp", labels=()))
    (sound,) = synthesise(model, [3])
    (made,) = synthesise_points(model, [at(model, "3")])
    assert torch.equal(made.waveform, sound.waveform)
    with pytest.raises(UsageError, match="trained without labels"):
        at(model, "3:kick")


@pytest.mark.slow
def test_a_variation_goes_further_away_with_every_step_of_its_strength() -> None:
    """In decibels between pictures, for each sound; rank correlation of at least 0.95."""
    model = load_model(bundled_models()["drums"])
    strengths = torch.linspace(0.0, 1.0, 11)
    for seed in range(10):
        points = [point_of(model, parse_address(f"{seed}~vary1@{s:g}")) for s in strengths.tolist()]
        images = torch.stack([sound.image for sound in synthesise_points(model, points)])
        distances = image_distance_db(images, images[0])
        ranks = distances.argsort().argsort().double()
        correlation = torch.corrcoef(torch.stack([ranks, strengths.double()]))[0, 1]
        assert correlation >= 0.95, (seed, distances.tolist())
