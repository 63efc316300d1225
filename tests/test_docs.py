"""What README, CONTRIBUTING and docs/ say is true: options and files exist, code runs."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from soundgan.augmentations import AUGMENTATIONS
from soundgan.errors import ExitCode
from soundgan.inversion import INVERSIONS
from soundgan.losses import LOSSES
from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.representations import REPRESENTATIONS
from tests.documents import (
    CODE,
    CONTRIBUTING,
    PAGES,
    README,
    ROOT,
    Block,
    all_commands,
    blocks_of,
    lookup,
    options_of,
    page_id,
    python_of,
    run,
    run_block,
    soundgan_commands,
)

TEXTS = {path: path.read_text("utf-8") for path in (*PAGES, CONTRIBUTING)}
EVERYTHING = "\n".join(TEXTS[path] for path in PAGES)
"""What a user can read, as one."""

# -- the readers themselves --------------------------------------------------------------------

SAMPLE = """
Run `soundgan info -q` or:

<!-- before the tests
soundgan demo-data a
-->

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

```python
a = 1
```
```python
print(a)
```
"""


def test_tested_blocks_are_found_with_their_marks() -> None:
    before, first, second = blocks_of(SAMPLE)
    assert before == Block("soundgan demo-data a\n", slow=False)
    assert (first.slow, first.extra) == (True, ("train --max-steps 2",))
    assert first.text.startswith("soundgan train")
    assert first.text.endswith("--not-ours\n")
    assert (second.slow, second.extra) == (False, ())


def test_python_blocks_are_joined_in_their_order() -> None:
    assert python_of(SAMPLE) == "a = 1\n\nprint(a)\n"


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
        run_block(Block("soundgan info --no-such-option\ntrue\n", slow=False), tmp_path)


# -- what is named exists ----------------------------------------------------------------------


@pytest.mark.parametrize("path", TEXTS, ids=page_id)
def test_every_command_and_option_shown_exists(path: Path) -> None:
    for words in soundgan_commands(TEXTS[path]):
        name, command = lookup(words)
        for word in words:
            if re.match(r"--?[a-zA-Z]", word):
                option = word.partition("=")[0]
                assert option in options_of(command), f"{name} has no option {option}"


def test_every_option_in_the_running_text_exists_somewhere() -> None:
    known = set().union(*(options_of(command) for _, command in all_commands()))
    for match in re.finditer(r"`(--[a-z][a-z-]*)[^`\n]*`", EVERYTHING):
        assert match[1] in known, f"no command has an option {match[1]}"


@pytest.mark.parametrize("path", TEXTS, ids=page_id)
def test_every_file_of_the_checkout_that_is_named_exists(path: Path) -> None:
    folders = "soundgan|tests|configs|docs|examples|tools"
    for match in re.finditer(rf"`((?:{folders})/[\w./-]+)`", TEXTS[path]):
        if "NAME" not in match[1]:
            assert (ROOT / match[1]).exists(), match[1]


def anchors_of(path: Path) -> set[str]:
    """The addresses of a page's headings."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", TEXTS, ids=page_id)
def test_every_link_leads_somewhere(path: Path) -> None:
    prose = CODE.sub("", TEXTS[path])
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if not target.startswith("http"):
            name, _, anchor = target.partition("#")
            page = path.parent / name if name else path
            assert page.exists(), target
            assert not anchor or anchor in anchors_of(page), target


# -- what exists is named ----------------------------------------------------------------------


def test_every_command_is_documented() -> None:
    for path, command in all_commands():
        if path and not hasattr(command, "commands"):
            assert f"soundgan {' '.join(path)}" in EVERYTHING


def test_every_part_is_documented() -> None:
    for registry in (
        REPRESENTATIONS,
        INVERSIONS,
        GENERATORS,
        DISCRIMINATORS,
        LOSSES,
        AUGMENTATIONS,
    ):
        for name in registry.names():
            assert f"`{name}`" in EVERYTHING, f"{registry.kind} {name}"


def test_the_exit_codes_are_exactly_those_there_are() -> None:
    text = TEXTS[ROOT / "docs/commands.md"]
    rows = re.findall(r"^\| (\d+(?:, \d+)*) \|", text, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(", ")} == set(ExitCode)


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    assert len(TEXTS[README].splitlines()) <= 120
    for page in PAGES[1:]:
        assert f"(docs/{page.name})" in TEXTS[README], page.name


# -- what can be run, runs ---------------------------------------------------------------------

QUICK = [path for path in PAGES if any(not block.slow for block in blocks_of(TEXTS[path]))]
SLOW = [path for path in PAGES if any(block.slow for block in blocks_of(TEXTS[path]))]


@pytest.mark.parametrize("path", QUICK, ids=page_id)
def test_the_quick_blocks_of_a_page_run(path: Path, tmp_path: Path) -> None:
    for block in blocks_of(TEXTS[path]):
        if not block.slow:
            run_block(block, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", SLOW, ids=page_id)
def test_all_tested_blocks_of_a_page_run(path: Path, tmp_path: Path) -> None:
    for block in blocks_of(TEXTS[path]):
        run_block(block, tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[] if path == README else [pytest.mark.slow])
        for path in PAGES
        if python_of(TEXTS[path])
    ],
    ids=page_id,
)
def test_the_python_of_a_page_runs(path: Path, tmp_path: Path) -> None:
    script = python_of(TEXTS[path])
    run([sys.executable, "-c", script], tmp_path, script)


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name)
def test_an_example_runs(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, path], cwd=tmp_path, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("*.wav"))


SHOWN = [
    path for path in sorted((ROOT / "soundgan").rglob("*.py")) if ">>>" in path.read_text("utf-8")
]


def test_the_public_door_shows_how_it_is_used() -> None:
    shown = {str(path.relative_to(ROOT / "soundgan")) for path in SHOWN}
    assert {"__init__.py", "api/datasets.py", "api/model.py", "api/pictures.py"} <= shown


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_in_docstrings_give_what_they_show(path: Path) -> None:
    module = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(module).removesuffix(".__init__")
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
