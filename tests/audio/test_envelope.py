from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundgan.audio import envelope as module
from soundgan.audio.envelope import (
    Envelope,
    EnvelopeBuilder,
    find_extent,
    loudest_window,
)
from tests.sounds import RATE, silence, tone

HOP = 40  # 5 ms at 8 kHz


def envelope(*parts: np.ndarray, rate: int = RATE) -> Envelope:
    builder = EnvelopeBuilder(rate)
    for part in parts:
        builder.add(part)
    return builder.finish()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 200), max_size=8))
def test_how_a_waveform_is_cut_into_blocks_does_not_matter(lengths: list[int]) -> None:
    waveform = np.random.default_rng(sum(lengths)).uniform(-1, 1, sum(lengths))
    blocks = np.split(waveform.astype(np.float32), np.cumsum(lengths)[:-1]) if lengths else []
    pieces, whole = envelope(*blocks), envelope(waveform.astype(np.float32))
    for name in ("sums", "squares", "power"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name))
    assert pieces.n_samples == sum(lengths)


def test_the_power_of_the_hops_is_that_of_the_waveform_without_its_mean(
    rng: np.random.Generator,
) -> None:
    waveform = rng.normal(0.3, 0.1, 8123).astype(np.float32)
    exact = waveform.astype(np.float64)
    found = envelope(waveform)
    assert found.mean == pytest.approx(exact.mean(), abs=1e-12)
    hops = np.split(exact - exact.mean(), range(HOP, 8123, HOP))
    np.testing.assert_allclose(found.power, [np.square(hop).mean() for hop in hops], rtol=1e-9)


def test_a_quiet_sound_on_a_large_constant_is_measured_exactly() -> None:
    found = envelope(tone(1.0, level=1e-4) + np.float32(0.5))
    assert found.power.mean() ** 0.5 == pytest.approx(1e-4 / np.sqrt(2), rel=1e-3)


def test_joining_hops_keeps_sums_and_bounds_their_number(
    monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    waveform = rng.normal(size=40 * 1000 + 7).astype(np.float32)
    fine = envelope(waveform)
    monkeypatch.setattr(module, "MAX_HOPS", 64)
    coarse = envelope(*np.array_split(waveform, 37))
    assert coarse.hop_length == HOP * 16
    assert len(coarse.sums) <= 2 * 64
    assert coarse.n_samples == fine.n_samples
    whole = len(coarse.sums) - 1
    np.testing.assert_allclose(
        coarse.squares[:whole], fine.squares[: whole * 16].reshape(-1, 16).sum(axis=1)
    )


def test_sound_is_found_between_silences_with_its_margins() -> None:
    waveform = np.concatenate([silence(0.5), tone(0.2), silence(0.3)])
    sound = find_extent(envelope(waveform), RATE, trim_db=40)
    assert (sound.start, sound.end, sound.silent_lead) == (4000 - 40, 5600, 41)
    assert sound.active_seconds == pytest.approx(0.2)
    assert sound.loudest_db == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.3)


@pytest.mark.parametrize(("level_db", "heard"), [(-39.0, True), (-41.0, False)])
def test_what_is_trimmed_lies_further_below_the_loudest_than_asked(
    level_db: float, heard: bool
) -> None:
    quiet = tone(0.5, hertz=400, level=0.5 * 10 ** (level_db / 20))
    sound = find_extent(envelope(quiet, tone(0.5, hertz=400)), RATE, trim_db=40)
    assert (sound.start == 0) is heard


def test_the_margins_stop_at_the_ends_of_the_file() -> None:
    sound = find_extent(envelope(tone(0.333)), RATE, trim_db=40)
    assert (sound.start, sound.end) == (0, 2664)


def test_silence_has_no_extent() -> None:
    for waveform in (silence(1.0), silence(0.0), np.full(800, 0.25, np.float32)):
        sound = find_extent(envelope(waveform), RATE, trim_db=40)
        assert (sound.start, sound.end, sound.loudest_db) == (0, 0, -120.0)


def test_the_loudest_window_begins_just_before_the_burst() -> None:
    found = envelope(tone(1.0, level=0.1), tone(0.2, level=0.9), tone(1.0, level=0.1))
    sound = find_extent(found, RATE, trim_db=40)
    assert 8000 - 2 * HOP <= loudest_window(found, sound, 2400) <= 8000


def test_a_steady_sound_starts_where_it_starts() -> None:
    found = envelope(silence(0.5), tone(3.0))
    sound = find_extent(found, RATE, trim_db=40)
    assert loudest_window(found, sound, 4000) == sound.start


@pytest.mark.parametrize("n_samples", [801, 4001, 8799])
def test_the_loudest_window_stays_inside_the_sound(n_samples: int) -> None:
    found = envelope(tone(1.0, level=0.2), tone(0.1, level=0.9))
    sound = find_extent(found, RATE, trim_db=40)
    start = loudest_window(found, sound, n_samples)
    assert 0 <= start <= 8000
    assert start + n_samples <= sound.end
