"""``soundgan config``: show, check and start configs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import emit
from soundgan.cli.options import Json, Overrides
from soundgan.cli.plain import PlainTyper

config_app = PlainTyper(no_args_is_help=True, help="Show, check or start a config.")

Source = Annotated[str, typer.Argument(metavar="FILE|PRESET", help="A TOML file or a preset.")]


@config_app.command()
def show(source: Source = "fast", overrides: Overrides = None, as_json: Json = False) -> None:
    """Print the complete config of a file or preset, with what --set changes."""
    from soundgan.api.configs import load_config

    loaded = load_config(source, overrides=overrides)
    document = {"schema": 1, "command": "config show", "config": loaded.to_dict()}
    emit(document, loaded.to_toml().rstrip(), as_json=as_json)


@config_app.command()
def check(source: Source, overrides: Overrides = None, as_json: Json = False) -> None:
    """Check a config completely, with the options of its parts."""
    from soundgan.api.configs import check_config

    loaded = check_config(source, overrides=overrides)
    document = {"schema": 1, "command": "config check", "file": loaded.place, "ok": True}
    emit(document, f"{loaded.place}: ok", as_json=as_json)


@config_app.command()
def init(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path(
        "soundgan.toml"
    ),
    preset: Annotated[str, typer.Option("--preset", help="The preset to start from.")] = "fast",
) -> None:
    """Write a preset with its comments, as the start of a config of your own."""
    from soundgan.api.configs import init_config

    emit({}, str(init_config(out, preset=preset)), as_json=False)
