"""The main job in small: train on the drum kit, and hear which drum each new sound is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from soundgan.drums.kit import CLASSES, play
from tests.drums.character import Character, describe, nearest_class

PER_CLASS = 20


def soundgan(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "soundgan", *arguments, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Character]]:
    """Characters of new sounds, by the class that was asked for."""
    home = tmp_path_factory.mktemp("demo")
    soundgan("demo-data", home / "drums")
    soundgan("prepare", home / "drums", "--out", home / "prepared")
    soundgan("train", "--config", "demo", "--data", home / "prepared", "--run", home / "run")
    characters = {}
    for name in CLASSES:
        options = ("-n", str(PER_CLASS), "--seed", "0", "--label", name)
        soundgan("generate", "--model", home / "run", "--out", home / name, *options)
        files = sorted((home / name).glob("*.wav"))
        characters[name] = [describe(*soundfile.read(file, dtype="float32")) for file in files]
    return characters


def coordinates(characters: list[Character]) -> NDArray[np.float64]:
    """Logarithms of brightness and decay, [hits, 2]."""
    return np.log([(one.centroid_hz, one.decay_seconds) for one in characters])


@pytest.mark.slow
def test_most_generated_drums_are_recognised(generated: dict[str, list[Character]]) -> None:
    right = {
        name: np.mean([nearest_class(character) == name for character in characters])
        for name, characters in generated.items()
    }
    assert all(len(characters) == PER_CLASS for characters in generated.values())
    assert min(right.values()) >= 0.75, right
    assert np.mean(list(right.values())) >= 0.9, right


@pytest.mark.slow
@pytest.mark.parametrize("name", CLASSES)
def test_generated_drums_are_as_bright_as_long_and_as_varied_as_their_class(
    name: str, generated: dict[str, list[Character]]
) -> None:
    hits = [play(name, number, seed=0) for number in range(1, 61)]
    real = coordinates([describe(hit.waveform, hit.recording.sample_rate) for hit in hits])
    fake = coordinates(generated[name])
    brighter, longer = np.abs(fake.mean(axis=0) - real.mean(axis=0))
    assert brighter < np.log(1.5)
    assert longer < np.log(2.0)
    assert (fake.std(axis=0) > 0.1 * real.std(axis=0)).all()
