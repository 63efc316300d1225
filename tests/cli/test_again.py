from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from soundgan.cli.again import command_again

app = typer.Typer()


@app.callback()
def program() -> None: ...


@app.command()
def work(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o")] = Path("out"),
    overrides: Annotated[list[str] | None, typer.Option("--set")] = None,
    minutes: Annotated[float | None, typer.Option("--minutes")] = None,
    remedies: Annotated[bool, typer.Option("--remedies/--no-remedies")] = True,
    fresh: Annotated[bool, typer.Option("--fresh")] = False,
) -> None:
    typer.echo(command_again(ctx, without=("fresh",)))
    typer.echo(command_again(ctx, setting="training.steps=820"))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], []),
        (["-o", "my drums"], ["--out", "'my drums'"]),
        (["--set", "a=1", "--set", "b=$x"], ["--set", "a=1", "--set", "'b=$x'"]),
        (["--no-remedies"], ["--no-remedies"]),
        (["--minutes", "20"], ["--minutes", "20"]),
        (["--fresh", "--minutes", "0.5"], ["--minutes", "0.5"]),
    ],
)
def test_the_options_that_were_given_are_shown_quoted(given: list[str], shown: list[str]) -> None:
    result = CliRunner().invoke(app, ["work", *given])
    assert result.stdout.splitlines()[0].split() == " ".join(["soundgan", "work", *shown]).split()


def test_a_program_that_was_called_as_a_module_is_shown_by_its_own_name() -> None:
    result = CliRunner().invoke(app, ["work", "--minutes", "20"], prog_name="python -m soundgan")
    assert result.stdout.splitlines()[0] == "soundgan work --minutes 20"


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["--set", "training.steps=205"],
        ["--set", "training.steps=1", "--set", " training.steps =205"],
    ],
)
def test_a_setting_takes_the_place_of_those_of_its_key(given: list[str]) -> None:
    others = ["--set", "training.steps_more=1", "--set", "training=2"]
    result = CliRunner().invoke(app, ["work", *given, *others])
    assert result.stdout.splitlines()[1].split() == [
        "soundgan", "work", *others, "--set", "training.steps=820",
    ]  # fmt: skip
