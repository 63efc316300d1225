"""Ignored latent: a conditional generator that makes one sound per label, whatever the noise."""

from __future__ import annotations

from soundgan.health.remedies import CalmBoth, RollBackCalmly
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import View

IGNORED = 0.1


class LatentIgnored(ProbeTrouble):
    """Diversity within a label < 0.1, not rising, once 0.3 or more or else after 2,000 steps.

    Latent sensitivity is the diversity of a mode collapse among sounds of one label, averaged over
    labels. The threshold is chosen; healthy trainings of drums had 0.4 or more from step 500 on.

    References:
        Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017,
        section 3.1: the generator learns to ignore the noise. Mao et al., "Mode Seeking Generative
        Adversarial Networks for Diverse Image Synthesis", CVPR 2019.
    """

    name = "latent-ignored"
    summary = "sounds of one label are one sound, though labels differ"
    happened = "the generator ignored its latent"
    ladder = (RollBackCalmly(), CalmBoth())
    family = "generator"
    over = "the generator listens to its latent again"
    reads = ("latent_sensitivity", "diversity")
    told = (
        "the generator ignores its latent: sounds of one label differ only {latent_sensitivity} as "
        "much as real ones of one label do"
    )

    def holds(self, view: View) -> bool:
        """One sound per label, where there could be more by now."""
        return view.lacks("latent_sensitivity", IGNORED)
