"""What every trouble looks like from outside: its rule, its words and its remedies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from soundgan.health.remedies import Remedy
from soundgan.health.view import View
from soundgan.words import percent


class Trouble(ABC):
    """Something that goes wrong in a game.

    Derive from one of the three kinds below. ``docs/health.md`` lists every trouble; ``make
    health-page`` writes that list from the registry.
    """

    name: ClassVar[str]
    """As events and checkpoints carry it: the registered name."""
    summary: ClassVar[str]
    """What it is, for the list in ``docs/health.md``."""
    happened: ClassVar[str]
    """What it was, in a verdict, before "from step 300 on"."""
    ladder: ClassVar[tuple[Remedy, ...]]
    """What is done, in the order in which it is tried; after the last one the first comes again."""
    advice: ClassVar[str] = "a lower learning rate may help"
    """What a person can do where no remedy is left."""
    spoils: ClassVar[bool] = True
    """Whether a checkpoint with it is not worth going back to; not so where it comes slowly."""
    mild: ClassVar[bool] = False
    """Whether a run that ends with it is healthy all the same."""
    lasts: ClassVar[bool] = True
    """Whether it is a state of the game, or over as soon as the game goes on."""


class UpdateTrouble(Trouble):
    """Updates that could not be applied, three in a row."""

    lasts = False
    fatal: ClassVar[bool]
    """Whether the run ends where no remedy is left; else it goes on without the update."""

    @abstractmethod
    def holds(self, refused: Mapping[str, float]) -> bool:
        """Whether these numbers, for which an update was not applied, are of this kind."""

    def tell(self, sentence: str) -> str:
        """What is happening, from a sentence about the numbers."""
        return sentence


class StepTrouble(Trouble):
    """A state of the game, looked for after every step."""

    family: ClassVar[str]
    """Troubles of one family have one cause: while one is treated the others are not named."""
    quiets: ClassVar[tuple[str, ...]] = ()
    """Families that come of this one, and are not named meanwhile either."""
    over: ClassVar[str]
    """What is said when it is gone, before "since step 300"."""
    settle: ClassVar[int] = 300
    """Steps that a remedy is given to work."""
    warm_up: ClassVar[int] = 200
    """Steps of a run before which it is not called a trouble."""
    on_probe: ClassVar[bool] = False
    """Whether it is looked for only when generated sounds were measured."""

    @abstractmethod
    def bearable(self, view: View) -> int | None:
        """Steps that it may last before it is named, or ``None`` where there is no such trouble."""

    @abstractmethod
    def tell(self, view: View) -> str:
        """What is happening, in plain words with the numbers in it."""

    @abstractmethod
    def numbers(self, view: View) -> dict[str, float]:
        """Those numbers, for machines."""


class ProbeTrouble(StepTrouble):
    """A state of the game, looked for when generated sounds were measured."""

    settle = 1000
    warm_up = 500  # an average generator's first sounds are all alike
    on_probe = True
    reads: ClassVar[tuple[str, ...]]
    """The measurements that an event carries."""
    told: ClassVar[str]
    """What is happening, with ``{measurement}``, in percent, and ``{step}`` in it."""
    patience: ClassVar[int] = 1
    """Steps that it may last: with 1, two measurements in a row."""

    @abstractmethod
    def holds(self, view: View) -> bool:
        """Whether the newest measurements show it."""

    def bearable(self, view: View) -> int | None:
        """Its patience, where it is seen."""
        return self.patience if self.holds(view) else None

    def tell(self, view: View) -> str:
        """What is happening, with its numbers."""
        numbers = {name: percent(value) for name, value in self.numbers(view).items()}
        return self.told.format(step=f"{view.step:,}", **numbers)

    def numbers(self, view: View) -> dict[str, float]:
        """What was measured."""
        return {name: view.probe[name] for name in self.reads if name in view.probe}
