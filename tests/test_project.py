"""What stands around the code: addresses, hooks and the files that a public host reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from soundgan.version import VERSION

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[1]
HOME = "https://github.com/soundgan/soundgan"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_all_addresses_lead_to_one_home() -> None:
    for address in (*PROJECT["urls"].values(), read("CITATION.cff")["repository-code"]):
        assert address.startswith(HOME)


def test_the_citation_names_the_authors_and_the_licence_of_the_package() -> None:
    citation = read("CITATION.cff")
    assert citation["authors"] == PROJECT["authors"]
    assert citation["license"] == PROJECT["license"]


def test_the_hooks_before_a_commit_are_the_checks_of_make_test() -> None:
    rule = re.search(r"^test: .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert rule is not None
    commands = [line.strip().replace("$(BIN)", ".venv/bin") for line in rule[1].splitlines()]
    checks = [command for command in commands if "pytest" not in command]
    (local,) = read(".pre-commit-config.yaml")["repos"]
    assert [hook["entry"] for hook in local["hooks"]] == checks


def test_the_matrix_covers_three_systems_and_runs_what_make_test_runs() -> None:
    job = read(".github/workflows/ci.yml")["jobs"]["test"]
    matrix = job["strategy"]["matrix"]
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    run = {step.get("run", "") for step in job["steps"]}
    for command in re.findall(r"^\t\$\(BIN\)/(.*)$", MAKEFILE.partition("\ntest-all:")[0], re.M):
        if command.split()[0] in {"ruff", "mypy", "pytest"}:
            assert command in run


@pytest.mark.parametrize("path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda p: p.name)
def test_what_the_host_reads_is_a_table(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)


def test_one_version_stands_in_the_package_the_citation_and_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    assert newest is not None
    citation = read("CITATION.cff")
    assert (citation["version"], str(citation["date-released"])) == newest.groups()
    assert newest[1] == VERSION
    assert PROJECT["dynamic"] == ["version"]


def test_no_two_entries_of_a_version_begin_alike() -> None:
    """A merge that keeps the lines of both sides tells a thing twice."""
    for version in (ROOT / "CHANGELOG.md").read_text("utf-8").split("\n## "):
        starts = re.findall(r"^- (.{40})", version, re.MULTILINE)
        assert sorted(starts) == sorted(set(starts))
