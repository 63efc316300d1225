"""What holds of every command, however it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from soundgan.errors import ExitCode
from soundgan.spelling import PARAMETER
from tests.conftest import Outcome

ONE_LINE = re.compile(r"(error|warning): .+\n")
USAGE = re.compile(r"Usage: .*Error", re.DOTALL)
FAILURES = {code for code in ExitCode if code not in (ExitCode.OK, ExitCode.PARTIAL)}
LONGEST = 2000
"""Characters of a refusal: what is quoted of a value is cut."""


def complaints(outcome: Outcome, *, as_json: bool) -> Iterator[str]:
    """Promises that an outcome breaks."""
    said = outcome.stdout + outcome.stderr
    if outcome.code not in set(ExitCode):
        yield f"exit code {outcome.code} is not documented"
    if "\x1b" in said:
        yield "colours for a pipe"
    if PARAMETER.search(said):
        yield "a parameter as Python spells it"
    if "Traceback" in said:
        yield "a traceback"
    if outcome.code in FAILURES:
        yield from _of_a_failure(outcome)
    if as_json and (outcome.stdout or outcome.code not in FAILURES):
        yield from _of_json(outcome.stdout)


def _of_a_failure(outcome: Outcome) -> Iterator[str]:
    if outcome.stdout.startswith("{"):  # which says what is wrong
        return
    if outcome.stdout:
        yield "a result on stdout"
    if USAGE.search(outcome.stderr):  # in the words of the library that reads options
        return
    last = outcome.stderr.splitlines(keepends=True)[-1:]
    if not (last and ONE_LINE.fullmatch(last[0])):
        yield "no line that says what is wrong"
    if len(outcome.stderr) > LONGEST:
        yield f"{len(outcome.stderr)} characters of complaint"


def _of_json(stdout: str) -> Iterator[str]:
    try:
        document = json.loads(stdout)
    except ValueError:
        yield "stdout is no JSON"
        return
    if not isinstance(document, dict) or not isinstance(document.get("schema"), int):
        yield "JSON without a schema"
