"""Every option and argument of every command, given every kind of value."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.contract.conftest import Hung
from tests.contract.promises import complaints
from tests.contract.surface import Place, commands, places, speaks_json

SMALL = [
    "-c", "tiny", "--set", "training.batch_size=2", "--set", "training.steps=2",
    "--set", "generator.options.width=4", "--set", "generator.options.max_channels=4",
    "--set", "discriminator.options.width=4", "--set", "discriminator.options.max_channels=4",
    "--set", "inversion.options.iterations=1",
]  # fmt: skip
CPU = ["--device", "cpu"]

ARGUMENTS: dict[tuple[str, ...], list[str]] = {
    ("prepare",): ["sounds"],
    ("vary",): ["1"],
    ("morph",): ["1", "2"],
    ("kit",): ["1", "2"],
    ("like",): ["1", "2"],
    ("project",): ["sounds/0.wav"],
    ("recall",): ["sound.wav"],
    ("evaluate",): ["run"],
    ("spectrogram",): ["sound.wav"],
    ("invert",): ["sound.png"],
    ("config", "show"): ["tiny"],
    ("config", "check"): ["run/config.toml"],
    ("config", "init"): ["mine.toml"],
    ("models", "export"): ["run", "copy.safetensors"],
    ("info",): ["run"],
    ("verify",): ["run"],
    ("demo-data",): ["kit"],
}
"""What a command needs to work."""

OPTIONS: dict[tuple[str, ...], list[str]] = {
    ("prepare",): ["-o", "out", "--sample-rate", "8000", "--clip-seconds", "0.256"],
    ("train",): [*SMALL, "--data", "prepared", "--run", "out", *CPU],
    ("generate",): ["-n", "1", "--model", "run", "-o", "out", *CPU],
    ("vary",): ["-n", "1", "--model", "run", "-o", "out"],
    ("morph",): ["-n", "2", "--model", "run", "-o", "out"],
    ("project",): ["--model", "run", "-o", "out"],
    ("like",): ["-n", "1", "--model", "run", "-o", "out"],
    ("kit",): ["--model", "run", "-o", "out"],
    ("recall",): ["--model", "run", "-o", "out"],
    ("evaluate",): ["--data", "prepared", "-n", "12", "-o", "out", *CPU],
    ("spectrogram",): ["-o", "out"],
    ("invert",): ["-o", "out", "--iterations", "1"],
    ("bench",): ["--model", "run", "--quick", *CPU],
    ("demo-data",): ["--per-class", "1"],
    ("serve",): ["--port", "0"],
}
"""And what keeps it small."""

NUMBERS = ["", "0", "-1", "-0.0", "nan", "inf", "-inf", "1e999", "1e-320", "9223372036854775807",
           "9223372036854775808", "0x10", "1_0", "٣", "½", "1,5"]  # fmt: skip
TEXTS = ["[red]x[/red]", "a\nb", "\x1b[31mred", "\u202eabc", "x" * 5000, "\udcff", "-", "--", "~",
         "$(touch owned)", "%s%n{0}"]  # fmt: skip
PATHS = ["missing", "missing/below", ".", "..", "sound.wav", "sound.wav/below", "prepared",
         "run", "fifo", "socket", "loop", "é\u0301"]  # fmt: skip
VALUES = [*NUMBERS, *TEXTS, *PATHS]


def arguments_for(place: Place, value: str) -> list[str]:
    """A whole command with the value in its place."""
    words = list(ARGUMENTS.get(place.command, []))
    options = OPTIONS.get(place.command, [])
    if place.option:
        words = [*words, *options, place.option, value]
    else:
        words[place.number : place.number + 1] = [value]
        words = [*options, "--", *words]
    json = ["--json"] if speaks_json(place.command) else []
    return [*place.command, *json, *words]


def try_value(place: Place, value: str, soundgan: Run) -> list[str]:
    """What is wrong with how the command takes the value."""
    arguments = arguments_for(place, value)
    try:
        outcome = soundgan(*arguments)
    except (Exception, Hung) as error:  # noqa: BLE001 - which is what must not happen
        return [f"{place} {value[:30]!r}: {type(error).__name__}: {str(error)[:200]}"]
    as_json = "--json" in arguments
    wrong = list(complaints(outcome, as_json=as_json))
    said = (outcome.stderr or outcome.stdout)[-300:]
    return [f"{place} {value[:30]!r} -> {outcome.code}: {line}: {said}" for line in wrong]


@pytest.fixture
def strange(here: Path) -> Path:
    """The folder, with things in it that are neither file nor folder."""
    os.mkfifo(here / "fifo")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    (here / "loop").symlink_to("loop")
    return here


@pytest.mark.slow
def test_every_command_works_as_it_is_tried_here(here: Path, soundgan: Run) -> None:
    for command in commands():
        if command == ("bench",):  # measures, which is what it is there for
            continue
        if command == ("recall",):  # says that a sound of an earlier version has other bytes now
            continue
        json = ["--json"] if speaks_json(command) else []
        words = [*command, *json, *ARGUMENTS.get(command, []), *OPTIONS.get(command, [])]
        outcome = soundgan(*words)
        assert outcome.code == 0, (words, outcome.stderr)
        assert not list(complaints(outcome, as_json=bool(json)))


def some_values(place: Place) -> list[str]:
    """Every nineteenth, others for the next place."""
    return VALUES[places().index(place) % 19 :: 19]


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(place, marks=[pytest.mark.slow] if place.command == ("evaluate",) else [])
        for place in places()
    ],
    ids=str,
)
@pytest.mark.usefixtures("in_time")
def test_a_value_of_any_kind_is_taken_or_refused_in_one_line(
    place: Place, strange: Path, soundgan: Run
) -> None:
    wrong = [line for value in some_values(place) for line in try_value(place, value, soundgan)]
    assert not wrong, "\n".join(wrong)
    assert not (strange / "owned").exists()


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("place", places(without="evaluate"), ids=str)
@pytest.mark.usefixtures("in_time")
def test_any_value_anywhere_is_taken_or_refused_in_one_line(
    place: Place, value: str, strange: Path, soundgan: Run
) -> None:
    wrong = try_value(place, value, soundgan)
    assert not wrong, "\n".join(wrong)
    assert not (strange / "owned").exists()
