"""All that a watch must remember for a resumed run to decide as the uninterrupted one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, ValidationError

from soundgan.config.settings import Settings
from soundgan.errors import ArtefactError
from soundgan.health.signals import Signals, SignalsRecord
from soundgan.health.troubles import TROUBLES


class Course(Settings):
    """The course of one trouble."""

    since: int | None = None
    """First step since which it has been seen; none while it is not there."""
    over: int | None = None
    """Step at which it was gone; none while it is there, or before it ever was."""
    told: bool = False
    """Whether somebody was told of the present state: that nothing helps, or that it is over."""
    count: int = Field(default=0, ge=0)
    """Incidents."""
    first: int = Field(default=0, ge=0)
    """Step at which the trouble of the first incident began."""
    last: int = Field(default=0, ge=0)
    """Step of the last incident."""
    rung: int = Field(default=0, ge=0, le=100)
    """Where on its ladder of remedies to go on."""
    remedies: list[str] = Field(default_factory=list, max_length=100)
    """Names of the remedies taken, each once."""


class Rollback(Settings):
    """The networks of step ``to`` came back after step ``at``."""

    at: int = Field(ge=0)
    to: int = Field(ge=0)


class HistoryDocument(Settings):
    """A history as plain JSON values."""

    signals: SignalsRecord
    troubles: dict[str, Course]
    quiet: dict[str, int]
    strikes: int = Field(ge=0)
    balancing: bool
    probe: dict[str, float]
    previous_probe: dict[str, float]
    peaks: dict[str, float]
    kernel_distance: float | None
    rollbacks: list[Rollback] = Field(max_length=100)


@dataclass
class History:
    """What came to pass in a game, as far as decisions follow from it.

    Attributes:
        signals: Running statistics.
        troubles: Those seen so far, by name.
        quiet: Step before which nothing is said of a family of troubles.
        strikes: Refused updates in a row.
        balancing: Whether the discriminator's rate follows the balance of the game.
        probe: The newest measurements of generated sounds.
        previous_probe: Those before.
        peaks: The largest value of each so far.
        kernel_distance: Of the newest evaluation, where there was one.
        rollbacks: In order; the number of them is the attempt.
    """

    signals: Signals = field(default_factory=Signals)
    troubles: dict[str, Course] = field(default_factory=dict)
    quiet: dict[str, int] = field(default_factory=dict)
    strikes: int = 0
    balancing: bool = False
    probe: dict[str, float] = field(default_factory=dict)
    previous_probe: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)
    kernel_distance: float | None = None
    rollbacks: list[Rollback] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        values = {**vars(self), "signals": self.signals.record()}
        record = HistoryDocument.model_validate(values)
        return record.model_dump(mode="json")

    @classmethod
    def from_dict(cls, document: object) -> History:
        """The history of a document that :meth:`to_dict` made.

        Raises:
            ArtefactError: It is something else.
        """
        try:
            record = HistoryDocument.model_validate(document)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, ("health", *first["loc"])))
            raise ArtefactError(f"{place}: {first['msg'].lower()}") from None
        unknown = set(record.troubles) - set(TROUBLES.names())
        if unknown:
            raise ArtefactError(f"health.troubles: unknown trouble {min(unknown)!r}")
        return cls(**{**dict(record), "signals": Signals.of(record.signals)})

    @property
    def sound(self) -> bool:
        """Whether a checkpoint of this moment is worth going back to."""
        spoilt = (
            course.since is not None and TROUBLES.load(name).spoils
            for name, course in self.troubles.items()
        )
        return self.strikes == 0 and not any(spoilt)

    def measured(self, probe: Mapping[str, float]) -> None:
        """Take new measurements of generated sounds in."""
        self.previous_probe, self.probe = self.probe, dict(probe)
        for name, value in probe.items():
            self.peaks[name] = max(value, self.peaks.get(name, value))

    def rewind(self, to: int, past: History, quiet: dict[str, int]) -> None:
        """The networks of step ``to`` are back, and ``past`` is the history of that moment.

        Statistics are those of the past; what was learnt since stays.
        """
        self.rollbacks.append(Rollback(at=self.signals.step, to=to))
        self.signals = past.signals
        self.probe, self.previous_probe = past.probe, past.previous_probe
        self.peaks, self.kernel_distance = past.peaks, past.kernel_distance
        self.strikes = 0
        self.quiet = quiet
        self.troubles = {
            name: course.model_copy(update={"since": None, "told": False})
            for name, course in self.troubles.items()
        }
