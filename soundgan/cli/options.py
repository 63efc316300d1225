"""Options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from soundgan.ranges import GENERATE, Range


def within(allowed: Range, *names: str, **rest: Any) -> Any:
    """An option for a number in a range; ``rest`` is as of :func:`typer.Option`."""
    high = allowed.high if allowed.high < math.inf else None
    return typer.Option(*names, min=allowed.low, max=high, **rest)


FirstSeed = Annotated[
    int,
    within(
        GENERATE["seed"],
        "--seed",
        help="Seed of the first sound; each next sound has the next seed.",
    ),
]
Truncation = Annotated[
    float,
    within(
        GENERATE["truncation"],
        "--truncation",
        help="Below 1 sounds are more typical and less varied.",
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one key of the config; may be given more than once.",
    ),
]
Device = Annotated[
    str,
    typer.Option(
        "--device", metavar="NAME", help="Where to compute: auto, cpu, cuda, cuda:1 or mps."
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder made by soundgan prepare. Default: the one of the run, else prepared.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results only, no messages.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that hold something else.")
]
