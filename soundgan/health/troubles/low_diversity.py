"""Low diversity, or mode dropping: sounds differ, but not as much as real ones do."""

from __future__ import annotations

from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import COLLAPSED, View

LITTLE = 0.5


class LowDiversity(ProbeTrouble):
    """Diversity from 0.2 to 0.5 for 500 steps and not rising; below that it is a mode collapse.

    Not rising, and once 0.3 or more or else after 2,000 steps. The threshold is chosen; healthy
    trainings of drums had 0.6 or more from step 500 on.

    References:
        Arora, Zhang, "Do GANs Actually Learn the Distribution? An Empirical Study", 2017: a
        generator's sounds may come from far fewer modes than real ones.
    """

    name = "low-diversity"
    summary = "sounds differ, but less than half as much as real ones"
    happened = "the sounds were less varied than the real ones"
    ladder = ()
    advice = "this often passes as the run goes on"
    spoils = False
    mild = True
    family = "variety"
    over = "generated sounds are varied"
    reads = ("diversity",)
    told = (
        "little variety: generated sounds differ from each other {diversity} as much as real ones "
        "do"
    )
    patience = 500

    def holds(self, view: View) -> bool:
        """Varied, but too little."""
        return view.lacks("diversity", LITTLE) and view.probe["diversity"] >= COLLAPSED
