"""A model's own sounds are found again, and the way there never leads away."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from soundgan.addresses.address import Address, Share
from soundgan.inference import projection
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.points import point_of
from soundgan.inference.projection import Bank, image_distance_db, make_bank, project
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.find_model import bundled_models


@pytest.fixture(scope="module")
def drums() -> LoadedModel:
    return load_model(bundled_models()["drums"])


@pytest.fixture(scope="module")
def bank(drums: LoadedModel) -> Bank:
    return make_bank(drums, 60)


@pytest.fixture(scope="module")
def target(drums: LoadedModel) -> Tensor:
    plain = replace(drums, codec=drums.codec.with_levels(None))
    kick = drums.description.labels.index("kick")
    return next(synthesise(plain, [7], labels=[kick])).image


def test_a_sound_of_the_model_is_come_nearer_than_any_of_the_bank(
    drums: LoadedModel, bank: Bank, target: Tensor
) -> None:
    found = project(drums, bank, target)
    assert drums.description.labels[found.label] == "kick"
    assert found.distance_db < 0.8 * found.bank_db
    assert len(found.numbers.code) == 64
    assert sum(x * x for x in found.numbers.code) ** 0.5 <= 1.3 * 8 * (1 + 1e-6)


def test_the_distance_is_that_of_the_sound_that_the_address_makes(
    drums: LoadedModel, bank: Bank, target: Tensor
) -> None:
    found = project(drums, bank, target)
    name = drums.description.labels[found.label]
    address = Address(found.numbers.source, (Share(name),))
    point = point_of(drums, address, {found.numbers.hash: found.numbers})
    with torch.inference_mode():
        image = drums.generator(point.latent[None], torch.tensor([found.label]))
    assert float(image_distance_db(image, target[None])) == found.distance_db


@pytest.mark.slow
def test_the_result_does_not_depend_on_threads(
    drums: LoadedModel, bank: Bank, target: Tensor
) -> None:
    before = torch.get_num_threads()
    found: list[CodeNumbers] = []
    try:
        for n_threads in (1, 2):
            torch.set_num_threads(n_threads)
            found.append(project(drums, bank, target, 0).numbers)
    finally:
        torch.set_num_threads(before)
    assert found[0] == found[1]


def test_without_steps_it_is_the_nearest_of_the_bank(
    drums: LoadedModel, bank: Bank, target: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "STEPS", 0)
    found = project(drums, bank, target, drums.description.labels.index("kick"))
    assert found.distance_db == found.bank_db


def test_a_class_that_is_asked_for_is_kept(drums: LoadedModel, bank: Bank, target: Tensor) -> None:
    snare = drums.description.labels.index("snare")
    assert project(drums, bank, target, snare).label == snare


def test_ten_decibels_everywhere_are_ten_decibels() -> None:
    image = torch.zeros(1, 1, 4, 4)
    assert float(image_distance_db(image, image + 0.25)) == 10.0
