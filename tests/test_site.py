"""The documentation as a site: every page has its place, and nothing comes from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT, all_commands, options_of
from tools.reference import FAMILIES, pages, prose

MADE = pages()


def test_every_command_has_a_page_with_all_its_options() -> None:
    for path, command in all_commands():
        if path and path != ("config",):
            page = MADE[f"reference/{'-'.join(path)}.md"]
            for option in options_of(command) - {"-h", "--help"}:
                if option.startswith("-"):
                    assert f"`{option}`" in page, f"{path}: {option}"


def test_a_page_tells_values_defaults_and_meaning() -> None:
    page = MADE["reference/prepare.md"]
    assert "| `--sample-rate` | whole number, ≥ 1,000, ≤ 192,000 | Samples per second." in page
    assert re.search(r"\| `--channel` \| `mix`, `left`, `right` \| .* \| `mix` \|", page)
    assert "| `SRC` | Folder of sounds" in page


def test_the_keys_of_a_config_stand_with_ranges_and_meaning() -> None:
    page = MADE["reference/config.md"]
    assert (
        "| `batch_size` | whole number, ≥ 2, ≤ 65,536 | must be given | Clips per update. |" in page
    )
    assert "| `generator_optimizer.learning_rate` | number, > 0, ≤ 1 | must be given |" in page
    assert "| `balanced` | true or false | `false` |" in page


def test_every_part_stands_with_its_options() -> None:
    page = MADE["reference/parts.md"]
    for family in FAMILIES:
        for name in family.names():
            _, _, part = page.partition(f"\n### {family.kind} {name}\n")
            for key in family.load(name).Options.model_fields:
                assert f"| `{key}` |" in part.partition("\n### ")[0], f"{name}: {key}"


def test_sections_of_docstrings_become_lists() -> None:
    references = "One.\n\nReferences:\n    A and B,\n    1984.\n    C, 2013.\nLast.\n"
    assert prose(references) == "One.\n\nReferences:\n\n- A and B, 1984.\n- C, 2013.\nLast."
    raises = "One.\n\nRaises:\n    ConfigError: Too wide.\nLast.\n"
    assert prose(raises) == "One.\n\nRefused:\n\n- Too wide.\nLast."


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_asks_nothing_of_the_network(
    tmp_path: Path,
) -> None:
    pytest.importorskip("material")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    built = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert {name.replace(".md", ".html") for name in MADE} < built
    for path in tmp_path.rglob("*.html"):
        for tag in re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", path.read_text("utf-8")):
            address = re.search(r'(?:src|href)="?(https?:)?//', tag)
            assert address is None or 'rel="canonical"' in tag, f"{path.name}: {tag}"
