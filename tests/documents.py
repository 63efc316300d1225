"""README, CONTRIBUTING and the pages in ``docs/``, and the code in them that can be run.

A ```` ```bash ```` block is run when the line before it is one of::

    <!-- tested -->
    <!-- tested: slow -->
    <!-- tested: slow; train --max-steps 2; generate --device cpu -->

All tested blocks of a page run one after the other in one folder, so a later one may use what an
earlier one made. The second form is for what takes long; the third also adds options to the
commands it names, for runs that would take a reader's half hour. What a page takes as given stands
where readers do not see it::

    <!-- before the tests: slow
    soundgan demo-data sounds
    -->

Every ```` ```python ```` block of README and ``docs/`` is run, those of a page as one script.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

from soundgan.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
"""What a user reads."""

TESTED = re.compile(
    r"^<!-- tested(?P<slow>: slow)?(?:; (?P<extra>[^>]+?))? -->\n```bash\n(?P<text>.*?)^```$"
    r"|^<!-- before the tests(?P<before_slow>: slow)?\n(?P<before>.*?)^-->$",
    re.MULTILINE | re.DOTALL,
)
PYTHON = re.compile(r"^```python\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?\n(?P<block>.*?)^```$|`(?P<inline>[^`\n]+)`", re.MULTILINE | re.DOTALL)
END_OF_COMMAND = {"|", "||", "&&", ";", "&", ">", ">>", "2>", "<"}


@dataclass(frozen=True)
class Block:
    """Commands that the text promises to work, and options that the tests add to them."""

    text: str
    slow: bool
    extra: tuple[str, ...] = ()


def page_id(path: Path) -> str:
    return path.stem


def blocks_of(page: str) -> list[Block]:
    """The tested blocks, and what they take as given, in their order."""
    return [
        Block(
            m["text"] if m["before"] is None else m["before"],
            slow=bool(m["slow"] or m["before_slow"]),
            extra=tuple(m["extra"].split("; ")) if m["extra"] else (),
        )
        for m in TESTED.finditer(page)
    ]


def python_of(page: str) -> str:
    """All Python blocks, one after the other."""
    return "\n".join(match["text"] for match in PYTHON.finditer(page))


def soundgan_commands(text: str) -> Iterator[list[str]]:
    """The words after ``soundgan`` in every command that stands in code."""
    for match in CODE.finditer(text):
        code = (match["block"] or match["inline"]).replace("\\\n", " ")
        for line in code.splitlines():
            for start in re.finditer(r"(?<![\w./-])soundgan (?=[a-z-])", line):
                words = shlex.split(line[start.end() :], comments=True)
                ends = [i for i, word in enumerate(words) if word in END_OF_COMMAND]
                yield words[: ends[0]] if ends else words


def lookup(words: list[str]) -> tuple[str, Any]:
    """The command that the words call, and its full name."""
    command: Any = get_command(app)
    name = "soundgan"
    for word in words:
        inner = getattr(command, "commands", None)
        if inner is None or word.startswith("-"):
            break
        assert word in inner, f"{name} {word}: no such command"
        command, name = inner[word], f"{name} {word}"
    return name, command


def options_of(command: Any) -> set[str]:
    known = {"--help", "-h"}
    for parameter in command.params:
        known.update(parameter.opts, parameter.secondary_opts)
    return known


def all_commands(
    command: Any = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group with the words that call it, the program itself first."""
    command = command or get_command(app)
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from all_commands(inner, (*path, name))


def run_block(block: Block, folder: Path) -> None:
    """Run a block in bash; ``soundgan`` is a function, so no installed script is needed."""
    cases = []
    for extra in block.extra:
        command, _, options = extra.partition(" ")
        cases.append(f'{command}) set -- "$@" {options} ;;')
    script = "\n".join(
        [
            "set -euo pipefail",
            "soundgan() {",
            *(['case "$1" in', *cases, "esac"] if cases else []),
            f'{shlex.quote(sys.executable)} -m soundgan "$@"',
            "}",
            block.text,
        ]
    )
    run(["bash", "-c", script], folder, block.text)


def run(command: list[str], folder: Path, what: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{what}\n{done.stdout}\n{done.stderr}"
