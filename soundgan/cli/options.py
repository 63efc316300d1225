"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigSource = Annotated[
    str, typer.Option("--config", "-c", metavar="FILE|PRESET", help="A TOML file or a preset.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override one config key; repeatable."),
]
Device = Annotated[
    str, typer.Option("--device", metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps.")
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder made by soundgan prepare. Default: what the run was trained on, or prepared.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No messages, only results.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that hold something else.")
]
