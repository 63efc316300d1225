"""A folder that is prepared again is as if prepared for the first time."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundgan.audio import ffmpeg
from soundgan.data.dataset import PreparedDataset
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.sounds import silence, tone, write

SLICED = {"slice": True, "unlabelled": True}


def sides(mono: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """Two channels whose mean is ``mono``, exactly, and which are louder than it."""
    return np.stack([mono + difference, mono - difference], axis=1)


def on_a_grid(waveform: np.ndarray) -> np.ndarray:
    """Samples whose sums and means are exact; none is minus zero."""
    return (np.round(waveform * 4096) / 4096 + 0.0).astype(np.float32)


def test_the_slices_of_a_deleted_file_are_those_of_its_twin(
    tmp_path: Path, prepare: Prepare, rng: np.random.Generator
) -> None:
    mono = on_a_grid(rng.normal(0, 0.05, 8000))
    source = tmp_path / "source"
    write(source / "a.wav", sides(mono, on_a_grid(tone(1.0))), subtype="FLOAT")
    write(source / "b.wav", mono, subtype="FLOAT")
    prepare(source, tmp_path / "out", **SLICED)
    (source / "a.wav").unlink()
    prepare(source, tmp_path / "out", **SLICED)
    prepare(source, tmp_path / "fresh", **SLICED)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_the_loudest_sample_of_all_slices_is_one_decibel_below_full_scale(
    tmp_path: Path, prepare: Prepare
) -> None:
    hits = [tone(0.25, level=0.1), silence(0.25), tone(0.25, level=0.2), silence(0.25)]
    mono = on_a_grid(np.concatenate(hits) + 0.25)
    source = tmp_path / "source"
    write(source / "a.wav", sides(mono, on_a_grid(tone(1.0, hertz=50))), subtype="FLOAT")
    prepare(source, tmp_path / "out", **SLICED)
    dataset = PreparedDataset.open(tmp_path / "out")
    peaks = np.abs(dataset.for_models.samples(np.arange(len(dataset))) / 32768.0).max(axis=1)
    assert peaks.max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
    assert peaks.min() == pytest.approx(10 ** (-1 / 20) / 2, abs=5e-3)


def test_what_another_ffmpeg_would_decode_is_decoded_again_when_it_is_another(
    tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, sound = tmp_path / "bin" / "ffmpeg", tmp_path / "sound.au"
    program.parent.mkdir()
    script = f'[ "$1" = -version ] && exec cat {tmp_path}/version; exec cat {sound}'
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    write(tmp_path / "source" / "a.wav", tone(0.2))
    (tmp_path / "source" / "b.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))

    def prepared(version: str, hertz: float) -> tuple[np.ndarray, dict[str, str]]:
        (tmp_path / "version").write_text(f"ffmpeg version {version} Copyright")
        write(sound, tone(0.2, hertz=hertz), subtype="FLOAT")
        ffmpeg._version_of.cache_clear()
        result = prepare(tmp_path / "source", tmp_path / "out")
        dataset = PreparedDataset.open(tmp_path / "out")
        return dataset.for_models.samples(np.array([1])), result.report["parameters"]["libraries"]

    first, libraries = prepared("7.1", 300.0)
    assert libraries["ffmpeg"] == "7.1"
    again, _ = prepared("7.1", 900.0)
    np.testing.assert_array_equal(again, first)
    other, libraries = prepared("7.2", 900.0)
    assert libraries["ffmpeg"] == "7.2"
    assert not np.array_equal(other, first)
    (tmp_path / "source" / "b.m4a").unlink()
    assert (
        "ffmpeg"
        not in prepare(tmp_path / "source", tmp_path / "out").report["parameters"]["libraries"]
    )


def _sound(chance: random.Random) -> tuple[np.ndarray, str, str]:
    """Samples, format and subtype; few enough kinds that twins are common."""
    hertz, seconds = chance.choice([200, 330]), chance.choice([0.2, 0.7])
    mono = on_a_grid(tone(seconds, hertz=hertz, level=0.1))
    if chance.random() < 0.1:
        mono = silence(0.3)
    elif chance.random() < 0.3:  # a recording of several sounds
        hit = np.concatenate([mono, silence(1.1)])
        mono = np.concatenate([hit, 0.5 * hit, 0.7 * hit, 0.9 * hit])
    if chance.random() < 0.5:
        return sides(mono, on_a_grid(tone(len(mono) / 8000, hertz=70))), "WAV", "FLOAT"
    return (mono, *chance.choice([("WAV", "FLOAT"), ("WAV", "PCM_16"), ("FLAC", "PCM_24")]))


def _add(files: list[Path], place: Path, chance: random.Random) -> None:
    samples, form, subtype = _sound(chance)
    write(place, samples, format=form, subtype=subtype)


def _delete(files: list[Path], place: Path, chance: random.Random) -> None:
    if len(files) > 3:
        chance.choice(files).unlink()


def _move(files: list[Path], place: Path, chance: random.Random) -> None:
    chance.choice(files).replace(place)


def _copy(files: list[Path], place: Path, chance: random.Random) -> None:
    place.write_bytes(chance.choice(files).read_bytes())


def _swap(files: list[Path], place: Path, chance: random.Random) -> None:
    one, other = chance.sample(files, 2)
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)


def _touch(files: list[Path], place: Path, chance: random.Random) -> None:
    os.utime(chance.choice(files), (1, chance.randrange(1, 10**9)))


def _cut(files: list[Path], place: Path, chance: random.Random) -> None:
    path = chance.choice(files)
    path.write_bytes(path.read_bytes()[: chance.randrange(1, 900)])


def _spoil(files: list[Path], place: Path, chance: random.Random) -> None:
    place.write_bytes(chance.randbytes(200))


CHANGES = [_add, _add, _add, _delete, _move, _copy, _copy, _swap, _touch, _cut, _spoil]


PLACES = ["a", "b", "A", "c/d", "train/a", "test/b", ""]


def _change(folder: Path, chance: random.Random) -> None:
    """Something that happens to folders."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    place = folder / chance.choice(PLACES) / f"{chance.randrange(9)}.wav"
    place.parent.mkdir(parents=True, exist_ok=True)
    chance.choice(CHANGES)(files, place, chance)


def _live(tmp_path: Path, prepare: Prepare, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    source = tmp_path / "source"
    for number in range(6):
        write(source / chance.choice("ab") / f"{number}.wav", tone(0.2, hertz=150 + 31 * number))
    for number in range(changes):
        for _ in range(chance.randrange(1, 4)):
            _change(source, chance)
        options: dict[str, Any] = chance.choice(
            [{}, {"unlabelled": True}, {"label_pattern": r"(?P<label>\d)"}]
        )
        options |= {
            "slice": (None, True, False)[seed % 3],
            "channel": chance.choice(["mix", "left", "right"]),
        }
        prepare(source, tmp_path / "out", **options)
        prepare(source, tmp_path / f"fresh{number}", **options)
        assert tree(tmp_path / "out") == tree(tmp_path / f"fresh{number}"), (seed, number)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_a_folder_its_dataset_is_that_of_a_fresh_start(
    tmp_path: Path, prepare: Prepare, seed: int
) -> None:
    _live(tmp_path, prepare, seed, changes=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_a_folder_that_lives_long_is_still_as_if_prepared_once(
    tmp_path: Path, prepare: Prepare, seed: int
) -> None:
    _live(tmp_path, prepare, seed, changes=12)
