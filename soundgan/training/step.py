"""The game on one page: one discriminator update, one generator update."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from soundgan.runtime.seeding import torch_stream
from soundgan.training.batches import Batch
from soundgan.training.ema import ema_decay, update_ema
from soundgan.training.state import TrainState, memory_format

Metrics = dict[str, Tensor]


def discriminator_update(state: TrainState, batch: Batch, turn: int = 0) -> Metrics:
    """Update the discriminator on real images and as many generated ones of the same labels.

    Args:
        state: Changed in place: the discriminator and its optimizer.
        batch: Real images.
        turn: Which of the step's discriminator updates this is.
    """
    seed, address = state.config.training.seed, (state.step, turn)
    real, labels = _on_device(state, batch)
    with torch.no_grad():
        fake = state.generator(_latents(state, len(real), "discriminator", turn), labels)
    noise_stream = torch_stream(seed, "instance noise", *address)
    real = _noisy(state, real, noise_stream)
    fake = _noisy(state, fake, noise_stream)

    real_logits, fake_logits = _judge_both(state, real, fake, labels)
    loss = state.loss.discriminator(real_logits, fake_logits)
    penalty = state.loss.penalty(
        lambda images: state.discriminator(images, labels),
        real,
        fake,
        torch_stream(seed, "penalty", *address),
    )
    state.discriminator_optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss if penalty is None else loss + penalty)
    metrics = {
        "discriminator/loss": loss.detach(),
        "discriminator/real_logit": real_logits.detach().mean(),
        "discriminator/fake_logit": fake_logits.detach().mean(),
        "discriminator/gradient_norm": _gradient_norm(state.discriminator),
    }
    if penalty is not None:
        metrics["discriminator/penalty"] = penalty.detach()
    state.discriminator_optimizer.step()
    return metrics


def generator_update(state: TrainState, batch: Batch) -> Metrics:
    """Update the generator and its average; ``batch`` gives labels, and reals if the loss compares.

    Args:
        state: Changed in place: the generator, its optimizer, the average.
        batch: Real images.
    """
    training = state.config.training
    real, labels = _on_device(state, batch)
    noise_stream = torch_stream(training.seed, "generator noise", state.step)
    state.discriminator.requires_grad_(False)
    fake = _noisy(
        state, state.generator(_latents(state, len(real), "generator", 0), labels), noise_stream
    )
    fake_logits = state.discriminator(fake, labels)
    real_logits = None
    if state.loss.generator_needs_real:
        real_logits = state.discriminator(_noisy(state, real, noise_stream), labels)
    loss = state.loss.generator(fake_logits, real_logits)
    state.generator_optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    state.discriminator.requires_grad_(True)
    metrics = {
        "generator/loss": loss.detach(),
        "generator/gradient_norm": _gradient_norm(state.generator),
    }
    state.generator_optimizer.step()
    images_seen = (state.step + 1) * training.batch_size
    decay = ema_decay(training.ema_half_life_images, training.batch_size, images_seen)
    update_ema(state.ema, state.generator, decay)
    return metrics


def _judge_both(
    state: TrainState, real: Tensor, fake: Tensor, labels: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Logits of real and fake images; in one pass where samples do not influence each other."""
    if state.discriminator.mixes_samples:
        return state.discriminator(real, labels), state.discriminator(fake, labels)
    both = None if labels is None else torch.cat([labels, labels])
    real_logits, fake_logits = state.discriminator(torch.cat([real, fake]), both).chunk(2)
    return real_logits, fake_logits


def _on_device(state: TrainState, batch: Batch) -> tuple[Tensor, Tensor | None]:
    images = batch.images.to(state.device).contiguous(memory_format=memory_format(state.device))
    return images, None if batch.labels is None else batch.labels.to(state.device)


def _latents(state: TrainState, n: int, role: str, turn: int) -> Tensor:
    stream = torch_stream(state.config.training.seed, f"latents of {role}", state.step, turn)
    return torch.randn(n, state.generator.latent_dim, generator=stream).to(state.device)


def _noisy(state: TrainState, images: Tensor, stream: torch.Generator) -> Tensor:
    sigma = state.instance_noise
    if sigma < 1e-4:  # far below one grey level of a 16-bit picture
        return images
    noise = torch.randn(images.shape, generator=stream).to(images)
    return images + sigma * noise


def _gradient_norm(network: nn.Module) -> Tensor:
    return torch.nn.utils.get_total_norm(
        [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    )
