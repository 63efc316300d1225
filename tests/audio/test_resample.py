from __future__ import annotations

import numpy as np
import pytest
import soxr

from soundgan.audio import resample as module
from soundgan.audio.resample import resample
from tests.sounds import tone


def joined(blocks: list[np.ndarray], rate: int, target: int) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.float32), *resample(blocks, rate, target)])


@pytest.mark.parametrize(("rate", "target"), [(8000, 22050), (44100, 16000), (48000, 44100)])
def test_blocks_give_what_the_whole_gives(rate: int, target: int, rng: np.random.Generator) -> None:
    waveform = rng.normal(size=20_000).astype(np.float32)
    whole = soxr.resample(waveform, rate, target, quality="HQ")
    np.testing.assert_array_equal(joined(np.array_split(waveform, 13), rate, target), whole)


def test_a_tone_keeps_its_pitch_and_level() -> None:
    turned = joined([tone(1.0, hertz=1000, rate=44100)], 44100, 16000)
    expected = tone(1.0, hertz=1000, rate=16000)
    np.testing.assert_allclose(turned[500:-500], expected[500:-500], atol=2e-3)


def test_the_same_rate_passes_samples_through() -> None:
    block = tone(0.1)
    assert next(iter(resample([block], 8000, 8000))) is block


def test_large_steps_up_stay_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_SAMPLES", 4096)
    blocks = list(resample([tone(60.0, rate=1000)], 1000, 64_000))
    assert sum(map(len, blocks)) == 60 * 64_000
    # The resampler itself holds back a second or so of its input.
    assert max(map(len, blocks)) < 2 * 64_000


@pytest.mark.parametrize(("rate", "target"), [(8000, 22050), (48000, 44100)])
def test_a_waveform_that_rests_at_a_level_does_not_ring_at_its_ends(rate: int, target: int) -> None:
    level = np.full(4000, 0.3, np.float32)
    turned = np.concatenate(list(resample([level], rate, target, rest=0.3)))
    np.testing.assert_allclose(turned, 0.3, atol=1e-6)
    assert np.abs(joined([level], rate, target) - 0.3).max() > 0.02
