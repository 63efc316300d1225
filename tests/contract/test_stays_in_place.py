"""Every command as a person starts it: no network, and no file but those it was told to write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.surface import commands
from tests.contract.test_values import ARGUMENTS, OPTIONS

LISTENED = """
import json, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests import audit
audit.install()
from soundgan.cli.app import main
with audit.recording(*map(Path, {allowed!r})) as strayed:
    try:
        main()
    except SystemExit as left:
        code = left.code
Path({report!r}).write_text(json.dumps([code or 0, strayed]))
"""
ROOT = Path(__file__).resolve().parents[2]
QUICKLY: dict[tuple[str, ...], list[str]] = {("bench",): ["--batch-sizes", "1"]}


LISTENING = ("serve",)
"""Goes on until it is stopped; its own tests look at what it writes."""


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({*commands()} - {LISTENING}), ids=" ".join)
def test_a_command_writes_where_it_was_told(
    command: tuple[str, ...], here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    aside = tmp_path_factory.mktemp("aside")
    home, report = aside / "home", aside / "report.json"
    home.mkdir()
    script = LISTENED.format(root=str(ROOT), allowed=[str(here), str(home)], report=str(report))
    words = [*command, *ARGUMENTS.get(command, []), *OPTIONS.get(command, [])]
    environment = {
        k: v for k, v in os.environ.items() if k not in ("SOUNDGAN_CACHE", "MPLCONFIGDIR")
    }
    subprocess.run(
        [sys.executable, "-c", script, *words, *QUICKLY.get(command, [])],
        check=True,
        cwd=here,
        env=environment | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")},
        capture_output=True,
    )
    code = 3 if command == ("recall",) else 0  # a sound of an earlier version has other bytes now
    assert json.loads(report.read_text()) == [code, []]
    kept = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert all(name.startswith((".cache/soundgan/", ".cache/matplotlib/")) for name in kept)
