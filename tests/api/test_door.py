from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import soundgan


def test_the_package_is_imported_without_anything_heavy() -> None:
    script = """
import sys
import soundgan
heavy = {"torch", "numpy", "librosa", "soundfile", "matplotlib", "pydantic", "typer"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", soundgan.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert name in dir(soundgan)
    found = getattr(soundgan, name)
    assert name == "__version__" or (found.__doc__ and found.__name__ == name)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        soundgan.generat  # noqa: B018


def test_type_checkers_see_the_names_that_are_imported_late() -> None:
    tree = ast.parse(Path(soundgan.__file__).read_text("utf-8"))
    seen = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    assert seen == soundgan._WHERE
