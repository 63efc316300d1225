"""What is told about a folder besides the verdicts on its files."""

from __future__ import annotations

from collections.abc import Sequence

from soundgan.audio.find import Listing, display
from soundgan.ingest.folders import Classes
from soundgan.ingest.labels import Labelling
from soundgan.ingest.store import REPORT
from soundgan.pipelines.prepare.own import REASONS
from soundgan.reporting import Reporter


class NoteTaker:
    """Passes everything on to a reporter, and keeps the sentences.

    Attributes:
        sentences: What was said, in order.
    """

    def __init__(self, reporter: Reporter) -> None:
        self.sentences: list[str] = []
        self._reporter = reporter

    def say(self, message: str) -> None:
        """Keep it and pass it on."""
        self.sentences.append(message)
        self._reporter.say(message)

    def warn(self, message: str) -> None:
        """Keep it and pass it on."""
        self.sentences.append(message)
        self._reporter.warn(message)

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        """Pass it on."""
        self._reporter.progress(task, done, total, note, left)

    def finish(self, task: str) -> None:
        """Pass it on."""
        self._reporter.finish(task)


NAMED = 5
"""So many are named on the terminal; the report names all."""


def say_passed_over(listing: Listing, reporter: Reporter) -> None:
    """Name what was not looked at: what may have cost sounds first."""
    everything = listing.not_looked_at
    own = [item for item in everything if item.reason in REASONS]
    if own:
        names = ", ".join(display(item.path) for item in own[:NAMED])
        more = f" and {len(own) - NAMED} more" if len(own) > NAMED else ""
        reporter.say(f"left out, as soundgan made them: {names}{more}")
    found = sorted(
        (item for item in everything if item.reason not in REASONS), key=lambda item: not item.lost
    )
    for item in found[:NAMED]:
        line = f"passed over: {display(item.path)}: {item.reason}"
        if item.lost:
            reporter.warn(line)
        else:
            reporter.say(line)
    if len(found) > NAMED:
        reporter.say(f"passed over: {len(found) - NAMED} more, all named in {REPORT}")


def say_classes(
    found: Classes, labelling: Labelling, names: Sequence[str], reporter: Reporter
) -> None:
    """Tell how classes were found where it may not be what was meant.

    Args:
        found: What was found.
        labelling: What was asked for.
        names: Classes that the dataset has.
        reporter: Hears it.
    """
    if names or not any(found.labels) or labelling.source == "pattern":
        for note in found.notes:
            reporter.say(note)
    elif labelling.source == "folders":
        reporter.say(
            "one sub-folder of sounds is no class: the dataset is unlabelled; "
            "labels can come from names with `label_pattern`"
        )
