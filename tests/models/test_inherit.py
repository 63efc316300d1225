from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.models.contract import Generator
from soundgan.models.inherit import Misfit, find_misfit, inherited
from tests.families import make
from tests.sampling import first_always

SHAPE = (1, 32, 32)
SMALL: dict[str, dict[str, Any]] = {
    "convt": {"width": 4},
    "dcgan": {"width": 4},
    "mlp": {"hidden": 4},
    "resnet_r3gan": {"width": 4},
    "resnet9": {"width": 4},
}
NAMED = ["convt", "embedded mlp", "mlp", "dcgan", "resnet_r3gan", "resnet9", "spectral convt"]


def built(registry: Any, name: str, n_classes: int | None) -> Any:
    """A small network; a word before its name is an option."""
    word, _, kind = name.rpartition(" ")
    options = dict(SMALL[kind])
    if word == "embedded":
        options["label_dim"] = 3
    if word == "spectral" and registry is DISCRIMINATORS:
        options["spectral_norm"] = True
    return make(registry, kind, SHAPE, n_classes, options=options).eval()


def handed_on(
    registry: Any, name: str, before: list[str | None], after: list[str | None]
) -> tuple[Any, Any]:
    """A network with weights of its own, and one that inherits them."""
    torch.manual_seed(3)
    old = built(registry, name, len(before) or None)
    with torch.no_grad():
        for parameter in old.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    new = built(registry, name, len(after) or None)
    build = partial(built, registry, name)
    assert find_misfit(old.state_dict(), build, before) is None
    new.load_state_dict(inherited(old.state_dict(), new, build, before, after))
    return old, new


def drawn(network: Generator, label: int | None) -> Tensor:
    """Two images of one label."""
    z = torch.randn(2, network.latent_dim, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        images: Tensor = network(z, None if label is None else torch.full((2,), label))
    return images


def judged(network: nn.Module, label: int | None) -> Tensor:
    x = torch.rand(4, *SHAPE, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.no_grad():
        logits: Tensor = network(x, None if label is None else torch.full((4,), label))
    return logits


generators = pytest.mark.parametrize(
    "name", first_always([name for name in NAMED if name.split()[-1] != "resnet9"], 3)
)
discriminators = pytest.mark.parametrize("name", first_always(NAMED, 3))


@generators
def test_a_class_makes_the_images_that_its_name_made(name: str) -> None:
    old, new = handed_on(GENERATORS, name, ["kick", "hat", None], ["clap", "hat", "kick", None])
    for after, before in ((1, 1), (2, 0), (3, 2)):
        assert torch.allclose(drawn(new, after), drawn(old, before), atol=1e-6)
    assert not torch.allclose(drawn(new, 0), drawn(new, 1), atol=1e-3)


@discriminators
def test_a_class_is_judged_as_its_name_was(name: str) -> None:
    old, new = handed_on(DISCRIMINATORS, name, ["kick", "hat", None], ["hat", "kick", None])
    for after, before in ((0, 1), (1, 0), (2, 2)):
        assert torch.allclose(judged(new, after), judged(old, before), atol=1e-5)


def test_as_many_classes_of_other_names_are_not_taken_for_the_old_ones() -> None:
    old, new = handed_on(GENERATORS, "convt", ["a", "b", None], ["b", "c", None])
    vectors, before = new.code.embedding.weight, old.code.embedding.weight
    assert torch.equal(vectors[0], before[1])
    assert torch.equal(vectors[2], before[2])
    distances = torch.cdist(vectors[1:2], before)
    assert distances.min() > 1.0, "drawn anew, and so as far from the others as they are"


def test_what_no_label_makes_begins_as_the_mean_of_the_classes() -> None:
    old, new = handed_on(GENERATORS, "convt", ["a", "b"], ["a", "b", None])
    before = old.code.embedding.weight
    assert torch.allclose(new.code.embedding.weight[2], before.mean(dim=0))


@generators
def test_the_first_classes_of_a_network_without_any_change_no_image(name: str) -> None:
    old, new = handed_on(GENERATORS, name, [], ["kick", "hat"])
    for label in (0, 1):
        assert torch.allclose(drawn(new, label), drawn(old, None), atol=1e-6)


def test_a_network_that_loses_its_classes_makes_what_it_made_without_a_label() -> None:
    old, new = handed_on(GENERATORS, "convt", ["kick", "hat", None], [])
    assert torch.allclose(drawn(new, None), drawn(old, 2), atol=1e-5)


@discriminators
def test_a_discriminator_gains_and_loses_classes(name: str) -> None:
    for before, after, label in (([], ["kick", "hat"], 1), (["kick", "hat"], [], None)):
        _, new = handed_on(DISCRIMINATORS, name, list(before), list(after))
        assert judged(new, label).isfinite().all()


def test_the_first_tensor_that_differs_is_named() -> None:
    old = built(GENERATORS, "convt", 3).state_dict()

    def wider(n_classes: int | None) -> nn.Module:
        return make(GENERATORS, "convt", SHAPE, n_classes, options={"width": 6})

    assert find_misfit(old, wider, ["a", "b", None]) == Misfit("start.weight", (256, 80), (384, 80))


def test_a_part_that_only_one_of_them_has_is_named() -> None:
    old = built(GENERATORS, "convt", None).state_dict()

    def noisy(n_classes: int | None) -> nn.Module:
        options = {"width": 4, "noise_injection": True}
        return make(GENERATORS, "convt", SHAPE, n_classes, options=options)

    assert find_misfit(old, noisy, []) == Misfit("strengths.0", None, (16, 1, 1))
