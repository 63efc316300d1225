"""What is told about a folder besides the verdicts on its files."""

from __future__ import annotations

from soundgan.audio.find import Listing, PassedOver, display
from soundgan.pipelines.prepare.store import REPORT
from soundgan.reporting import Reporter

NAMED = 5
"""So many are named on the terminal; the report names all."""


def passed_over(listing: Listing) -> list[PassedOver]:
    """What was not looked at, folders that cannot be read included, sorted."""
    closed = [PassedOver(folder, "cannot be read", lost=True) for folder in listing.unreadable]
    return sorted([*closed, *listing.passed_over])


def say_passed_over(listing: Listing, reporter: Reporter) -> None:
    """Name what was not looked at: what may have cost sounds first."""
    found = sorted(passed_over(listing), key=lambda item: not item.lost)
    for item in found[:NAMED]:
        line = f"passed over: {display(item.path)}: {item.reason}"
        if item.lost:
            reporter.warn(line)
        else:
            reporter.say(line)
    if len(found) > NAMED:
        reporter.say(f"passed over: {len(found) - NAMED} more, all named in {REPORT}")
