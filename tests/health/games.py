"""Games played by hand: sequences of numbers for a watch to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from soundgan.health.controls import Controls
from soundgan.health.events import Event
from soundgan.health.game import Game
from soundgan.health.history import History
from soundgan.health.watch import Watch

GUESS = 1.386
PLAIN = Game(
    steps=10_000,
    guess_loss=GUESS,
    penalises=False,
    augments=False,
    augment_probability=0.0,
    max_augment_probability=0.8,
    generator_rate=1e-3,
    discriminator_rate=1e-3,
)
"""Cross-entropy without penalty and augmentation, equal rates."""
SLOW = replace(PLAIN, discriminator_rate=5e-5)
"""The same, with a discriminator as slow as a remedy would ever make it."""
RICH = Game(
    steps=10_000,
    guess_loss=0.693,
    penalises=True,
    augments=True,
    augment_probability=0.1,
    max_augment_probability=0.8,
    generator_rate=1e-3,
    discriminator_rate=1e-3,
)
"""Relativistic with penalty and augmentation."""

EVEN = {
    "discriminator/loss": 1.0,
    "discriminator/real_logit": 0.5,
    "discriminator/fake_logit": -0.5,
    "discriminator/logit_std": 0.8,
    "discriminator/pair_accuracy": 0.8,
    "discriminator/gradient_norm": 1.0,
    "generator/loss": 1.0,
    "generator/gradient_norm": 0.5,
}
WON = {
    **EVEN,
    "discriminator/loss": 0.003,
    "discriminator/pair_accuracy": 1.0,
    "generator/loss": 6.6,
}
FINE = {
    "diversity": 0.9,
    "latent_sensitivity": 0.8,
    "overfit": 0.3,
    "train_pair_accuracy": 0.8,
    "held_out_pair_accuracy": 0.75,
    "nearest_ratio": 1.0,
    "saturated": 0.4,
    "saturated_real": 0.4,
    "silent": 0.0,
    "silent_real": 0.0,
    "single_tone": 0.1,
    "single_tone_real": 0.1,
    "pixel_std": 0.9,
}
"""What a probe of a healthy generator finds."""

PROBE_EVERY = 250


@dataclass
class Play:
    """A watch, the controls it sets, and all it says."""

    watch: Watch
    controls: Controls = field(default_factory=Controls)
    step: int = 0
    events: list[Event] = field(default_factory=list)
    rollbacks: list[int] = field(default_factory=list)
    hopeless: bool = False
    snapshot: bool = True

    def on(
        self,
        steps: int,
        numbers: Mapping[str, float] | Callable[[Controls], Mapping[str, float]] = EVEN,
        probe: Mapping[str, float] = FINE,
    ) -> Play:
        """Play on; ``numbers`` may answer to the controls."""
        for _ in range(steps):
            self.step += 1
            now = numbers(self.controls) if callable(numbers) else numbers
            decision = self.watch.observe(
                self.step,
                now,
                self.controls,
                probe=probe if self.step % PROBE_EVERY == 0 else None,
                can_roll_back=lambda: self.snapshot,
            )
            self.controls = decision.controls
            self.events.extend(decision.events)
            self.hopeless |= decision.hopeless
            if decision.rolls_back:
                self.rollbacks.append(self.step)
        return self

    def names(self, kind: str = "incident") -> list[str]:
        """Names of the events of a kind."""
        return [event.name for event in self.events if event.event == kind]


def play(game: Game = PLAIN, *, remedies: bool = True) -> Play:
    """A new game under watch."""
    return Play(Watch(game, History(), remedies=remedies))
