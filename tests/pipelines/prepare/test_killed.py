"""The command killed from outside, again and again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipelines.prepare.conftest import tree
from tests.sounds import tone, write


@pytest.mark.slow
def test_killed_at_random_the_same_command_finishes_with_the_same_bytes(tmp_path: Path) -> None:
    for number in range(600):
        seconds = 0.1 + number % 17 / 50
        write(
            tmp_path / "src" / f"{number % 3}" / f"{number}.wav", tone(seconds, hertz=100 + number)
        )

    def command(out: str) -> list[str]:
        return [sys.executable, "-m", "soundgan", "prepare", "src", "--out", out, "--jobs", "2"]

    began = time.monotonic()
    subprocess.run(command("whole"), cwd=tmp_path, check=True, capture_output=True)
    whole = time.monotonic() - began
    chance = random.Random(7)
    for number in range(10):
        out = f"out{number}"
        for _ in range(chance.randint(1, 3)):
            program = subprocess.Popen(
                command(out), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0.2, whole))
            program.kill()
            program.wait()
        subprocess.run(command(out), cwd=tmp_path, check=True, capture_output=True)
        assert tree(tmp_path / out) == tree(tmp_path / "whole")
