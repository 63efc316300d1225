"""``soundgan serve``: a page to play a model on, and an HTTP service."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from soundgan.cli.console import make_reporter
from soundgan.cli.options import Quiet, within
from soundgan.cli.sounds import ModelChoice
from soundgan.errors import DependencyError
from soundgan.ranges import SERVE


def serve(
    model: ModelChoice = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")
    ] = "127.0.0.1",
    port: Annotated[
        int, within(SERVE["port"], "--port", help="0 takes any port that is free.")
    ] = 8765,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote", help="Let other machines ask, with a token, on another --host."
        ),
    ] = False,
    token: Annotated[
        bool,
        typer.Option("--token", help="Demand a token also from this machine's other users."),
    ] = False,
    browser: Annotated[
        bool,
        typer.Option("--browser/--no-browser", help="Open the page, where there is a terminal."),
    ] = True,
    quiet: Quiet = False,
) -> None:
    """Play your model in a browser, and let programs ask for its sounds.

    Prints an address and answers until Ctrl-C. Only this machine is answered,
    unless --host and --allow-remote say otherwise. Nothing leaves it.
    """
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise DependencyError(
            f"{error.name}: not installed; soundgan serve needs it: pip install 'soundgan[serve]'"
        ) from None
    reporter = make_reporter(quiet=quiet)
    reporter.say("getting ready")
    from soundgan.serve.run import serve as run

    def started(url: str) -> None:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        reporter.say("open this address in a browser; Ctrl-C ends")
        if browser and sys.stdout.isatty():
            import webbrowser

            webbrowser.open(url)

    run(
        model=model,
        host=host,
        port=port,
        allow_remote=allow_remote,
        token=token,
        started=started,
    )
