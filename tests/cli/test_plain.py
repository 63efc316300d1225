"""Help texts say in plain words what an option takes."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import pytest
import typer
from typer.testing import CliRunner

from soundgan.cli.app import app
from soundgan.cli.plain import PlainTyper
from tests.contract.surface import commands


def example(
    source: Annotated[list[str], typer.Argument(metavar="FILE", help="Files.")],
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64)] = 1,
    share: Annotated[float, typer.Option("--share", min=0.0, max=0.5)] = 0.1,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1)] = 0,
    shift: Annotated[int, typer.Option("--shift")] = 0,
    kind: Annotated[Literal["mix", "left"], typer.Option("--kind")] = "mix",
    label: Annotated[str | None, typer.Option("--label")] = None,
    out: Annotated[str, typer.Option("--out", metavar="DIR")] = ".",
    trim: Annotated[bool, typer.Option("--trim")] = False,
) -> None:
    """An example."""


def text_of(*words: str) -> str:
    return CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"}).stdout


@pytest.mark.parametrize(
    "line",
    [
        "--jobs 1 to 64",
        "--share 0 to 0.5",
        "--seed 0 or more",
        "--shift N",
        "--kind mix|left",
        "--label TEXT",
        "--out DIR",
    ],
)
def test_an_option_shows_what_it_takes(line: str) -> None:
    small = PlainTyper()
    small.command()(example)
    shown = CliRunner().invoke(small, ["--help"], env={"COLUMNS": "80"}).stdout
    assert line in " ".join(re.sub("[│╭╮╰╯─*]", " ", shown).split())


def test_a_switch_takes_nothing() -> None:
    small = PlainTyper()
    small.command()(example)
    shown = CliRunner().invoke(small, ["--help"], env={"COLUMNS": "80"}).stdout
    row = next(row for row in shown.splitlines() if "--trim" in row)
    assert row.strip("│ ") == "--trim"


@pytest.mark.parametrize("words", sorted(commands()), ids=" ".join)
def test_no_help_text_names_a_type_or_is_cut_off(words: tuple[str, ...]) -> None:
    shown = text_of(*words)
    assert "Usage: soundgan" in shown
    assert not re.search(r"<(bool|int|float|str|path|list)|<=|…|\]\.\.\.\]|\.\.\.\}", shown)
