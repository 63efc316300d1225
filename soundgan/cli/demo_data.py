"""``soundgan demo-data``: a drum kit to try everything with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet, within
from soundgan.ranges import DEMO_DATA


def demo_data(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the sounds.")],
    per_class: Annotated[
        int, within(DEMO_DATA["per_class"], "--per-class", help="Hits of each drum.")
    ] = 60,
    seed: Annotated[int, typer.Option("--seed", help="Another seed makes other hits.")] = 0,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a synthesised drum kit to try things with.

    It has kicks, snares, hats, toms and claps.

    Example: soundgan demo-data drums, then soundgan prepare drums
    """
    from soundgan.api.files import demo_data as write

    reporter = make_reporter(quiet=quiet)
    made = write(folder, per_class=per_class, seed=seed, overwrite=overwrite, progress=reporter)
    document = {
        "schema": 1,
        "command": "demo-data",
        "folder": str(made.folder),
        "seed": seed,
        "classes": made.counts,
        "files": made.n_files,
        "written": made.n_written,
        "unchanged": made.n_files - made.n_written,
        "others": made.n_strangers,
    }
    counts = ", ".join(f"{count} {name}" for name, count in made.counts.items())
    emit(document, f"{made.folder}: {made.n_files} sounds: {counts}", as_json=as_json)
    reporter.say(f"next: soundgan prepare {made.folder}")
