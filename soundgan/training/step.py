"""The game on one page: one discriminator update, one generator update."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from soundgan.models.layout import on_device
from soundgan.models.precision import compute
from soundgan.runtime.noise import normal_like
from soundgan.training.batches import Batch
from soundgan.training.ema import ema_decay, half_life, update_ema
from soundgan.training.schedule import progress
from soundgan.training.state import TrainState

Metrics = dict[str, Tensor]

ALWAYS_UPDATED = 16
"""Every so many steps the discriminator is updated however often it is skipped."""


def discriminator_update(state: TrainState, batch: Batch, turn: int = 0) -> Metrics:
    """Update the discriminator on real clips and as many generated ones of the same labels.

    Args:
        state: Changed in place: the discriminator and its optimizer.
        batch: Real clips.
        turn: Which of the step's discriminator updates this is.
    """
    real, labels = _on_device(state, batch, "discriminator", turn)
    with torch.no_grad():
        fake = _made(state, _latents(state, len(real), "discriminator", turn), labels)
    real = _as_seen(state, real, "real", turn)
    fake = _as_seen(state, fake, "fake", turn)
    if _skips(state, turn):
        with torch.no_grad():
            return _logit_metrics(state, *_judge_both(state, real, fake, labels))

    real_logits, fake_logits = _judge_both(state, real, fake, labels)
    metrics = _logit_metrics(state, real_logits, fake_logits)
    loss = state.loss.discriminator(real_logits, fake_logits)
    penalty = _penalty(state, real, fake, labels, turn)
    state.discriminator_optimizer.zero_grad(set_to_none=True)
    total = loss if penalty is None else loss + penalty
    torch.autograd.backward(total)
    metrics["discriminator/gradient_norm"] = _gradient_norm(state.discriminator)
    if penalty is not None:
        metrics["discriminator/penalty"] = penalty.detach()
    state.set_rates()
    limit = None if state.limits is None else state.limits.discriminator
    _apply(state.discriminator_optimizer, total, metrics["discriminator/gradient_norm"], limit)
    return metrics


def generator_update(state: TrainState, batch: Batch) -> Metrics:
    """Update the generator and its average; ``batch`` gives labels, and reals if the loss compares.

    Args:
        state: Changed in place: the generator, its optimizer, the average.
        batch: Real clips.
    """
    training = state.config.training
    real, labels = _on_device(state, batch, "generator", 0)
    state.discriminator.requires_grad_(False)
    fake = _made(state, _latents(state, len(real), "generator", 0), labels)
    fake_logits = _judge(state, _as_seen(state, fake, "generated"), labels)
    real_logits = None
    if state.loss.generator_needs_real:
        with torch.no_grad():
            real_logits = _judge(state, _as_seen(state, real, "compared"), labels)
    loss = state.loss.generator(fake_logits, real_logits)
    state.generator_optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    state.discriminator.requires_grad_(True)
    metrics = {
        "generator/loss": loss.detach(),
        "generator/gradient_norm": _gradient_norm(state.generator),
    }
    state.set_rates()
    limit = None if state.limits is None else state.limits.generator
    _apply(state.generator_optimizer, loss, metrics["generator/gradient_norm"], limit)
    images_seen = (state.step + 1) * training.batch_size
    decay = ema_decay(half_life(training), training.batch_size, images_seen)
    update_ema(state.ema, state.generator, decay)
    return metrics


@torch.no_grad()
def judged(state: TrainState, batch: Batch, name: str, *, fake: bool = False) -> Tensor:
    """Mean logit of a batch's clips, or of generated ones of its labels, as a scalar tensor.

    Changes nothing: the generator is the averaged one, the discriminator in evaluation mode.
    """
    x, labels = _on_device(state, batch, name, 0)
    if fake:
        x = state.ema(_latents(state, len(x), name, 0), labels)
    state.discriminator.eval()
    logit: Tensor = state.discriminator(_as_seen(state, x, name), labels).mean()
    state.discriminator.train()
    return logit


def _penalty(
    state: TrainState, real: Tensor, fake: Tensor, labels: Tensor | None, turn: int
) -> Tensor | None:
    """The loss's penalty on its share of the batch, in whole groups."""
    if not state.loss.penalises:
        return None
    group = state.discriminator.group
    n = max(group, round(state.loss.penalty_share * len(real) / group) * group)
    some = None if labels is None else labels[:n]
    penalty = state.loss.penalty(
        lambda x: _judge(state, x, some),
        real[:n],
        fake[:n],
        state.stream("penalty", turn),
        progress(state.config.training, state.step),
    )
    return None if penalty is None else penalty * state.controls.penalty_scale


