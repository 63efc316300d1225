"""Choosing a recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundgan.ingest import corpus as module
from soundgan.ingest.corpus import Corpus
from soundgan.ingest.options import PrepareOptions
from soundgan.ingest.pool import Pool
from soundgan.pipelines.prepare.choose import choose
from soundgan.reporting import SilentReporter
from tests.listeners import Listener
from tests.sounds import silence, tone, write


def test_a_length_in_seconds_is_rounded_up_to_columns_of_an_image() -> None:
    options = PrepareOptions(sample_rate=44100, clip_seconds=1.0)
    with Pool(1, timeout=9) as pool:
        choice = choose(Corpus(Path(), [], pool, SilentReporter()), options, Path())
    assert choice.comparison is None
    assert choice.recipe.n_samples == 345 * 128


def test_what_was_chosen_is_said_with_the_option_that_overrides_it(tmp_path: Path) -> None:
    files = []
    for number in range(10):
        seconds = 9.0 if number < 3 else 0.5
        files.append(write(tmp_path / f"{number}.wav", tone(seconds)).name)
    heard = Listener()
    with Pool(1, timeout=60) as pool:
        choice = choose(Corpus(tmp_path, files, pool, heard), PrepareOptions(), tmp_path / "out")
    assert choice.recipe.sample_rate == 8000
    assert choice.comparison is not None
    assert choice.comparison.best.n_samples == choice.recipe.n_samples
    assert 3.5 * 8000 < choice.recipe.n_samples <= 4 * 8000
    assert heard.said == [
        "sample rate 8000 Hz: 10 of 10 files looked at; `sample_rate` overrides it",
        f"clip length {choice.recipe.n_samples / 8000:.3f} s: holds 70 of 100 sounds whole; "
        "`clip_seconds` overrides it",
    ]


def test_the_search_goes_on_when_the_first_sample_holds_no_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAMPLE_FILES", 3)
    for number in range(7):
        (tmp_path / f"{number}.wav").write_text("no sound")
    write(tmp_path / "odd.dat", tone(0.5, rate=11025), 11025, format="WAV")
    files = sorted(path.name for path in tmp_path.iterdir())
    with Pool(1, timeout=60) as pool:
        corpus = Corpus(tmp_path, files, pool, SilentReporter())
        choice = choose(corpus, PrepareOptions(), tmp_path / "out")
    assert choice.recipe.sample_rate == 11025


def test_what_becomes_of_long_recordings_is_said(tmp_path: Path) -> None:
    beats = np.concatenate(
        [np.concatenate([tone(0.2, hertz=h), silence(0.5)]) for h in range(200, 2000, 200)]
    )
    files, out = [write(tmp_path / "take.wav", beats).name], tmp_path / "out"
    heard = Listener()
    with Pool(1, timeout=60) as pool:
        choice = choose(Corpus(tmp_path, files, pool, heard), PrepareOptions(), out)
        assert choice.slicing.stated is True
        assert choice.recipe.n_samples / 8000 < 0.3
        options = PrepareOptions(slice=False)
        assert not choose(Corpus(tmp_path, files, pool, heard), options, out).slicing.stated
        for number in range(3):
            files.append(write(tmp_path / f"{number}.wav", tone(0.2)).name)
        assert not choose(
            Corpus(tmp_path, files, pool, heard), PrepareOptions(), out
        ).slicing.stated
    assert [line for line in heard.said if "recording" in line] == [
        "long recordings: 1 of 1 files, cut where sounds begin; `slice=False` prevents it",
        "long recordings: 1 of 4 files, one clip of each; `slice` gives one per sound",
    ]


def test_a_rate_that_is_not_kept_is_said_with_that_of_the_files(tmp_path: Path) -> None:
    files = [write(tmp_path / "a.wav", tone(0.2, rate=96_000), 96_000).name]
    heard = Listener()
    with Pool(1, timeout=60) as pool:
        choose(Corpus(tmp_path, files, pool, heard), PrepareOptions(clip_seconds=0.3), tmp_path)
    assert heard.said[0] == (
        "sample rate 48000 Hz: 1 of 1 files have 96000 Hz; `sample_rate` overrides it"
    )
