"""Silence: the generator has found that making nothing costs least."""

from __future__ import annotations

from soundgan.health.remedies import CalmBoth, RollBackCalmly
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import View


class Silence(ProbeTrouble):
    """Share of silent generated sounds - share of silent real ones > 0.5.

    A sound is silent whose picture is less than a twentieth as bright as a usual real one. The
    threshold is chosen: most of them. Healthy trainings of drums had up to 0.02. No source: it is
    what a collapse looks like whose only mode is the floor of a spectrogram.
    """

    name = "silence"
    summary = "most sounds are silent where real ones are not"
    happened = "the generator made silence"
    ladder = (RollBackCalmly(), CalmBoth())
    family = "generator"
    over = "the generator makes sounds again"
    reads = ("silent", "silent_real")
    told = (
        "the generator makes silence: {silent} of its sounds, where {silent_real} of real ones are "
        "silent"
    )

    def holds(self, view: View) -> bool:
        """Most sounds, beyond what is silent of the real ones."""
        return view.excess("silent") > 0.5
