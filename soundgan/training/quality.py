"""How good the sounds of a run are as of now, in a plain word."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST_VALIDATION = 10
"""Of fewer validation clips no distance says anything."""

NOISE = "still noise"

WORDS = (
    (0.15, NOISE),
    (0.05, "first shapes"),
    (0.02, "rough"),
    (0.008, "fair"),
    (0.003, "good"),
)
"""From which share of the distance of noise on the sounds are called so. The mean of all clips, the
same picture for every sound, has 0.11 to 0.24 of it (two sets of drums, three presets)."""

BEST = "close to the recordings"

UNCLEAR = "cannot tell"


@dataclass(frozen=True)
class Scale:
    """What a distance is to be compared with, measured by the same ruler.

    Attributes:
        recordings: Of training clips to those for validation; chance may take it below 0.
        noise: Of images of noise with the levels of training clips.
        reach: How far chance takes that of recordings either way, 95 times of 100: the fewer
            validation clips, the farther.
        validation: So many.
    """

    recordings: float
    noise: float
    reach: float = 0.0
    validation: int = 0


@dataclass(frozen=True)
class Quality:
    """How far generated images are from those for validation.

    Attributes:
        distance: Kernel distance.
        scale: What it is compared with.
    """

    distance: float
    scale: Scale

    @property
    def share(self) -> float:
        """0 for the distance of recordings, 1 for that of noise."""
        return self._share(self.distance)

    @property
    def word(self) -> str:
        """What so many validation clips can carry, from "still noise" to "close to the recordings".

        Where chance allows for several words: the worst and the best of them.
        """
        worst, best = self._words
        if worst == best:
            return worst
        if best == BEST:
            return UNCLEAR if worst == NOISE else f"{worst} or better"
        return f"{worst} to {best}"

    @property
    def audible(self) -> bool:
        """Whether it is worth listening to."""
        return _word(self.share) != NOISE

    @property
    def sentence(self) -> str:
        """The word, and the numbers that it follows from."""
        found, reach, noise, real = map(
            _thousandths,
            (self.distance, self.scale.reach, self.scale.noise, self.scale.recordings),
        )
        compared = f"noise has {noise}, recordings {real}"
        worst, best = self._words
        if worst == best:
            return f"{worst} (distance {found}; {compared})"
        clips = f"{self.scale.validation} validation clips tell no more"
        return f"{self.word} (distance {found} ± {reach}; {compared}); {clips}"

    @property
    def _words(self) -> tuple[str, str]:
        """The worst and the best that chance allows for."""
        reach = self.scale.reach
        return _word(self._share(self.distance + reach)), _word(self._share(self.distance - reach))

    def _share(self, distance: float) -> float:
        nearest = max(0.0, self.scale.recordings)
        return (distance - nearest) / max(self.scale.noise - nearest, 1e-9)


def _word(share: float) -> str:
    return next((word for least, word in WORDS if share >= least), BEST)


def _thousandths(value: float) -> str:
    shown = 1000 * value
    return "0" if shown < 0.05 else f"{shown:.1f}" if shown < 9.95 else f"{shown:,.0f}"
