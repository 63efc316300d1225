from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from soundgan.config.load import check
from soundgan.errors import ConfigError
from soundgan.models.cost import count_parameters
from soundgan.models.resampling import double, halve
from soundgan.models.resnet_r3gan import (
    RECTIFIER_GAIN,
    ResNetDiscriminator,
    ResNetGenerator,
    ResNetGeneratorOptions,
    ResNetOptions,
    _Residual,
)
from soundgan.shapes import Shape

IMAGE = (1, 32, 16)


def make_generator(
    n_classes: int | None = None, image: Shape = IMAGE, **options: Any
) -> ResNetGenerator:
    torch.manual_seed(0)
    given = ResNetGeneratorOptions.model_validate({"width": 4} | options)
    return ResNetGenerator(given, image, n_classes)


def make_discriminator(
    n_classes: int | None = None, image: Shape = IMAGE, **options: Any
) -> ResNetDiscriminator:
    torch.manual_seed(0)
    return ResNetDiscriminator(
        ResNetOptions.model_validate({"width": 4} | options), image, n_classes
    )


def residuals(network: nn.Module) -> list[_Residual]:
    return [module for module in network.modules() if isinstance(module, _Residual)]


def wake(network: nn.Module) -> None:
    """Give every block something to add."""
    for block in residuals(network):
        nn.init.normal_(block.narrow.weight, 0.0, 0.2)


