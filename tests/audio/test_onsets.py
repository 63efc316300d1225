"""Recordings whose sounds begin at known moments."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from soundgan.audio.cut import Window
from soundgan.audio.envelope import Envelope, EnvelopeBuilder, find_extent
from soundgan.audio.onsets import cut_at_onsets, find_events
from tests.sounds import RATE, silence, tone

PRE_ROLL = 40  # 5 ms at 8 kHz
HOP = 40


def hit(
    seconds: float, *, hertz: float = 440.0, level: float = 0.8, rate: int = RATE
) -> NDArray[np.float32]:
    """A tone that falls by 60 dB in ``seconds``."""
    time = np.arange(round(seconds * rate)) / rate
    waveform = level * np.sin(2 * np.pi * hertz * time + 1) * 10 ** (-3 * time / seconds)
    return waveform.astype(np.float32)


def take(
    seconds: float, sounds: dict[float, NDArray[np.float32]], *, noise: float = 0.0
) -> NDArray[np.float32]:
    """A recording with each sound at its time."""
    waveform = noise * np.random.default_rng(0).normal(size=round(seconds * RATE))
    for at, sound in sounds.items():
        begin = round(at * RATE)
        waveform[begin : begin + len(sound)] += sound[: len(waveform) - begin]
    return waveform.astype(np.float32)


def cut(waveform: NDArray[np.float32], seconds: float, *, trim_db: float = 40.0) -> list[Window]:
    builder = EnvelopeBuilder(RATE)
    builder.add(waveform)
    envelope = builder.finish()
    sound = find_extent(envelope, RATE, trim_db=trim_db)
    events = find_events(envelope, RATE, trim_db=trim_db)
    return cut_at_onsets(envelope, events, sound, RATE, round(seconds * RATE))


@pytest.mark.parametrize("noise", [0.0, 1e-4, 1e-3, 1e-2])
def test_every_hit_gives_a_slice_that_begins_a_few_milliseconds_before_it(noise: float) -> None:
    chance = np.random.default_rng(1)
    times = np.cumsum(chance.uniform(0.7, 2.0, 25))
    hits = {
        float(t): hit(0.4, hertz=chance.choice([60, 200, 800]), level=chance.uniform(0.3, 0.9))
        for t in times
    }
    windows = cut(take(float(times[-1]) + 1, hits, noise=noise), 0.5)
    assert len(windows) == len(times)
    lead = times * RATE - [window.begin for window in windows]
    assert lead.min() >= PRE_ROLL - 8
    assert lead.max() <= PRE_ROLL + HOP


def test_a_slice_ends_with_its_sound() -> None:
    [window] = cut(take(3.0, {1.0: tone(0.2)}), 1.0)
    assert (window.begin, window.end) == (8000 - PRE_ROLL, 9600)


def test_a_slice_ends_where_the_next_sound_begins() -> None:
    first, second = cut(take(3.0, {1.0: hit(1.5, level=0.5), 1.3: hit(0.5)}), 0.5)
    assert first.end == second.begin
    assert second.begin == pytest.approx(1.3 * RATE - PRE_ROLL, abs=HOP)


def test_sounds_nearer_than_half_a_clip_share_one_that_begins_with_the_louder() -> None:
    windows = cut(take(3.0, {1.0: hit(0.1, level=0.3), 1.1: hit(0.3)}), 0.5)
    assert [window.begin for window in windows] == [pytest.approx(1.1 * RATE - 40, abs=HOP)]
    windows = cut(take(3.0, {1.0: hit(0.3), 1.1: hit(0.1, level=0.5)}), 0.5)
    assert [window.begin for window in windows] == [pytest.approx(1.0 * RATE - 40, abs=HOP)]


def test_the_rest_of_a_decay_is_no_slice() -> None:
    assert len(cut(take(8.0, {0.5: hit(6.0)}), 0.25)) == 1


def test_a_sustained_sound_gives_slices_one_behind_the_other() -> None:
    windows = cut(take(8.0, {1.0: tone(5.0)}), 0.5)
    assert [window.begin for window in windows] == list(range(8000 - 40, 48000 - 4000, 4000))
    assert all(window.end - window.begin == 4000 for window in windows)


def test_a_swell_too_slow_to_be_an_attack_begins_where_it_is_heard() -> None:
    swell = tone(4.0) * np.logspace(-4, 0, 4 * RATE, dtype=np.float32)
    [window] = cut(take(6.0, {1.0: swell}), 4.0)
    assert window.begin == pytest.approx(3.0 * RATE - PRE_ROLL, abs=HOP)


def test_a_low_tone_is_one_sound_though_its_hops_rise_and_fall() -> None:
    assert len(cut(take(3.0, {1.0: tone(1.0, hertz=40)}), 0.25)) == 4
    assert len(cut(take(3.0, {1.0: tone(0.9, hertz=40)}), 0.25)) == 1


def test_windows_stay_apart_and_inside(rng: np.random.Generator) -> None:
    waveform = (rng.normal(size=4 * RATE) * rng.uniform(0, 1, 40).repeat(800)).astype(np.float32)
    for seconds in (0.05, 0.11, 0.5, 3.0):
        windows = cut(waveform, seconds)
        assert windows
        assert all(0 < w.end - w.begin <= round(seconds * RATE) for w in windows)
        assert all(a.end <= b.begin for a, b in pairwise(windows))
        assert windows[0].begin >= 0
        assert windows[-1].end <= len(waveform)


def test_silence_has_no_beginning() -> None:
    builder = EnvelopeBuilder(RATE)
    builder.add(silence(1.0))
    assert not len(find_events(builder.finish(), RATE, trim_db=40.0).begins)


def test_silence_around_a_noisy_recording_changes_no_slice() -> None:
    hits = {1.0 + number: hit(0.4, hertz=200 + 50 * number) for number in range(9)}
    tight = cut(take(10.5, hits, noise=0.01), 0.5)
    pad = silence(20.0)
    padded = cut(np.concatenate([pad, take(10.5, hits, noise=0.01), pad]), 0.5)
    assert [(w.begin + len(pad), w.end + len(pad)) for w in tight] == [
        (w.begin, w.end) for w in padded
    ]


@pytest.mark.parametrize("seed", range(40))
def test_every_sound_of_any_envelope_begins_inside_it_and_ends_behind_its_beginning(
    seed: int,
) -> None:
    chance = np.random.default_rng(seed)
    for _ in range(50):
        hops = int(chance.integers(1, 120))
        decibels = np.cumsum(chance.normal(0, chance.choice([0.5, 3, 10]), hops))
        decibels += chance.choice([0, -200], hops, p=[0.9, 0.1])
        power = 10 ** (np.clip(decibels - decibels.max(), -90, 0) / 10)
        envelope = Envelope(HOP, hops * HOP, np.zeros(hops), power * HOP)
        events = find_events(envelope, RATE, trim_db=40.0)
        assert (np.diff(events.begins) > 0).all()
        assert (events.begins < events.ends).all()
        assert (events.ends <= hops).all()
        assert len(events.begins) == len(events.ends) == len(events.strengths)


def test_a_sound_that_swells_up_to_its_last_sample_begins_where_its_file_does() -> None:
    swell = tone(0.3) * 10 ** (np.linspace(-40, 0, round(0.3 * RATE)) / 20)
    windows = cut(swell.astype(np.float32), 1.0)
    assert len(windows) == 1
    assert windows[0].end == len(swell)
