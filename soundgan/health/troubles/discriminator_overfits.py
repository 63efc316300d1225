"""Overfitting of the discriminator: it knows its training clips by heart."""

from __future__ import annotations

from soundgan.health.remedies import AugmentMore, PenaliseMore, SlowDiscriminator
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import View
from soundgan.words import percent

OVERFIT = 0.8
PAIR_GAP = 0.25


class DiscriminatorOverfits(ProbeTrouble):
    """r_v > 0.8, or pair accuracy with training - with validation clips > 0.25, for 500 steps.

    r_v = (D(train) - D(validation)) / (D(train) - D(generated)) of mean logits: 0 when validation
    clips are as real as training clips, 1 when they pass for generated. Adaptive augmentation
    (``augmentation.target``) steers by r_v; what is beyond both thresholds, which are chosen, has
    escaped it. Healthy trainings of drums had an r_v of up to 0.63 and a gap of up to 0.18.

    References:
        Karras et al., "Training Generative Adversarial Networks with Limited Data", NeurIPS 2020,
        eq. 1.
    """

    name = "discriminator-overfits"
    summary = "validation clips look generated to the discriminator, training clips do not"
    happened = "the discriminator learnt the training clips by heart"
    ladder = (AugmentMore(), PenaliseMore(), SlowDiscriminator())
    advice = "more clips, or augmentation, would help"
    spoils = False
    family = "overfitting"
    over = "the discriminator judges validation clips fairly"
    reads = ("overfit", "train_pair_accuracy", "held_out_pair_accuracy")
    patience = 500

    def holds(self, view: View) -> bool:
        """By mean logits, or by pairs."""
        probe = view.probe
        gap = probe.get("train_pair_accuracy", 0.0) - probe.get("held_out_pair_accuracy", 1.0)
        return probe.get("overfit", 0.0) > OVERFIT or gap > PAIR_GAP

    def tell(self, view: View) -> str:
        """Whichever of the two it is."""
        probe = view.probe
        if probe.get("overfit", 0.0) > OVERFIT:
            seen = (
                f"to it, validation clips lie {percent(min(probe['overfit'], 1.0))} of the way "
                "from training clips to generated sounds"
            )
        else:
            seen = (
                f"it tells training clips from generated sounds in "
                f"{percent(probe['train_pair_accuracy'])} of pairs, validation clips in "
                f"{percent(probe['held_out_pair_accuracy'])}"
            )
        return f"the discriminator learns the training clips by heart: {seen}"
