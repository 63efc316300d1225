"""Saturation: the generator's last layer, a tanh, is stuck at its limits or always paints one."""

from __future__ import annotations

from soundgan.health.remedies import CalmBoth, RollBackCalmly
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import View
from soundgan.words import percent

MORE = 0.4
SAME = 0.1


class GeneratorSaturates(ProbeTrouble):
    """Pixels at the limits - those of real pictures > 0.4, or spread of a pixel < 0.1 of real ones.

    A pixel is at the limits beyond ±0.999. Real sounds have faint noise where generated ones are
    often clean silence, so 0.4 more is allowed. The spread is the standard deviation of a pixel
    over sounds, averaged over pixels; it counts if it is not rising and was once 0.3 or more, or
    else after 2,000 steps. The thresholds are chosen; healthy trainings of drums had up to 0.15
    more pixels at the limits, and a spread of 0.5 or more from step 500 on. No source.
    """

    name = "generator-saturates"
    summary = (
        "far more pixels than of real sounds are at the limits of the scale, or every picture is "
        "the same"
    )
    happened = "the generator painted saturated or always the same pictures"
    ladder = (RollBackCalmly(), CalmBoth())
    family = "generator"
    over = "the generator's pixels move again"
    reads = ("saturated", "saturated_real", "pixel_std")

    def holds(self, view: View) -> bool:
        """At the limits, or always the same."""
        return view.lacks("pixel_std", SAME) or view.excess("saturated") > MORE

    def tell(self, view: View) -> str:
        """Whichever of the two it is."""
        probe = view.probe
        if probe.get("pixel_std", 1.0) < SAME:
            return (
                "the generator paints the same picture again and again: its pixels vary "
                f"{percent(probe['pixel_std'])} as much as those of real sounds"
            )
        return (
            f"the generator saturates: {percent(probe['saturated'])} of its pixels are at the "
            f"limits of the scale, where {percent(probe['saturated_real'])} of real ones are"
        )