def _logit_metrics(state: TrainState, real_logits: Tensor, fake_logits: Tensor) -> Metrics:
    real, fake = real_logits.detach(), fake_logits.detach()
    return {
        "discriminator/loss": state.loss.discriminator(real, fake),
        "discriminator/real_logit": real.mean(),
        "discriminator/fake_logit": fake.mean(),
        "discriminator/logit_std": torch.cat([real, fake]).std(),
        "discriminator/pair_accuracy": (real.mean(1) > fake.mean(1)).float().mean(),
    }


def _skips(state: TrainState, turn: int) -> bool:
    """Whether a remedy leaves the discriminator as it is in this step."""
    probability = state.controls.skip_discriminator
    if probability == 0 or state.step % ALWAYS_UPDATED == 0:
        return False
    return float(torch.rand((), generator=state.stream("skip", turn))) < probability


def _judge_both(
    state: TrainState, real: Tensor, fake: Tensor, labels: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Logits of real and fake clips; in one pass where they do not influence each other."""
    if state.discriminator.mixes_samples or len(real) % state.discriminator.group:
        return _judge(state, real, labels), _judge(state, fake, labels)
    both = None if labels is None else torch.cat([labels, labels])
    real_logits, fake_logits = _judge(state, torch.cat([real, fake]), both).chunk(2)
    return real_logits, fake_logits


def _made(state: TrainState, latents: Tensor, labels: Tensor | None) -> Tensor:
    return compute(state.generator, state.precision, latents, labels)


def _judge(state: TrainState, x: Tensor, labels: Tensor | None) -> Tensor:
    return compute(state.discriminator, state.precision, x, labels)


def _on_device(
    state: TrainState, batch: Batch, role: str, turn: int
) -> tuple[Tensor, Tensor | None]:
    """X and labels where the networks are; some labels are hidden if the config says so."""
    x = on_device(batch.x, state.device)
    labels = batch.labels
    if labels is None:
        return x, None
    dropout = state.config.data.label_dropout
    if dropout > 0:
        hidden = torch.rand(len(labels), generator=state.stream(f"labels of {role}", turn))
        nothing = (state.generator.n_classes or 1) - 1
        labels = torch.where(hidden < dropout, nothing, labels)
    return x, labels.to(state.device)


def _latents(state: TrainState, n: int, role: str, turn: int) -> Tensor:
    stream = state.stream(f"latents of {role}", turn)
    return torch.randn(n, state.generator.latent_dim, generator=stream).to(state.device)


def _as_seen(state: TrainState, x: Tensor, name: str, turn: int = 0) -> Tensor:
    """X as the discriminator gets it: augmented, with instance noise."""
    x = state.augmenter(x, state.augment_probability, state.stream(f"augmentation of {name}", turn))
    sigma = state.instance_noise
    if sigma < 1e-4:  # far below one grey level of a 16-bit picture
        return x
    return x + sigma * normal_like(x, state.stream(f"noise on {name}", turn))


def _apply(
    optimizer: torch.optim.Adam, loss: Tensor, gradient_norm: Tensor, limit: float | None
) -> None:
    """Update, unless there is a limit and loss or gradient are beyond it or not finite."""
    if limit is not None:
        fine = loss.detach().isfinite() & gradient_norm.isfinite() & (gradient_norm <= limit)
        if fine.device.type == "cuda":
            # What gradient scalers use: the fused update reads it there, and nobody waits.
            optimizer.found_inf = (~fine).float()  # type: ignore[attr-defined]
        elif not bool(fine):
            return
    optimizer.step()


def _gradient_norm(network: nn.Module) -> Tensor:
    return torch.nn.utils.get_total_norm(
        [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    )
