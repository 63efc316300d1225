"""Measurements of generated sounds: a slower look than at the numbers of every step."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from soundgan.errors import UsageError
from soundgan.evaluation.neighbours import diversity_ratio, nearest_neighbour_ratio
from soundgan.models.layout import on_device
from soundgan.runtime.seeding import numpy_stream, torch_stream
from soundgan.training.reference import Reference
from soundgan.training.state import TrainState

GROUPS = 8
"""Labels that are looked at, or groups of sounds where there are none."""
PER_GROUP = 8
"""Latents per label."""
MOST_VALIDATION = 64
FEWEST_VALIDATION = 4

PICTURE = (32, 16)
"""Frequencies and times of the small pictures whose distances tell variety. Nothing is fitted:
features fitted on few training clips would find any other sounds less varied than those."""

SATURATED = 0.999
SILENT = 0.05
"""Share of the usual brightness of a real image below which one is silent."""
TONE_ROWS = 3
"""Rows that a single tone fills: a window smears it over its neighbours."""
TONE_SHARE = 0.98
POWER_DECADES = 4.0
"""Half the range of an image in decades of power: 80 dB from -1 to 1."""


class Probe:
    """Looks at the same latents, labels and clips every time.

    The generator looked at is the averaged one, which is what a run produces; the discriminator
    is put into evaluation mode meanwhile, so that nothing of the run changes.

    Args:
        reference: Training clips.
        validation: Clips that are not trained on, as the networks see them, [M, *shape].
        validation_labels: Their labels [M], or ``None``.
        latent_dim: Z.
        seed: Of the run.
    """

    def __init__(
        self,
        reference: Reference,
        validation: Tensor,
        validation_labels: NDArray[np.int64] | None,
        *,
        latent_dim: int,
        seed: int,
    ) -> None:
        rows = _matched_rows(reference.labels, len(reference.x), seed)
        self._labels = (
            None if reference.labels is None else torch.from_numpy(reference.labels[rows])
        )
        self._real = reference.x[torch.from_numpy(rows)]
        stream = torch_stream(seed, "latents of the probe")
        self._latents = torch.randn(GROUPS * PER_GROUP, latent_dim, generator=stream)
        n = min(len(validation), MOST_VALIDATION) // FEWEST_VALIDATION * FEWEST_VALIDATION
        self._validation = validation[:n].clone()
        self._validation_labels = (
            None if validation_labels is None else torch.from_numpy(validation_labels[:n])
        )
        self._reference = reference
        self._known = reference.features_of(reference.x)
        self._real_flat = self._flat(self._real)
        self._real_pictures = _small(self._real_flat)
        self._real_numbers = _looks(self._real_flat, _brightness(self._real_flat))

    def __call__(self, state: TrainState) -> dict[str, float]:
        """Measure; what cannot be measured with these clips is left out."""
        with torch.no_grad():
            fake = self._generated(state)
            if not bool(fake.isfinite().all()):
                return {}
            flat = self._flat(fake)
            found = self._variety(_small(flat))
            if len(self._validation):
                found |= self._novelty(fake)
            found |= self._judgement(state, fake)
            usual = _brightness(self._real_flat)
            for name, share in _looks(flat, usual).items():
                found[name] = share
                found[f"{name}_real"] = self._real_numbers[name]
            spread = float(self._real_flat.std(dim=0).mean())
            if spread > 0:
                found["pixel_std"] = float(flat.std(dim=0).mean()) / spread
        return found

    def _flat(self, x: Tensor) -> Tensor:
        """Pictures [B, F, T] of sounds."""
        return self._reference.codec.pictures(x)

    def _generated(self, state: TrainState) -> Tensor:
        labels = None if self._labels is None else self._labels.to(state.device)
        x: Tensor = state.ema(self._latents.to(state.device), labels)
        return x.clamp(-1.0, 1.0).cpu()

    def _variety(self, fake: Tensor) -> dict[str, float]:
        """How much the sounds differ from each other, all of them and those of one label."""
        found = {"diversity": _diversity(self._real_pictures, fake)}
        if self._labels is not None:
            inside = [
                _diversity(real, generated)
                for real, generated in zip(
                    torch.split(self._real_pictures, PER_GROUP),
                    torch.split(fake, PER_GROUP),
                    strict=True,
                )
            ]
            known = [ratio for ratio in inside if ratio is not None]
            found["latent_sensitivity"] = sum(known) / len(known) if known else None
        return {name: value for name, value in found.items() if value is not None}

    def _novelty(self, fake: Tensor) -> dict[str, float]:
        """How far the sounds are from the training clips."""
        validation, made = map(self._reference.features_of, (self._validation, fake))
        try:
            ratio = nearest_neighbour_ratio(self._known, validation, made)
        except UsageError:  # the validation clips are also training clips
            return {}
        return {"nearest_ratio": ratio}

    def _judgement(self, state: TrainState, fake: Tensor) -> dict[str, float]:
        """What the discriminator thinks of clips it knows, clips it does not, and fakes."""
        train = _logits(state, self._real, self._labels)
        generated = _logits(state, fake, self._labels)
        found = {"train_pair_accuracy": _pairs(train, generated)}
        if len(self._validation):
            validation = _logits(state, self._validation, self._validation_labels)
            found["held_out_pair_accuracy"] = _pairs(validation, generated)
            lead = float(train.mean() - generated.mean())
            # Where it cannot tell training clips from fakes there is nothing to compare with.
            if lead > 0.25 * float(torch.cat([train, generated]).std()):
                found["overfit"] = float(train.mean() - validation.mean()) / lead
        return found


def _matched_rows(labels: NDArray[np.int64] | None, n: int, seed: int) -> NDArray[np.int64]:
    """Rows of the real clips that generated ones are compared with: groups of one label."""
    stream = numpy_stream(seed, "clips of the probe")
    if labels is None:
        return stream.choice(n, GROUPS * PER_GROUP, replace=n < GROUPS * PER_GROUP)
    classes = np.unique(labels)
    rows = []
    for group in range(GROUPS):
        mine = np.flatnonzero(labels == classes[group % len(classes)])
        rows.append(stream.choice(mine, PER_GROUP, replace=len(mine) < PER_GROUP))
    return np.concatenate(rows)


def _small(pictures: Tensor) -> Tensor:
    """Small ones of pictures [B, F, T], as rows [B, D]."""
    return adaptive_avg_pool2d(pictures[:, None].double(), PICTURE).flatten(1)


def _brightness(pictures: Tensor) -> float:
    """Median over pictures [B, F, T] of the mean above the floor."""
    return float((pictures + 1).mean(dim=(1, 2)).median())


def _looks(pictures: Tensor, usual: float) -> dict[str, float]:
    """Shares of pixels at the limits, of silent ones, of those of a single tone."""
    brightness = (pictures + 1).mean(dim=(1, 2))
    silent = brightness < SILENT * usual
    power = torch.pow(10.0, POWER_DECADES * (pictures.double() - 1)).sum(dim=2)
    rows = min(TONE_ROWS, power.shape[1])
    loudest = power.unfold(1, rows, 1).sum(dim=2).amax(dim=1)
    tone = (loudest > TONE_SHARE * power.sum(dim=1)) & ~silent
    return {
        "saturated": float((pictures.abs() > SATURATED).double().mean()),
        "silent": float(silent.double().mean()),
        "single_tone": float(tone.double().mean()),
    }


def _logits(state: TrainState, x: Tensor, labels: Tensor | None) -> Tensor:
    discriminator: nn.Module = state.discriminator
    discriminator.eval()
    try:
        placed = on_device(x, state.device)
        logits: Tensor = discriminator(placed, None if labels is None else labels.to(state.device))
    finally:
        discriminator.train()
    return logits.mean(dim=1).double().cpu()


def _pairs(real: Tensor, fake: Tensor) -> float:
    """Share of all pairs in which the real one is taken for more real; ties count half."""
    above, equal = real[:, None] > fake[None], real[:, None] == fake[None]
    return float((above.double() + 0.5 * equal.double()).mean())


def _diversity(real: Tensor, fake: Tensor) -> float | None:
    try:
        return diversity_ratio(real, fake)
    except UsageError:  # all these clips are alike
        return None
