"""There may be no other device here: a copy of the generator stands for one.

The check compares the model's generator with a copy on the device. A generator whose copies damage
their images is therefore what a faulty device looks like.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from soundgan.errors import OutputError
from soundgan.inference import parity
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.parity import TOLERANCE, cached_parity, check_parity
from soundgan.models.contract import Generator
from tests.inference.conftest import LABELS, write_model

CPU = torch.device("cpu")
Damage = Callable[[Tensor], Tensor]


class OnFaultyDevice(Generator):
    """A generator as it is, until it is copied."""

    def __init__(self, true: Generator, damage: Damage, *, copied: bool = False) -> None:
        super().__init__(true.shape, true.n_classes)
        self.latent_dim = true.latent_dim
        self.true, self.damage, self.copied = true, damage, copied

    def __deepcopy__(self, memo: dict[int, Any]) -> OnFaultyDevice:
        return OnFaultyDevice(copy.deepcopy(self.true, memo), self.damage, copied=True)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        images: Tensor = self.true(z, labels)
        return self.damage(images) if self.copied else images


@pytest.fixture(scope="module", params=[LABELS, ()], ids=["labels", "none"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    path = tmp_path_factory.mktemp("m") / "model.safetensors"
    return load_model(write_model(path, labels=request.param))


def faulty(model: LoadedModel, damage: Damage) -> LoadedModel:
    return replace(model, generator=OnFaultyDevice(model.generator, damage).eval())


def nan_in_one_pixel(images: Tensor) -> Tensor:
    images[-1, 0, 3, 3] = torch.nan
    return images


def neighbours_swapped(images: Tensor) -> Tensor:
    return images if len(images) == 1 else images.roll(1, 0)


def first_repeated(images: Tensor) -> Tensor:
    return images[:1].expand_as(images)


def later_rows_wrong(images: Tensor) -> Tensor:
    images[4:] = -images[4:]
    return images


def out_of_memory(images: Tensor) -> Tensor:
    if len(images) == 1:
        return images
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nAnd much more")


def not_linked(images: Tensor) -> Tensor:
    raise AssertionError("Torch not compiled with CUDA enabled")


def no_such_type(images: Tensor) -> Tensor:
    raise TypeError("Cannot convert a MPS Tensor to float64")


def test_the_cpu_passes_against_itself(model: LoadedModel) -> None:
    found = check_parity(model, CPU)
    assert (found.passed, found.why) == (True, "")
    assert found.worst is not None
    assert found.worst < 1e-5


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_sixteen_bits_round_more_and_pass_all_the_same(
    precision: torch.dtype, model: LoadedModel
) -> None:
    found = check_parity(model, CPU, precision)
    assert found.passed
    assert found.worst is not None
    assert found.worst > found.tolerance / 1000  # or nothing was computed in 16 bits


@pytest.mark.parametrize("rounding", [1e-6, 4e-3])
def test_rounding_passes(rounding: float, model: LoadedModel) -> None:
    noise = torch.Generator().manual_seed(1)

    def round_a_little(images: Tensor) -> Tensor:
        off = 2 * torch.rand(images.shape, generator=noise) - 1
        return images + rounding * images.abs().max() * off

    found = check_parity(faulty(model, round_a_little), CPU)
    assert found.passed
    assert found.worst == pytest.approx(rounding * found.tolerance / 0.02, rel=0.3)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (torch.zeros_like, "its images are the same grey all over"),
        (lambda images: torch.full_like(images, -1), "its images are the same grey all over"),
        (nan_in_one_pixel, "its images hold values that are not finite"),
        (lambda images: images * torch.nan, "its images hold values that are not finite"),
        (neighbours_swapped, "images of a batch are mixed up"),
        (first_repeated, "images of a batch are mixed up"),
        (later_rows_wrong, "when several are made together"),
        (lambda images: images + 0.1, "its images differ from the CPU's by up to 0.1"),
        (lambda images: images[:, :, :-1], "its images have the shape"),
        (out_of_memory, "it fails: CUDA out of memory. Tried to allocate 2.00 GiB."),
        (not_linked, "it fails: Torch not compiled with CUDA enabled"),
        (no_such_type, "it fails: Cannot convert a MPS Tensor to float64"),
    ],
)
def test_a_faulty_device_fails_and_the_reason_says_how(
    damage: Damage, why: str, model: LoadedModel
) -> None:
    found = check_parity(faulty(model, damage), CPU)
    assert not found.passed
    assert why in found.why
    assert "\n" not in found.why


def test_a_wrong_pixel_among_all_is_enough(model: LoadedModel) -> None:
    def one_pixel(images: Tensor) -> Tensor:
        images[-1, 0, 2, 5] += 0.05 * images.abs().max()
        return images

    assert not check_parity(faulty(model, one_pixel), CPU).passed


@pytest.mark.parametrize("level", [0.0, -1.0])
def test_images_that_are_grey_on_the_cpu_too_are_no_fault(level: float, model: LoadedModel) -> None:
    flat = OnFaultyDevice(model.generator, lambda images: torch.full_like(images, level))
    assert check_parity(replace(model, generator=copy.deepcopy(flat)), CPU).passed


def test_the_model_is_left_as_it_was(model: LoadedModel) -> None:
    before = copy.deepcopy(model.generator.state_dict())
    check_parity(model, CPU, torch.bfloat16)
    after = model.generator.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert not model.generator.training


def test_the_device_works_on_the_layout_that_synthesis_uses(model: LoadedModel) -> None:
    laid_out: list[bool] = []

    class Watched(OnFaultyDevice):
        def __deepcopy__(self, memo: dict[int, Any]) -> Watched:
            return Watched(copy.deepcopy(self.true, memo), self.damage, copied=True)

        def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
            kernels = [weight for weight in self.parameters() if weight.dim() == 4]
            laid_out.extend(
                weight.is_contiguous(memory_format=torch.channels_last)
                for weight in kernels
                if self.copied
            )
            return super().forward(z, labels)

    check_parity(replace(model, generator=Watched(model.generator, lambda images: images)), CPU)
    assert laid_out
    assert all(laid_out)


def test_a_device_that_is_not_there_fails(model: LoadedModel) -> None:
    found = check_parity(model, torch.device("cuda:63"))
    assert (found.passed, found.worst) == (False, None)
    assert found.why.startswith("it fails: ")


# -- the cache -------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "parity"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by the model's hash with each check that is really made."""
    made: list[str] = []

    def check(model: LoadedModel, *rest: Any) -> parity.Parity:
        made.append(model.sha256)
        return check_parity(model, *rest)

    monkeypatch.setattr(parity, "check_parity", check)
    return made


