"""What a network costs: parameters, and floating-point operations from its shapes alone."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils.flop_counter import FlopCounterMode

from soundgan.models.contract import Discriminator, Generator
from soundgan.runtime.imports import leaving_no_trace

ADAM_COPIES = 4
"""Weight, gradient and two moments."""

_BATCH = 2
"""Batch norm in training mode compares samples and refuses a single one."""


def count_parameters(network: nn.Module) -> int:
    """How many numbers training adjusts."""
    return sum(parameter.numel() for parameter in network.parameters())


def forward_flops(network: Generator | Discriminator) -> int:
    """Floating-point operations of one forward pass for one sample, two per multiply-add.

    Convolutions and matrix products are counted, the elementwise rest is not. Nothing is
    computed: the pass runs on shapes, so that the network's weights and buffers stay as they are.
    """
    state = {**dict(network.named_parameters()), **dict(network.named_buffers())}
    shapes = {name: torch.empty_like(value, device="meta") for name, value in state.items()}
    kept = leaving_no_trace()  # the counter imports torch's compiler
    with kept, torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        size = (network.latent_dim,) if isinstance(network, Generator) else network.shape
        labels = torch.zeros(_BATCH, dtype=torch.int64) if network.n_classes else None
        functional_call(network, shapes, (torch.empty(_BATCH, *size), labels))
    total: int = counter.get_total_flops()
    return total // _BATCH


def activation_numbers(network: Generator | Discriminator) -> int:
    """Outputs of all layers for one sample: what a backward pass has to find again."""
    total = 0

    def count(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        nonlocal total
        total += output[0].numel()

    leaves = [module for name, module in network.named_modules() if _is_layer(name, module)]
    handles = [module.register_forward_hook(count) for module in leaves]
    try:
        forward_flops(network)
    finally:
        for handle in handles:
            handle.remove()
    return total


def _is_layer(name: str, module: nn.Module) -> bool:
    """Whether nothing is inside a module but what divides its weight, which itself is no layer."""
    inside = (child for child, _ in module.named_children())
    return "parametrizations" not in name.split(".") and set(inside) <= {"parametrizations"}


def networks_bytes(generator: Generator, discriminator: Discriminator) -> int:
    """Memory that training takes whatever the batch: networks, average, optimizers, in float32."""
    generated, judged = count_parameters(generator), count_parameters(discriminator)
    return 4 * (ADAM_COPIES * (generated + judged) + generated)


def image_bytes(generator: Generator, discriminator: Discriminator) -> int:
    """Memory that every image of a batch adds to a step.

    Real and fake pass through the discriminator at a time; a gradient accompanies each number.
    """
    return 4 * 2 * 2 * (activation_numbers(generator) + activation_numbers(discriminator))


def training_step_flops(
    generator: Generator,
    discriminator: Discriminator,
    *,
    batch_size: int,
    discriminator_steps: int,
    penalised_share: float,
    compares: bool,
) -> int:
    """Floating-point operations of one step: ``discriminator_steps`` updates of D, one of G.

    Counts the generator's update with the discriminator's weights frozen; if they are not, one
    more forward pass of D per image. The first layers' unneeded input gradients make the true
    number a few per cent smaller.

    Args:
        generator: G.
        discriminator: D.
        batch_size: Images per update.
        discriminator_steps: D's updates per step.
        penalised_share: Images whose gradient is penalised, per image of the batch.
        compares: Whether G's loss also judges the real images.
    """
    g, d = forward_flops(generator), forward_flops(discriminator)
    # With f the forward pass, a backward pass costs 2 f: a gradient for the weights, one for the
    # inputs. D's update makes images without gradient (1 g) and judges real and fake (2 · 3 d).
    discriminator_update = g + 6 * d
    if penalised_share:
        # For such an image: forward and input gradient (2 d). The backward pass through the
        # input gradient makes gradients for the weights and for the forward activations (2 d),
        # which then run back through the forward pass (2 d) although they are zero here, because
        # autograd does not know that a rectifier is straight almost everywhere.
        discriminator_update += round(6 * d * penalised_share)
    # G's update: its own forward and backward (3 g), and through D to the image (2 d).
    generator_update = 3 * g + 2 * d + (d if compares else 0)
    return batch_size * (discriminator_steps * discriminator_update + generator_update)
