"""How good the sounds of a run are as of now, in a plain word."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Scale:
    """What a distance is to be compared with, measured by the same ruler.

    Attributes:
        recordings: Kernel distance of training clips to held-out ones; chance may take it below 0.
        noise: Of images of noise with the levels of training clips.
    """

    recordings: float
    noise: float


@dataclass(frozen=True)
class Quality:
    """How far generated images are from held-out ones.

    Attributes:
        distance: Kernel distance.
        scale: What it is compared with.
    """

    distance: float
    scale: Scale

    @property
    def share(self) -> float:
        """0 for the distance of recordings, 1 for that of noise."""
        nearest = max(0.0, self.scale.recordings)
        return (self.distance - nearest) / max(self.scale.noise - nearest, 1e-9)

    @property
    def word(self) -> str:
        """From "still noise" to "close to the recordings"."""
        return next((word for least, word in WORDS if self.share >= least), BEST)

    @property
    def audible(self) -> bool:
        """Whether it is worth listening to."""
        return self.word != NOISE

    @property
    def sentence(self) -> str:
        """The word, and the numbers that it follows from."""
        found, noise, real = map(
            _thousandths, (self.distance, self.scale.noise, self.scale.recordings)
        )
        return f"{self.word} (distance {found}; noise has {noise}, recordings {real})"


def _thousandths(value: float) -> str:
    shown = 1000 * value
    return "0" if shown < 0.05 else f"{shown:.1f}" if shown < 9.95 else f"{shown:,.0f}"