def images(n: int = 4) -> Tensor:
    return torch.randn(n, *IMAGE, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("height", [8, 16, 64, 128])
@pytest.mark.parametrize("width", [8, 16, 64, 256])
def test_every_power_of_two_fits_both_networks(height: int, width: int) -> None:
    image = (1, height, width)
    with torch.device("meta"):
        generator = make_generator(image=image, width=2)
        discriminator = make_discriminator(image=image, width=2)
        made = generator(torch.empty(2, 64))
        logits = discriminator(made)
    assert made.shape == (2, *image)
    assert logits.shape == (2, 1)
    assert min(generator.canvas.grid) == 4
    assert generator.canvas.grid[0] * width == generator.canvas.grid[1] * height


@pytest.mark.parametrize("patch", [[1, 1], [4, 2]])
@pytest.mark.parametrize("sides", [(96, 64), (75, 101), (33, 250)])
def test_other_sides_and_patches_fit_both_networks(
    sides: tuple[int, int], patch: list[int]
) -> None:
    image = (1, *sides)
    with torch.device("meta"):
        made = make_generator(image=image, width=2, patch=patch)(torch.empty(2, 64))
        logits = make_discriminator(image=image, width=2, patch=patch)(made)
    assert made.shape == (2, *image)
    assert logits.shape == (2, 1)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (
            (1, 7, 64),
            r"^representation\.height: 7 is too little for resnet_r3gan; choose 8 or more$",
        ),
        (
            (1, 64, 4),
            r"^representation\.width: 4 is too little for resnet_r3gan; choose 8 or more$",
        ),
    ],
)
def test_a_side_below_eight_pixels_is_refused(image: Shape, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make_generator(image=image)
    with pytest.raises(ConfigError, match=message):
        make_discriminator(image=image)


def test_sizes_follow_from_the_options() -> None:
    def trunk(widths: list[int], blocks: int, expansion: int, per_group: int) -> int:
        n = 0
        for channels in widths:
            inside = expansion * channels
            block = channels * inside + inside + 9 * inside * per_group + inside + inside * channels
            n += blocks * block
        return n + sum(a * b for a, b in pairwise(widths) if a != b)

    options: dict[str, Any] = {"max_channels": 8, "blocks": 2, "expansion": 2, "groups": 4}
    # 32 x 16 from 8 x 4 on: three sizes.
    expected = trunk([4, 8, 8], 2, 2, 4)
    generator = make_generator(3, label_dim=5, latent_dim=6, **options)
    ends = 3 * 5 + (6 + 5) * 8 + 8 * 8 * 4 + (4 + 1)  # labels, weigh, basis, to_image
    assert count_parameters(generator) == expected + ends
    discriminator = make_discriminator(3, **options)
    ends = (4 + 4) + 8 * 8 * 4 + (8 + 1) + 3 * 8  # from_image, basis, to_logit, labels
    assert count_parameters(discriminator) == expected + ends


def test_default_pair_has_under_two_million_weights_a_side() -> None:
    image = (1, 128, 64)
    generator = ResNetGenerator(ResNetGeneratorOptions(), image, 10)
    discriminator = ResNetDiscriminator(ResNetOptions(), image, 10)
    assert count_parameters(generator) == 1_764_449
    assert count_parameters(discriminator) == 1_733_889


def test_no_stage_is_wider_than_the_limit() -> None:
    generator = make_generator(image=(1, 64, 64), width=8, max_channels=20)
    discriminator = make_discriminator(image=(1, 64, 64), width=8, max_channels=20)
    assert [block.widen.in_channels for block in residuals(generator)] == [20, 20, 20, 16, 8]
    assert [block.widen.in_channels for block in residuals(discriminator)] == [8, 16, 20, 20, 20]


def test_every_block_starts_as_the_identity() -> None:
    for network in (make_generator(blocks=2), make_discriminator(blocks=2)):
        assert len(residuals(network)) == 6
        for block in residuals(network):
            hidden = torch.randn(2, block.widen.in_channels, 8, 4)
            assert torch.equal(block(hidden), hidden)


def test_first_generator_only_doubles_its_basis() -> None:
    generator = make_generator(max_channels=4)  # one width: transitions are nothing
    z = torch.randn(3, 64)
    start = generator.weigh(z)[:, :, None, None] * generator.basis
    torch.testing.assert_close(generator(z), generator.to_image(double(double(start))))


def test_first_discriminator_only_halves_what_its_basis_reads() -> None:
    discriminator = make_discriminator(max_channels=4)
    last = halve(halve(discriminator.from_image(images())))
    features = torch.einsum("bcft,cft->bc", last, discriminator.basis)
    expected = discriminator.to_logit(features)
    torch.testing.assert_close(discriminator(images()), expected)


@pytest.mark.parametrize("blocks", [1, 3])
def test_weights_inside_a_block_shrink_with_the_depth(blocks: int) -> None:
    for network in (
        make_generator(width=32, blocks=blocks),
        make_discriminator(width=32, blocks=blocks),
    ):
        share = (3 * blocks) ** -0.25
        for block in residuals(network):
            channels = block.widen.in_channels
            for layer, fan_in in ((block.widen, channels), (block.mix, 9 * channels)):
                expected = share * RECTIFIER_GAIN / fan_in**0.5
                assert layer.weight.std().item() == pytest.approx(expected, rel=0.1)
                assert layer.bias is not None
                assert not layer.bias.any()
            assert not block.narrow.weight.any()


def test_signals_keep_their_size_through_both_networks() -> None:
    made = make_generator(10, (1, 128, 64), width=16)(torch.randn(32, 64), torch.arange(32) % 10)
    assert 0.2 < made.std().item() < 2
    logits = make_discriminator(10, (1, 128, 64), width=16)(made, torch.arange(32) % 10)
    assert 0.1 < logits.std().item() < 5


@pytest.mark.parametrize("n_classes", [None, 3])
def test_gradients_reach_every_parameter_once_blocks_add_something(n_classes: int | None) -> None:
    labels = torch.arange(4) % 3 if n_classes else None
    generator, discriminator = make_generator(n_classes), make_discriminator(n_classes)
    wake(generator)
    wake(discriminator)
    (generator(torch.randn(4, 64), labels) * images()).sum().backward()
    discriminator(images(), labels).square().sum().backward()
    for network in (generator, discriminator):
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name


def test_gradients_wake_every_block_at_once() -> None:
    generator, discriminator = make_generator(blocks=2), make_discriminator(blocks=2)
    discriminator(generator(torch.randn(4, 64))).square().sum().backward()
    for network in (generator, discriminator):
        for block in residuals(network):
            slope = block.narrow.weight.grad
            assert slope is not None
            assert slope.abs().sum() > 0


def test_a_penalty_on_the_slope_reaches_every_weight() -> None:
    discriminator = make_discriminator(3)
    wake(discriminator)
    real = images().requires_grad_()
    logits = discriminator(real, torch.tensor([0, 1, 2, 0]))
    (slope,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
    slope.square().sum().backward()
    for name, parameter in discriminator.named_parameters():
        if not name.endswith("bias"):  # a network of straight pieces has no slope in them
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name


def test_second_derivative_is_that_of_finite_differences() -> None:
    discriminator = make_discriminator().double()
    wake(discriminator)
    weight = residuals(discriminator)[0].mix.weight

    def penalty() -> Tensor:
        real = images(2).double().requires_grad_()
        (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
        return slope.square().sum()

    (exact,) = torch.autograd.grad(penalty(), weight)
    step, values = 1e-5, []
    for change in (step, -2 * step):
        with torch.no_grad():
            weight[0, 0, 1, 1] += change
        values.append(penalty().item())
    slope = (values[0] - values[1]) / (2 * step)
    assert exact[0, 0, 1, 1].item() == pytest.approx(slope, rel=1e-3)


def test_images_and_verdicts_differ_by_label() -> None:
    generator, discriminator = make_generator(3), make_discriminator(3)
    z, zeros, ones = torch.randn(4, 64), torch.zeros(4).long(), torch.ones(4).long()
    assert (generator(z, zeros) - generator(z, ones)).abs().mean() > 0.05
    assert not torch.equal(discriminator(images(), zeros), discriminator(images(), ones))


def test_output_is_linear_and_reaches_silence() -> None:
    generator = make_generator()
    nn.init.zeros_(generator.to_image.weight)
    for level in (-1.0, -1.2, 0.3):
        nn.init.constant_(generator.get_parameter("to_image.bias"), level)
        assert (generator(torch.randn(2, 64)) == level).all()


def test_a_group_sees_only_itself() -> None:
    block = residuals(make_discriminator(width=8, groups=4))[0]
    wake(block)
    inside = torch.randn(1, 8, 5, 5, requires_grad=True)
    (gradient,) = torch.autograd.grad(block.mix(inside)[:, :4].sum(), inside)
    assert gradient[:, :4].all()
    assert not gradient[:, 4:].any()


def test_a_refused_option_is_named_as_in_the_config() -> None:
    with pytest.raises(ConfigError) as refusal:
        check(ResNetOptions, {"groups": 24}, "my.toml", prefix="discriminator.options.")
    assert str(refusal.value) == (
        "my.toml: discriminator.options.groups: 24 does not divide the 32 channels inside a block; "
        "choose a divisor, or 0 for dense convolutions"
    )


@pytest.mark.parametrize(
    ("options", "inside"),
    [
        ({"width": 12, "groups": 8}, 12),
        ({"width": 16, "max_channels": 100, "groups": 8}, 100),
        ({"width": 64, "max_channels": 12, "expansion": 2, "groups": 16}, 24),
    ],
)
def test_groups_that_do_not_divide_a_stage_are_refused(
    options: dict[str, Any], inside: int
) -> None:
    with pytest.raises(ValueError, match=f"does not divide the {inside} channels"):
        ResNetOptions(**options)
    with pytest.raises(ValueError, match="choose a divisor, or 0 for dense"):
        ResNetGeneratorOptions(**options)
