"""Memorisation, or data copying: the generator repeats its training clips."""

from __future__ import annotations

from soundgan.health.remedies import AugmentMore
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import View

MEMORISED = 0.7


class Memorisation(ProbeTrouble):
    """Mean distance to the nearest training clip < 0.7 of that of validation clips, for 500 steps.

    Distances are those of patch features. 0 for copies, about 1 for new sounds of the same kind.
    The threshold is chosen, the same as in ``soundgan evaluate``; healthy trainings of drums had 1
    or more.

    References:
        Meehan, Chaudhuri, Dasgupta, "A Non-Parametric Test to Detect Data-Copying in Generative
        Models", AISTATS 2020, which compares the same distances.
    """

    name = "memorisation"
    summary = "sounds lie nearer to training clips than validation clips do"
    happened = "the generator repeated its training clips"
    ladder = (AugmentMore(),)
    advice = "more clips, augmentation or a shorter run would help"
    spoils = False
    family = "memorisation"
    over = "generated sounds are no copies"
    reads = ("nearest_ratio",)
    told = (
        "the generator repeats its training clips: its sounds lie only {nearest_ratio} as far from "
        "them as validation clips do"
    )
    patience = 500

    def holds(self, view: View) -> bool:
        """Too near."""
        return view.probe.get("nearest_ratio", 1.0) < MEMORISED
