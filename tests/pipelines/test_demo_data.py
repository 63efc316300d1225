"""The drum corpus on disk: bytes, layout, repeats and refusals."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.drums.kit import CLASSES, play
from soundgan.errors import OutputError, UsageError
from soundgan.pipelines.demo_data import write_demo_data
from tests.listeners import Listener


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_runs_write_the_same_bytes_and_another_seed_other_ones(tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        write_demo_data(tmp_path / name, per_class=3, seed=seed)
    first, again, other = (hashes(tmp_path / name) for name in "abc")
    assert first == again
    assert set(first) == set(other)
    assert not set(first.values()) & set(other.values())


def test_a_small_corpus_is_the_beginning_of_a_large_one(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "small", per_class=2)
    write_demo_data(tmp_path / "large", per_class=4)
    assert hashes(tmp_path / "small").items() < hashes(tmp_path / "large").items()


def test_every_class_has_its_folder_and_every_file_is_what_its_name_says(tmp_path: Path) -> None:
    made = write_demo_data(tmp_path, per_class=7)
    assert made.counts == dict.fromkeys(CLASSES, 7)
    assert made.n_files == made.n_written == len(hashes(tmp_path)) == 35
    for path in tmp_path.rglob("*.*"):
        details = soundfile.info(path)
        assert path.parent.name in CLASSES
        assert details.format == path.suffix[1:].upper()
        assert details.subtype == "PCM_16"


@pytest.mark.parametrize("number", [1, 4, 6])
def test_a_file_holds_the_hit_to_16_bits(number: int, tmp_path: Path) -> None:
    write_demo_data(tmp_path, per_class=7, seed=5)
    hit = play("tom", number, seed=5)
    samples, rate = soundfile.read(tmp_path / hit.file_name, dtype="float32")
    assert rate == hit.recording.sample_rate
    np.testing.assert_allclose(samples, hit.waveform, atol=1.0 / 32768)


def test_a_second_run_writes_only_what_is_missing(tmp_path: Path) -> None:
    write_demo_data(tmp_path, per_class=2)
    (tmp_path / "clap" / "clap_0002.wav").unlink()
    assert write_demo_data(tmp_path, per_class=2).n_written == 1


def test_other_content_is_refused_unless_overwritten(tmp_path: Path) -> None:
    victim = tmp_path / "snare" / "snare_0001.wav"
    victim.parent.mkdir()
    victim.write_bytes(b"a recording of my own")
    with pytest.raises(OutputError, match=r"snare_0001\.wav: exists with other content"):
        write_demo_data(tmp_path, per_class=1)
    assert victim.read_bytes() == b"a recording of my own"
    write_demo_data(tmp_path, per_class=1, overwrite=True)
    assert soundfile.info(victim).frames > 0


def test_files_beside_the_corpus_are_left_alone_and_mentioned(tmp_path: Path) -> None:
    listener = Listener()
    write_demo_data(tmp_path, per_class=2)
    made = write_demo_data(tmp_path, per_class=1, reporter=listener)
    assert made.n_strangers == 5
    assert listener.warned == [f"{tmp_path}: 5 other files lie beside these 5"]


def test_progress_counts_every_file_once(tmp_path: Path) -> None:
    listener = Listener()
    write_demo_data(tmp_path, per_class=2, reporter=listener)
    assert listener.steps == [(n, 10) for n in range(1, 11)]
    assert listener.finished == ["drums"]


@pytest.mark.parametrize("per_class", [0, -1, 10_000])
def test_a_count_that_file_names_cannot_hold_is_refused(per_class: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"`per_class`: {per_class} is not from 1 to 9999"):
        write_demo_data(tmp_path, per_class=per_class)
    assert not any(tmp_path.iterdir())
