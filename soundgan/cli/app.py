"""The program: one line per command; every expected failure is one line and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated, Any, NoReturn

import typer

from soundgan.cli.bench import bench
from soundgan.cli.config import config_app
from soundgan.cli.console import printable, release_terminal, tell
from soundgan.cli.demo_data import demo_data
from soundgan.cli.evaluate import evaluate
from soundgan.cli.generate import generate
from soundgan.cli.info import info
from soundgan.cli.invert import invert
from soundgan.cli.kit import kit
from soundgan.cli.like import like
from soundgan.cli.models import models_app
from soundgan.cli.morph import morph
from soundgan.cli.plain import PlainGroup, PlainTyper
from soundgan.cli.prepare import prepare
from soundgan.cli.project import project
from soundgan.cli.recall import recall
from soundgan.cli.serve import serve
from soundgan.cli.spectrogram import spectrogram
from soundgan.cli.train import train
from soundgan.cli.vary import vary
from soundgan.cli.verify import verify
from soundgan.errors import ExitCode, SoundGANError
from soundgan.version import VERSION

MOST_CHARACTERS = 1000
"""Of a refusal: it begins with the place and ends with the remedy."""


class Program(PlainGroup):
    """Turns what a person can fix, and Ctrl-C, into one line on stderr."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return self._run(ctx)
        except SoundGANError as error:
            tell(f"error: {_in_one_line(str(error))}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt as error:
            word, code = _way_out(error)
            tell(word)
            raise typer.Exit(code) from None
        except (
            OSError,
            ImportError,
            AttributeError,
            TypeError,
            MemoryError,
            RuntimeError,
        ) as error:
            reason = _outside_reason(error, ctx.invoked_subcommand)
            if reason is None:
                raise
            tell(f"error: {_in_one_line(reason)}")
            raise typer.Exit(ExitCode.FAILED) from None

    def _run(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        finally:
            release_terminal()


app = PlainTyper(
    cls=Program,
    name="soundgan",
    help="New sounds from your own: prepare a folder, train a GAN, generate WAVs.",
    epilog="Start with: soundgan prepare FOLDER, then soundgan train, then soundgan generate.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(prepare)
app.command()(train)
app.command()(generate)
app.command()(vary)
app.command()(morph)
app.command()(like)
app.command()(project)
app.command()(kit)
app.command()(recall)
app.command()(evaluate)
app.command()(spectrogram)
app.command()(invert)
app.command()(serve)
app.command()(bench)
app.add_typer(config_app, name="config")
app.add_typer(models_app, name="models")
app.command()(info)
app.command()(verify)
app.command(name="demo-data")(demo_data)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"soundgan {VERSION}\n")
        raise typer.Exit


@app.callback()
def _options(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Options of the program itself."""
    if ctx.invoked_subcommand not in WITHOUT_TORCH:
        from soundgan.runtime.memory import demand_room_for_torch

        demand_room_for_torch()


def main() -> None:
    """Entry point of the ``soundgan`` script."""
    from soundgan.runtime.streams import open_streams

    open_streams()
    # Threads that wait by spinning starve each other when anything else uses the machine; those
    # that sleep at once are late for the next operation. They spin for some 30 microseconds. Read
    # by torch when it is first imported.
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
        os.environ.setdefault("GOMP_SPINCOUNT", "3000")
    from soundgan.runtime.signals import unwind_on_signals

    unwind_on_signals()
    _name_the_nameless()
    try:
        app()
    except SystemExit as end:
        code = _after_output(end.code)
        if code in STOPPED:
            _leave(int(code))
        gc.freeze()  # collecting everything once more takes longer than many a command
        sys.exit(code)


STOPPED = (ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.HUNG_UP)


def _leave(code: int) -> NoReturn:
    """End the process, which has cleaned up, without taking everything apart.

    Somebody waits, and that takes a second or two once torch is there. Threads still at work on
    what nobody wants any more are not waited for either.
    """
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)


def _name_the_nameless() -> None:
    """Let a user id do that has no name, as in containers.

    torch calls a folder after the user, and fails; Matplotlib makes do with a temporary folder,
    and tells everybody.
    """
    if sys.platform == "win32":
        return
    import pwd

    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        import logging

        os.environ["LOGNAME"] = os.environ.get("LOGNAME") or f"uid{os.getuid()}"
        logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _after_output(code: str | int | None) -> str | int | None:
    """The exit code, once everything is written: a result that nobody could see is no success."""
    from soundgan.runtime.streams import output_failure

    failure = output_failure()
    if failure is None:
        return code
    reason = (failure.strerror or str(failure)).lower()
    tell(f"error: standard output: cannot write: {reason}")
    return code or ExitCode.FAILED


def _outside_reason(error: Exception, command: str | None) -> str | None:
    """What machine or installation are to blame for; ``None`` for a fault of this program."""
    from soundgan.runtime.memory import is_out_of_memory

    if is_out_of_memory(error):
        error.__traceback__ = None  # which holds what the work had made
        return _shortage(error, command)
    from soundgan.runtime.installation import trouble_behind

    trouble = None if isinstance(error, RuntimeError) else trouble_behind(error)
    if trouble is None and isinstance(error, OSError):
        # Something that no command expects: no handles, no processes left.
        place = f"{error.filename}: " if error.filename else ""
        return place + (error.strerror or str(error)).lower()
    return trouble


WITHOUT_TORCH = {"config", "demo-data", "info"}
"""Commands that run without it, or say that it cannot be loaded."""

LESS_MEMORY = {
    "prepare": "choose --jobs 1",
    "train": "choose a smaller training.batch_size or a smaller preset",
    "generate": "choose a smaller --batch-size",
    "evaluate": "choose a smaller --count",
    "bench": "choose smaller --batch-sizes",
}
"""What makes a command need less."""


def _shortage(error: BaseException, command: str | None) -> str:
    """What is said where there is not enough memory."""
    from soundgan.runtime.memory import address_limit

    there, remedy = "none is left", "close other programs"
    if limit := address_limit():
        there, remedy = f"ulimit -v allows {limit / 1e9:.2g} GB, too little", "raise that limit"
    if command in LESS_MEMORY and not isinstance(error, ImportError):
        remedy += f", or {LESS_MEMORY[command]}"
    return f"memory: {there}; {remedy}"


def _in_one_line(text: str) -> str:
    """What quotes names and values of others, whatever they hold and however long they are."""
    line = printable(text).replace("\n", "\\n")
    if len(line) > MOST_CHARACTERS:
        line = f"{line[: MOST_CHARACTERS // 2]} ... {line[-MOST_CHARACTERS // 2 :]}"
    return line


def _way_out(error: KeyboardInterrupt) -> tuple[str, ExitCode]:
    """What is said of Ctrl-C and the signals like it, and what the program leaves with."""
    from soundgan.runtime.signals import HungUp, Terminated

    if isinstance(error, Terminated):
        return "terminated", ExitCode.TERMINATED
    if isinstance(error, HungUp):
        return "terminal closed", ExitCode.HUNG_UP
    return "interrupted", ExitCode.INTERRUPTED
