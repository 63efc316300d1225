from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundgan.ingest.options import PrepareOptions
from soundgan.pipelines.prepare.alternatives import (
    MORE,
    Alternative,
    Offer,
    clip_length,
    compare,
    make_offers,
)
from soundgan.pipelines.prepare.run import prepare_folder
from soundgan.pipelines.prepare.spread import Spread
from soundgan.reporting import SilentReporter
from tests.sounds import write


def offer(seconds: float, silent: float = 0.3, *, shortest: bool = False) -> Offer:
    return Offer(8000, round(8000 * seconds), silent, 0.0, shortest)


def measured(one: Offer, median_db: float) -> Alternative:
    return Alternative(one, (128, 64), Spread(median_db, median_db - 2, median_db + 2, 9, 0.8))


def chosen(levels: dict[Offer, float]) -> Offer:
    return compare(measured(one, level) for one, level in levels.items()).best


def test_the_first_alternative_that_is_close_enough_is_chosen() -> None:
    long, middle, short = offer(2.0), offer(1.0), offer(0.5)
    assert chosen({long: -7.0, middle: -11.0, short: -20.0}) == middle


def test_a_clip_that_is_mostly_silence_is_passed_over_unless_none_is_shorter() -> None:
    long, short = offer(2.0, 0.77), offer(0.5, 0.3)
    assert chosen({long: -20.0, short: -20.0}) == short
    tiny = offer(0.25, 0.9, shortest=True)
    assert chosen({tiny: -20.0}) == tiny


def test_where_no_copy_is_close_enough_the_closest_is_chosen() -> None:
    long, middle, short = offer(4.0), offer(2.0), offer(1.0)
    assert chosen({long: -3.0, middle: -6.0, short: -5.0}) == middle


def test_little_more_is_measured_than_was_needed() -> None:
    seen = []

    def measure(one: Offer) -> Alternative:
        seen.append(one)
        return measured(one, -15.0)

    compare(measure(offer(seconds)) for seconds in (4.0, 2.0, 1.0, 0.5, 0.3))
    assert len(seen) == 1 + MORE


def test_offers_begin_with_what_keeps_the_most() -> None:
    seconds = [*np.linspace(0.3, 0.6, 95), *[3.0] * 5]
    offers = make_offers(seconds, 44100, lower=True)
    assert offers[0].sample_rate == 44100
    assert 0.6 <= offers[0].seconds < 0.7
    assert {one.sample_rate for one in offers} == {44100, 22050}
    assert offers[0].cut_share == pytest.approx(0.05)
    assert len({(one.sample_rate, one.n_samples) for one in offers}) == len(offers)


def test_a_fixed_rate_is_the_only_one_offered() -> None:
    seconds = list(np.linspace(0.3, 3.0, 50))
    assert {one.sample_rate for one in make_offers(seconds, 44100, lower=False)} == {44100}
    assert {one.sample_rate for one in make_offers(seconds, 8000, lower=True)} == {8000}


def test_silence_and_cuts_are_worked_out() -> None:
    [one, *_] = make_offers([1.0] * 9 + [0.5], 8000, lower=False)
    assert one.seconds == pytest.approx(1.024)
    assert one.silent_share == pytest.approx(1 - 0.95 / 1.024)
    assert one.cut_share == 0.0


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100])
@pytest.mark.parametrize(("seconds", "least", "most"), [(0.02, 0.25, 0.3), (60.0, 3.5, 4.0)])
def test_lengths_stay_within_bounds(rate: int, seconds: float, least: float, most: float) -> None:
    assert least <= clip_length(seconds, rate) / rate <= most
    for one in make_offers([seconds] * 3, rate, lower=True):
        assert one.seconds <= most
        assert one.seconds >= min(least, 0.9)


def test_a_few_more_files_rarely_change_what_is_offered(rng: np.random.Generator) -> None:
    seconds = rng.gamma(20.0, 0.02, 500)
    lengths = {
        make_offers(list(seconds[: 400 + count]), 8000, lower=True)[0].n_samples
        for count in range(0, 100, 10)
    }
    assert len(lengths) == 1


@pytest.fixture
def drums(tmp_path: Path, rng: np.random.Generator) -> Path:
    """Bursts of noise that decay, most of them soon: 95 of 100 fit into 1.4 s, half into 0.2."""
    for number in range(40):
        decay = 0.22 if number < 4 else 0.03 + 0.0005 * number
        times = np.arange(round(1.6 * 44100)) / 44100
        hit = rng.standard_normal(len(times)) * np.exp(-times / decay)
        write(tmp_path / "drums" / f"{number:02d}.wav", 0.2 * hit.astype(np.float32), 44100)
    return tmp_path / "drums"


def choice(source: Path, out: Path, **options: Any) -> dict[str, object]:
    prepare_folder(source, out, PrepareOptions(**options), SilentReporter())
    return dict(json.loads((out / "report.json").read_text())["alternatives"])


@pytest.mark.slow
def test_drums_with_a_few_long_ones_are_not_mostly_silence(drums: Path, tmp_path: Path) -> None:
    rows = choice(drums, tmp_path / "out", jobs=1)["rows"]
    assert isinstance(rows, list)
    assert rows[0]["silent_share"] > 0.7
    [best] = [row for row in rows if row["chosen"]]
    assert best["silent_share"] < 0.6
    assert best["cut_share"] <= 0.25
    assert best["median_db"] < rows[0]["median_db"] - 2


@pytest.mark.slow
def test_the_choice_follows_from_the_sounds_not_from_jobs_or_names(
    drums: Path, tmp_path: Path
) -> None:
    first = choice(drums, tmp_path / "one", jobs=1)
    assert choice(drums, tmp_path / "two", jobs=2) == first
    for path in sorted(drums.iterdir()):
        path.rename(drums / f"{(7 * int(path.stem)) % 40:02d}-again.wav")
    assert choice(drums, tmp_path / "three", jobs=1) == first
    assert choice(drums, tmp_path / "three", jobs=1) == first
