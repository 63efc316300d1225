"""What README.md and CONTRIBUTING.md say is true: options exist, files exist, commands run.

A ```` ```bash ```` block is run when the line before it is one of::

    <!-- tested -->
    <!-- tested: slow -->
    <!-- tested: slow; train --max-steps 2; generate --device cpu -->

All tested blocks run one after the other in one folder, so a later one may use what an earlier one
made. The second form is for what trains; the third also adds options to the commands it names, for
runs that would take a reader's half hour.
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

import pytest
from typer.main import get_command

from soundgan.augmentations import AUGMENTATIONS
from soundgan.cli.app import app
from soundgan.errors import ExitCode
from soundgan.inversion import INVERSIONS
from soundgan.losses import LOSSES
from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.representations import REPRESENTATIONS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

MARKED_BLOCK = re.compile(
    r"^<!-- tested(?P<slow>: slow)?(?:; (?P<extra>[^>]+?))? -->\n```bash\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CODE = re.compile(r"^```.*?\n(?P<block>.*?)^```$|`(?P<inline>[^`\n]+)`", re.MULTILINE | re.DOTALL)
END_OF_COMMAND = {"|", "||", "&&", ";", "&", ">", ">>", "2>", "<"}


# -- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """Commands that the text promises to work."""

    text: str
    slow: bool
    extra: tuple[str, ...]


def marked_blocks(text: str) -> list[Block]:
    return [
        Block(m["text"], bool(m["slow"]), tuple(m["extra"].split("; ")) if m["extra"] else ())
        for m in MARKED_BLOCK.finditer(text)
    ]


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


def all_commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
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
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"


# -- the readers themselves --------------------------------------------------------------------

SAMPLE = """
Run `soundgan info -q` or:

<!-- tested: slow; train --max-steps 2 -->
```bash
soundgan train --config base \\
    --set a=1  # half an hour
soundgan info | less --not-ours
```

```bash
soundgan prepare not-tested
```

<!-- tested -->
```bash
cat soundgan.toml; pip install soundgan
```
"""


def test_marked_blocks_are_found_with_their_marks() -> None:
    first, second = marked_blocks(SAMPLE)
    assert (first.slow, first.extra) == (True, ("train --max-steps 2",))
    assert first.text.startswith("soundgan train")
    assert first.text.endswith("--not-ours\n")
    assert (second.slow, second.extra) == (False, ())


def test_commands_are_found_in_code_only() -> None:
    assert list(soundgan_commands(f"soundgan is a noun\n{SAMPLE}")) == [
        ["info", "-q"],
        ["train", "--config", "base", "--set", "a=1"],
        ["info"],
        ["prepare", "not-tested"],
    ]


def test_a_block_runs_with_its_extra_options_and_fails_when_a_command_does(tmp_path: Path) -> None:
    run_block(Block("soundgan info > out\n", slow=False, extra=("info --json",)), tmp_path)
    assert (tmp_path / "out").read_text().startswith("{")
    with pytest.raises(AssertionError, match="no-such-option"):
        run_block(Block("soundgan info --no-such-option\ntrue\n", slow=False, extra=()), tmp_path)


# -- the documents -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_command_and_option_shown_exists(text: str) -> None:
    for words in soundgan_commands(text):
        name, command = lookup(words)
        for word in words:
            if re.match(r"--?[a-zA-Z]", word):
                option = word.partition("=")[0]
                assert option in options_of(command), f"{name} has no option {option}"


def test_every_option_in_the_running_text_exists_somewhere() -> None:
    known = set().union(*(options_of(command) for _, command in all_commands(get_command(app))))
    for match in re.finditer(r"`(--[a-z][a-z-]*)[^`\n]*`", README):
        assert match[1] in known, f"no command has an option {match[1]}"


def test_every_command_is_in_the_readme() -> None:
    for path, command in all_commands(get_command(app)):
        if path and not hasattr(command, "commands"):
            assert f"soundgan {' '.join(path)}" in README


def test_every_part_is_in_the_readme() -> None:
    for registry in (
        REPRESENTATIONS,
        INVERSIONS,
        GENERATORS,
        DISCRIMINATORS,
        LOSSES,
        AUGMENTATIONS,
    ):
        for name in registry.names():
            assert f"`{name}`" in README, f"{registry.kind} {name}"


def test_the_readme_lists_exactly_the_exit_codes_there_are() -> None:
    rows = re.findall(r"^\| (\d+(?:, \d+)*) \|", README, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(", ")} == set(ExitCode)


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_file_of_the_checkout_that_is_named_exists(text: str) -> None:
    for match in re.finditer(r"`((?:soundgan|tests|configs|docs)/[\w./-]+)`", text):
        if "NAME" not in match[1]:
            assert (ROOT / match[1]).exists(), match[1]


def test_the_quick_blocks_of_the_readme_run(tmp_path: Path) -> None:
    for block in marked_blocks(README):
        if not block.slow:
            run_block(block, tmp_path)


@pytest.mark.slow
def test_all_tested_blocks_of_the_readme_run(tmp_path: Path) -> None:
    blocks = marked_blocks(README)
    assert blocks
    for block in blocks:
        run_block(block, tmp_path)
