"""Single tones: a collapse to one lit row of the spectrogram."""

from __future__ import annotations

from soundgan.health.remedies import CalmBoth, RollBackCalmly
from soundgan.health.troubles.contract import ProbeTrouble
from soundgan.health.view import View


class SingleTone(ProbeTrouble):
    """Share of generated sounds of a single tone - the same share of real ones > 0.5.

    A sound is a single tone that has 98 % of its power in three neighbouring rows of its picture.
    The threshold is chosen: most of them. Healthy trainings of drums had up to 0.02. No source.
    """

    name = "single-tone"
    summary = "most sounds are one frequency where real ones are not"
    happened = "the generator made single tones"
    ladder = (RollBackCalmly(), CalmBoth())
    family = "generator"
    over = "the generator makes more than single tones again"
    reads = ("single_tone", "single_tone_real")
    told = (
        "the generator makes single tones: {single_tone} of its sounds are one, where "
        "{single_tone_real} of real ones are"
    )

    def holds(self, view: View) -> bool:
        """Most sounds, beyond what real ones are."""
        return view.excess("single_tone") > 0.5
