"""Mode collapse: the generator maps all latents to few sounds."""

from __future__ import annotations

from soundgan.health.remedies import CalmBoth, RollBackCalmly
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import COLLAPSED, View


class ModeCollapse(ProbeTrouble):
    """Diversity < 0.2 and not rising by a tenth from look to look, where it was once 0.3 or more.

    Diversity is the mean distance between two generated sounds over that between two real ones,
    both as pictures of 32 × 16 cells. The thresholds are chosen; healthy trainings of drums had 0.6
    or more from step 500 on.

    References:
        Goodfellow, "NIPS 2016 Tutorial: Generative Adversarial Networks", section 5.1.1. Salimans
        et al., "Improved Techniques for Training GANs", NeurIPS 2016, section 3.2.
    """

    name = "mode-collapse"
    summary = "sounds that differed once hardly do any more"
    happened = "the generator's sounds were nearly all alike"
    ladder = (RollBackCalmly(), CalmBoth())
    family = "generator"
    over = "generated sounds differ again"
    reads = ("diversity", "latent_sensitivity")
    told = (
        "mode collapse: generated sounds differ from each other only {diversity} as much as real "
        "ones do"
    )

    def holds(self, view: View) -> bool:
        """Alike, and once varied."""
        return view.lacks("diversity", COLLAPSED) and view.varied("diversity")
