"""What every registered network must do, whatever its architecture."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.models.contract import Discriminator, Generator
from soundgan.shapes import Shape
from tests.families import make

N_CLASSES = 3
BATCH = 4
SMALL: dict[str, dict[str, object]] = {
    "dcgan": {"width": 4},
    "mlp": {"hidden": 4},
    "resnet9": {"width": 4},
    "resnet_r3gan": {"width": 4},
}
LINEAR_OUTPUT = {"resnet_r3gan"}
"""Generators that leave [-1, 1] now and then; whoever shows their images clamps them."""
IMAGES = [
    (1, 64, 64),
    (3, 64, 64),
    (1, 64, 128),
    (3, 128, 64),
]


def variants(base: dict[str, list[dict[str, object]]], names: tuple[str, ...]) -> list[object]:
    """Every registered part with its small options, and the named special ones on top."""
    return [
        pytest.param(name, SMALL.get(name, {}) | extra, id=f"{name}-{extra or 'default'}")
        for name in names
        for extra in ({}, *base.get(name, []))
    ]


GENERATOR_CASES = variants(
    {
        "convt": [
            {"noise_injection": True, "width": 4, "patch": [4, 2], "pixel_noise": 3},
            {"up": "nearest", "width": 4, "patch": [1, 8], "cosines": True},
        ],
        "dcgan": [
            {"norm": "batch"},
            {"norm": "conditional_batch", "label_dim": 5, "max_channels": 8},
            {"bias": True, "init_std": 0.0},
        ],
        "resnet_r3gan": [
            {"label_dim": 0, "blocks": 2, "expansion": 2, "groups": 4},
            {"patch": [2, 4]},
        ],
        "mlp": [{"label_dim": 5}],
    },
    GENERATORS.names(),
)
DISCRIMINATOR_CASES = variants(
    {
        "convt": [
            {"spectral_norm": True, "width": 4, "patch": [4, 2]},
            {"width": 4, "patch": [8, 1], "cosines": True},
        ],
        "dcgan": [
            {"spectral_norm": True},
            {"head": "projection", "spectral_norm": True, "bias": True, "max_channels": 8},
        ],
        "resnet9": [{"norm": "none"}],
        "resnet_r3gan": [{"blocks": 2, "expansion": 2, "groups": 4}, {"patch": [2, 4]}],
        "mlp": [{"label_dim": 5}],
    },
    DISCRIMINATORS.names(),
)


def make_generator(
    name: str, options: dict[str, object], image: Shape, n_classes: int | None
) -> Generator:
    torch.manual_seed(1)
    return make(GENERATORS, name, image, n_classes, options=options)


def make_discriminator(
    name: str, options: dict[str, object], image: Shape, n_classes: int | None
) -> Discriminator:
    torch.manual_seed(1)
    return make(DISCRIMINATORS, name, image, n_classes, options=options)


def latents(generator: Generator, n: int = BATCH) -> Tensor:
    return torch.randn(n, generator.latent_dim, generator=torch.Generator().manual_seed(2))


def images(image: Shape, n: int = BATCH) -> Tensor:
    return torch.rand(n, *image, generator=torch.Generator().manual_seed(3)) * 2 - 1


def labels(n: int = BATCH) -> Tensor:
    return torch.arange(n) % N_CLASSES


def stir(network: nn.Module) -> None:
    """Move what starts at zero, so that it does not block the way of gradients."""
    for parameter in network.parameters():
        if not parameter.any():
            nn.init.normal_(parameter, 0.0, 0.1)


def lazy_parameters(network: nn.Module) -> list[str]:
    return [
        name
        for name, parameter in network.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().sum() > 0
    ]


@pytest.mark.parametrize(("name", "options"), GENERATOR_CASES)
class TestGenerator:
    @pytest.mark.parametrize("image", IMAGES, ids=str)
    @pytest.mark.parametrize("n_classes", [None, N_CLASSES])
    def test_makes_images_of_the_declared_shape_and_range(
        self, name: str, options: dict[str, object], image: Shape, n_classes: int | None
    ) -> None:
        generator = make_generator(name, options, image, n_classes)
        made = generator(latents(generator), labels() if n_classes else None)
        assert made.shape == (BATCH, *image)
        limit = 12 if name in LINEAR_OUTPUT else 1
        assert made.abs().max() <= limit
        assert made.std() > 0

    @pytest.mark.parametrize("n_classes", [None, N_CLASSES])
    def test_moves_every_parameter(
        self, name: str, options: dict[str, object], n_classes: int | None
    ) -> None:
        generator = make_generator(name, options, IMAGES[2], n_classes)
        stir(generator)
        made = generator(latents(generator), labels() if n_classes else None)
        (made * images(IMAGES[2])).sum().backward()
        assert lazy_parameters(generator) == []

    def test_listens_to_its_labels(self, name: str, options: dict[str, object]) -> None:
        generator = make_generator(name, options, IMAGES[0], N_CLASSES).eval()
        z = latents(generator)
        zeros, ones = torch.zeros(BATCH, dtype=torch.int64), torch.ones(BATCH, dtype=torch.int64)
        assert not torch.equal(generator(z, zeros), generator(z, ones))

    def test_refuses_to_go_without_labels(self, name: str, options: dict[str, object]) -> None:
        generator = make_generator(name, options, IMAGES[0], N_CLASSES)
        with pytest.raises(ValueError, match="needs labels"):
            generator(latents(generator))

    def test_ignores_labels_without_classes(self, name: str, options: dict[str, object]) -> None:
        generator = make_generator(name, options, IMAGES[0], None).eval()
        z = latents(generator)
        assert torch.equal(generator(z, labels()), generator(z))

    def test_makes_a_sample_independent_of_its_batch_when_evaluating(
        self, name: str, options: dict[str, object]
    ) -> None:
        generator = make_generator(name, options, IMAGES[0], N_CLASSES)
        z = latents(generator, 9)
        generator(z, labels(9))  # gives batch norms statistics other than the initial ones
        generator.eval()
        together = generator(z, labels(9))
        alone = generator(z[4:5], labels(9)[4:5])
        torch.testing.assert_close(alone, together[4:5], rtol=1e-4, atol=1e-5)

    def test_is_restored_by_its_state(self, name: str, options: dict[str, object]) -> None:
        generator = make_generator(name, options, IMAGES[0], N_CLASSES)
        generator(latents(generator), labels())
        twin = make(GENERATORS, name, IMAGES[0], N_CLASSES, options=options)
        twin.load_state_dict(generator.state_dict())
        z = latents(generator)
        assert torch.equal(twin.eval()(z, labels()), generator.eval()(z, labels()))


@pytest.mark.parametrize(("name", "options"), DISCRIMINATOR_CASES)
class TestDiscriminator:
    @pytest.mark.parametrize("image", IMAGES, ids=str)
    @pytest.mark.parametrize("n_classes", [None, N_CLASSES])
    def test_gives_each_image_a_row_of_logits(
        self, name: str, options: dict[str, object], image: Shape, n_classes: int | None
    ) -> None:
        discriminator = make_discriminator(name, options, image, n_classes)
        logits = discriminator(images(image), labels() if n_classes else None)
        assert logits.ndim == 2
        assert logits.shape[0] == BATCH
        assert torch.isfinite(logits).all()

    @pytest.mark.parametrize("n_classes", [None, N_CLASSES])
    def test_moves_every_parameter(
        self, name: str, options: dict[str, object], n_classes: int | None
    ) -> None:
        discriminator = make_discriminator(name, options, IMAGES[2], n_classes)
        stir(discriminator)
        logits = discriminator(images(IMAGES[2]), labels() if n_classes else None)
        logits.square().sum().backward()
        assert lazy_parameters(discriminator) == []

    def test_listens_to_its_labels(self, name: str, options: dict[str, object]) -> None:
        discriminator = make_discriminator(name, options, IMAGES[0], N_CLASSES).eval()
        real = images(IMAGES[0])
        zeros, ones = torch.zeros(BATCH, dtype=torch.int64), torch.ones(BATCH, dtype=torch.int64)
        assert not torch.equal(discriminator(real, zeros), discriminator(real, ones))

    def test_refuses_to_go_without_labels(self, name: str, options: dict[str, object]) -> None:
        discriminator = make_discriminator(name, options, IMAGES[0], N_CLASSES)
        with pytest.raises(ValueError, match="needs labels"):
            discriminator(images(IMAGES[0]))

    def test_says_whether_it_mixes_the_samples_of_a_training_batch(
        self, name: str, options: dict[str, object]
    ) -> None:
        discriminator = make_discriminator(name, options, IMAGES[0], N_CLASSES)
        n = 2 * discriminator.group
        real = images(IMAGES[0], n).requires_grad_()
        first = discriminator(real, labels(n))[0].sum()
        (gradient,) = torch.autograd.grad(first, real)
        reached = gradient.flatten(1).abs().sum(1) > 0
        alone, group = discriminator.group == 1, discriminator.group
        assert reached[1:group].all() or alone
        assert reached[group:].any().item() == discriminator.mixes_samples

    def test_judges_a_group_independently_of_its_batch_when_evaluating(
        self, name: str, options: dict[str, object]
    ) -> None:
        discriminator = make_discriminator(name, options, IMAGES[0], N_CLASSES).eval()
        n = discriminator.group
        own = slice(2 * n, 3 * n)
        real = images(IMAGES[0], 4 * n)
        together = discriminator(real, labels(4 * n))
        alone = discriminator(real[own], labels(4 * n)[own])
        torch.testing.assert_close(alone, together[own], rtol=1e-4, atol=1e-5)

    def test_is_restored_by_its_state(self, name: str, options: dict[str, object]) -> None:
        discriminator = make_discriminator(name, options, IMAGES[0], N_CLASSES)
        real = images(IMAGES[0])
        discriminator(real, labels())
        twin = make(DISCRIMINATORS, name, IMAGES[0], N_CLASSES, options=options)
        twin.load_state_dict(discriminator.state_dict())
        # In training mode: power iterations and batch statistics go on from the same place.
        for _ in range(2):
            assert torch.equal(twin(real, labels()), discriminator(real, labels()))


@pytest.mark.parametrize("make", [make_generator, make_discriminator])
def test_weights_follow_from_the_seed(make: object) -> None:
    first, second = (make("dcgan", SMALL["dcgan"], IMAGES[0], N_CLASSES) for _ in range(2))  # type: ignore[operator]
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)
