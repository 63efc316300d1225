"""No variety: a mode collapse from the start, which no earlier checkpoint can cure."""

from __future__ import annotations

from soundgan.health.remedies import PenaliseMore
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import COLLAPSED, View


class NoVariety(ProbeTrouble):
    """Diversity < 0.2 after 2,000 steps, not rising by a tenth from look to look, and never 0.3.

    Diversity is that of a mode collapse. The thresholds are chosen; healthy trainings of drums had
    0.8 or more at step 250.
    """

    name = "no-variety"
    summary = "after 2,000 steps sounds still do not differ"
    happened = "the generator did not vary its sounds"
    ladder = (PenaliseMore(),)
    advice = "another training.seed, or a faster generator, may help"
    spoils = False
    family = "generator"
    over = "generated sounds differ from each other"
    reads = ("diversity", "latent_sensitivity")
    told = (
        "the generator has not learnt to vary its sounds: after {step} steps they differ from each "
        "other only {diversity} as much as real ones do"
    )

    def holds(self, view: View) -> bool:
        """Alike, and never varied."""
        return view.lacks("diversity", COLLAPSED) and not view.varied("diversity")
