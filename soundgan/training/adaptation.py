"""How strongly the discriminator's inputs are augmented, held where it just does not overfit."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.training.batches import Batches
from soundgan.training.state import TrainState
from soundgan.training.step import Metrics, judged

RISE_SHARE = 0.2
"""Share of the run in which the probability can rise from 0 to 1."""

LOOK_EVERY = 50
"""Steps between looks."""

BATCHES = 4
"""Batches of training, validation and generated clips that a look takes."""


class Adaptation:
    """Raises the augmentation while the discriminator knows its training clips by heart.

    Overfitting is r = (D(train) - D(validation)) / (D(train) - D(generated)) of mean logits: 0 when
    validation clips are as real as training clips, 1 when they pass for generated. Differences of
    means do not change when all logits drift together, as they may under a relativistic loss.

    References:
        Karras et al., "Training Generative Adversarial Networks with Limited Data", NeurIPS 2020,
        eq. 1 (r_v).
    """

    def __init__(self, train: Batches, validation: Batches) -> None:
        self._train = train
        self._validation = validation

    def look(self, state: TrainState) -> Metrics:
        """Measure r and move the probability one notch; returns both."""
        train, validation, generated = self._mean_logits(state)
        ratio = overfitting(train, validation, generated)
        table = state.config.augmentation
        notch = LOOK_EVERY / (RISE_SHARE * state.config.training.steps)
        moved = state.augment_probability + (notch if ratio > table.target else -notch)
        state.controls.augment_probability = min(max(moved, 0.0), table.max_probability)
        return {
            "discriminator/overfitting": torch.tensor(ratio),
            "discriminator/augment_probability": torch.tensor(state.augment_probability),
        }

    @torch.no_grad()
    def _mean_logits(self, state: TrainState) -> tuple[float, float, float]:
        sums: list[Tensor] = []
        for turn in range(BATCHES):
            position = state.step * BATCHES + turn
            train, validation = self._train.at(position), self._validation.at(position)
            sums.append(
                torch.stack(
                    [
                        judged(state, train, f"train {turn}"),
                        judged(state, validation, f"held-out {turn}"),
                        judged(state, train, f"fake {turn}", fake=True),
                    ]
                )
            )
        train_mean, validation_mean, fake_mean = torch.stack(sums).mean(dim=0).tolist()
        return train_mean, validation_mean, fake_mean


def overfitting(train: float, validation: float, generated: float) -> float:
    """R of mean logits; 0 when the discriminator does not tell training from generated clips."""
    gap = train - generated
    return (train - validation) / gap if gap > 0 else 0.0
