from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from soundgan.losses.relativistic import Relativistic, RelativisticOptions
from soundgan.losses.wasserstein import Wasserstein, WassersteinOptions
from soundgan.models.contract import Discriminator, Generator
from soundgan.models.convt import ConvTDiscriminator, ConvTDiscriminatorOptions
from soundgan.models.cost import (
    activation_numbers,
    count_parameters,
    forward_flops,
    training_step_flops,
)
from soundgan.models.dcgan import (
    DCGANDiscriminator,
    DCGANDiscriminatorOptions,
    DCGANGenerator,
    DCGANGeneratorOptions,
)
from soundgan.models.mlp import MLPGenerator, MLPGeneratorOptions
from soundgan.models.resnet9 import ResNet9Discriminator, ResNet9Options

IMAGE = (1, 32, 16)


def dcgan_generator() -> Generator:
    options = DCGANGeneratorOptions(latent_dim=5, width=6)
    return DCGANGenerator(options, IMAGE, None)


def dcgan_discriminator() -> Discriminator:
    return DCGANDiscriminator(DCGANDiscriminatorOptions(width=4), IMAGE, None)


def flops(work: Callable[[], object]) -> int:
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


@pytest.mark.parametrize("spectral_norm", [False, True])
def test_activations_are_the_outputs_of_all_layers_whatever_divides_their_weights(
    *, spectral_norm: bool
) -> None:
    options = ConvTDiscriminatorOptions(
        width=4, features=5, minibatch_std=0, spectral_norm=spectral_norm
    )
    stages = 16 * 8 * 4 + 8 * 4 * 8  # halved twice from 32 x 16
    assert activation_numbers(ConvTDiscriminator(options, IMAGE, None)) == stages + 5 + 1


def test_parameters_of_a_generator_are_those_of_its_kernels() -> None:
    expected = 5 * 12 * 16 + 12 * 12 * 12 + 12 * 6 * 16 + 6 * 1 * 16
    assert count_parameters(dcgan_generator()) == expected


def test_transposed_convolution_costs_a_kernel_per_input_pixel() -> None:
    start = 5 * 12 * 16 * 1
    stretch = 12 * 12 * (4 * 3) * (4 * 4)
    double = 12 * 6 * 16 * (8 * 4)
    image = 6 * 1 * 16 * (16 * 8)
    assert forward_flops(dcgan_generator()) == 2 * (start + stretch + double + image)


def test_convolution_costs_a_kernel_per_output_pixel() -> None:
    halving = 1 * 4 * 16 * (16 * 8)
    head = 4 * 1 * 16 * (13 * 5)
    assert forward_flops(dcgan_discriminator()) == 2 * (halving + head)


def test_linear_layer_costs_its_matrix() -> None:
    generator = MLPGenerator(MLPGeneratorOptions(latent_dim=5, hidden=2), IMAGE, 3)
    products = 8 * 2 + 2 * 4 + 4 * 8 + 8 * 16 + 16 * 512
    assert forward_flops(generator) == 2 * products


def test_counting_leaves_the_network_as_it_was() -> None:
    options = DCGANGeneratorOptions(width=4, norm="conditional_batch")
    generator = DCGANGenerator(options, IMAGE, 3)
    judge_options = DCGANDiscriminatorOptions(width=4, spectral_norm=True)
    discriminator = DCGANDiscriminator(judge_options, IMAGE, 3)
    for network in (generator, discriminator):
        before = {name: value.clone() for name, value in network.state_dict().items()}
        assert forward_flops(network) > 0
        assert network.training
        for name, value in network.state_dict().items():
            assert torch.equal(value, before[name])


LOSSES = {
    "plain": Wasserstein(WassersteinOptions(gradient_penalty=0.0)),
    "one penalty": Wasserstein(WassersteinOptions()),
    "two on half the batch, comparing": Relativistic(RelativisticOptions(penalty_share=0.5)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_training_step_is_what_autograd_does(name: str) -> None:
    # Wide behind a first layer of one channel, whose input gradient nobody asks for.
    image = (1, 32, 32)
    generator = DCGANGenerator(DCGANGeneratorOptions(width=8), image, None)
    discriminator = ResNet9Discriminator(ResNet9Options(width=16, norm="none"), image, None)
    z, real = torch.randn(2, 100), torch.randn(2, 1, 32, 32)
    loss = LOSSES[name]
    penalised = round(loss.penalty_share * 2)

    def judge(images: Tensor) -> Tensor:
        return discriminator(images * 1)  # the counter's hooks do not take a leaf here

    def update_discriminator() -> None:
        with torch.no_grad():
            fake = generator(z)
        value = loss.discriminator(discriminator(real), discriminator(fake))
        penalty = loss.penalty(judge, real[:penalised], fake[:penalised], torch.Generator())
        if penalty is not None:
            value = value + penalty
        value.backward()

    def update_generator() -> None:
        discriminator.requires_grad_(False)
        with torch.no_grad():
            compared = discriminator(real) if loss.generator_needs_real else None
        loss.generator(discriminator(generator(z)), compared).backward()
        discriminator.requires_grad_(True)

    counted = 3 * flops(update_discriminator) + flops(update_generator)
    predicted = training_step_flops(
        generator,
        discriminator,
        batch_size=2,
        discriminator_steps=3,
        penalised_share=loss.penalty_share * loss.penalty_passes if loss.penalises else 0.0,
        compares=loss.generator_needs_real,
    )
    assert counted <= predicted
    assert counted == pytest.approx(predicted, rel=0.02)
