from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from soundgan.data.dataset import PreparedDataset
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.pipelines.prepare.alternatives import Offer
from soundgan.pipelines.prepare.sample import measure_offers, recut
from tests.pipelines.prepare.conftest import Prepare
from tests.sounds import silence, tone, write

RATE = 16000


def recipe(n_samples: int) -> ClipRecipe:
    return ClipRecipe(
        sample_rate=RATE, n_samples=n_samples, trim_db=40.0, normalise="peak", slice=False
    )


def offer(rate: int, n_samples: int) -> Offer:
    return Offer(rate, n_samples, 0.0, 0.0, shortest=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    quiet, loud = tone(0.5, level=0.2, rate=RATE), tone(0.4, level=0.7, hertz=900, rate=RATE)
    whole = np.concatenate([silence(0.2, rate=RATE), quiet, loud, 0.5 * quiet])
    write(tmp_path / "src" / "a.wav", whole, RATE)
    return tmp_path / "src"


def test_a_sound_recut_is_what_prepare_makes_of_its_file(
    source: Path, tmp_path: Path, prepare: Prepare
) -> None:
    clips = {}
    for seconds in (2.048, 0.256):
        out = tmp_path / f"{seconds}"
        prepare(source, out, sample_rate=RATE, clip_seconds=seconds)
        clips[seconds] = PreparedDataset.open(out).for_models.waveforms(np.array([0]))[0]
    again = recut(clips[2.048], offer(RATE, 4096), recipe(32768))
    # Where the loudest window begins is known to a hop.
    distance = min(np.abs(again - np.roll(clips[0.256], shift)).max() for shift in range(-80, 81))
    assert distance < 0.1
    assert np.abs(again).max() == pytest.approx(np.abs(clips[0.256]).max(), abs=1e-3)


def test_a_sound_that_fits_is_left_alone() -> None:
    clip = np.zeros(32768, np.float32)
    clip[:3200] = tone(0.2, level=10 ** (-1 / 20), rate=RATE)
    again = recut(clip, offer(RATE, 4096), recipe(32768))
    np.testing.assert_allclose(again, clip[:4096], atol=1e-3)


def test_half_the_rate_keeps_the_pitch_and_loses_what_lies_above() -> None:
    clip = np.zeros(32768, np.float32)
    clip[:16000] = tone(1.0, hertz=1000, rate=RATE) + tone(1.0, hertz=6000, rate=RATE)
    again = recut(clip, offer(8000, 8192), recipe(32768))
    spectrum = np.abs(np.fft.rfft(again[:8000]))
    assert int(spectrum.argmax()) == 1000
    assert spectrum[1990:2010].max() < 0.01 * spectrum[1000]


def test_offers_measured_at_the_same_time_are_what_they_are_one_by_one(
    rng: np.random.Generator,
) -> None:
    clips = [
        (rng.normal(0, 0.1, 16384).astype(np.float32) * tone(1.024, rate=RATE), recipe(16384))
        for _ in range(3)
    ]
    offers = [offer(RATE, n_samples) for n_samples in (16384, 8192, 4096)] + [offer(8000, 4096)]
    before = torch.get_num_threads()
    found = []
    try:
        for n_threads in (1, 3):
            torch.set_num_threads(n_threads)
            found.append(list(measure_offers(offers, clips)))
    finally:
        torch.set_num_threads(before)
    assert [one.offer for one in found[0]] == offers
    assert found[0] == found[1]