def test_a_pass_is_remembered(model: LoadedModel, cache: Path, checks: list[str]) -> None:
    first = cached_parity(model, CPU)
    assert cached_parity(model, CPU) == first
    assert len(checks) == 1
    assert len(list(cache.iterdir())) == 1


def test_a_failure_is_looked_at_again(model: LoadedModel, cache: Path, checks: list[str]) -> None:
    broken = faulty(model, torch.zeros_like)
    assert not cached_parity(broken, CPU).passed
    assert not cached_parity(broken, CPU).passed
    assert len(checks) == 2
    assert not cache.exists()


def test_another_model_precision_torch_or_device_is_checked_anew(
    model: LoadedModel, cache: Path, checks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_parity(model, CPU)
    cached_parity(replace(model, sha256="0" * 64), CPU)
    cached_parity(model, CPU, torch.bfloat16)
    monkeypatch.setattr(torch, "__version__", "9.9.9")
    cached_parity(model, CPU)
    monkeypatch.setattr(parity, "_full_name", lambda device: "another")
    cached_parity(model, CPU)
    monkeypatch.setattr(parity, "CHECK", parity.CHECK + 1)
    cached_parity(model, CPU)
    assert len(checks) == len(list(cache.iterdir())) == 6


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe{",
        b"[]",
        b'{"passed": true}',
        b'{"key": 5, "passed": true, "worst": 0.0, "tolerance": 1.0}',
    ],
)
def test_a_damaged_note_is_replaced_after_a_new_check(
    content: bytes, model: LoadedModel, cache: Path, checks: list[str]
) -> None:
    found = cached_parity(model, CPU)
    (note,) = cache.iterdir()
    whole = note.read_bytes()
    note.write_bytes(content)
    assert cached_parity(model, CPU) == found
    assert len(checks) == 2
    assert note.read_bytes() == whole


@pytest.mark.parametrize("change", [{"worst": 0.5}, {"worst": None}, {"tolerance": "much"}])
def test_a_note_whose_numbers_are_no_pass_counts_for_nothing(
    change: dict[str, object], model: LoadedModel, cache: Path, checks: list[str]
) -> None:
    cached_parity(model, CPU)
    (note,) = cache.iterdir()
    note.write_text(json.dumps(json.loads(note.read_text()) | change))
    assert cached_parity(model, CPU).passed
    assert len(checks) == 2


def test_without_a_usable_cache_every_time_is_the_first(
    model: LoadedModel, tmp_path: Path, checks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path / "file"))
    assert cached_parity(model, CPU).passed
    monkeypatch.delenv("SOUNDGAN_CACHE")
    monkeypatch.setattr(parity, "cache_folder", no_folder)
    assert cached_parity(model, CPU).passed
    assert len(checks) == 2


def no_folder() -> Path:
    raise OutputError("no folder for caches")


def test_a_device_too_broken_to_say_its_name_fails(model: LoadedModel, cache: Path) -> None:
    assert not cached_parity(model, torch.device("cuda:63")).passed
    assert not cache.exists()


@pytest.mark.slow
@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16])
def test_the_bundled_model_keeps_far_from_the_tolerances(precision: torch.dtype) -> None:
    package = Path(parity.__file__).parents[1]
    found = check_parity(load_model(package / "bundled/drums.safetensors"), CPU, precision)
    assert found.worst is not None
    # float16 rounds as TF32 does, which float32 has to allow for.
    stands_for = torch.float32 if precision == torch.float16 else precision
    assert found.worst < TOLERANCE[stands_for] / 3
