from __future__ import annotations

import numpy as np
import pytest

from soundgan.audio.tally import Channel, Tally
from tests.sounds import tone


def counted(*blocks: np.ndarray, rate: int = 8000) -> Tally:
    tally = Tally(rate)
    for block in blocks:
        tally.mix(block if block.ndim == 2 else block[:, None])
    return tally


def test_channels_are_averaged() -> None:
    left, right = tone(0.1), tone(0.1, hertz=90)
    mono = Tally(8000).mix(np.stack([left, right], axis=1))[:, 0]
    np.testing.assert_allclose(mono, (left + right) / 2, atol=1e-7)


def test_equal_channels_are_the_same_sound_as_one() -> None:
    both = np.stack([tone(0.1)] * 2, axis=1)
    assert counted(both).decoded_sha256 == counted(tone(0.1)).decoded_sha256


def test_the_hash_depends_on_samples_and_rate_but_not_on_blocks() -> None:
    waveform = tone(0.1)
    expected = counted(waveform).decoded_sha256
    assert counted(*np.array_split(waveform, 7)).decoded_sha256 == expected
    assert counted(waveform, rate=8001).decoded_sha256 != expected
    changed = waveform.copy()
    changed[5] += np.float32(1e-6)
    assert counted(changed).decoded_sha256 != expected


def test_samples_that_are_no_numbers_are_counted_in_every_channel() -> None:
    block = np.zeros((10, 2), np.float32)
    block[3] = np.nan
    block[5, 1] = np.inf
    block[6, 0] = -np.inf
    tally = counted(block, np.zeros((4, 2), np.float32))
    assert (tally.nonfinite, tally.frames) == (4, 14)


def test_a_flattened_sine_is_clipped_in_proportion() -> None:
    loud = np.clip(tone(1.0, hertz=100, level=1.5), -1, 1)
    share = counted(loud).clipped / len(loud)
    # A sine of 1.5 is beyond 1 for 1 - 2 asin(2/3) / pi of the time.
    assert share == pytest.approx(1 - 2 * np.arcsin(1 / 1.5) / np.pi, abs=0.03)


@pytest.mark.parametrize("hertz", [50.0, 440.0, 3000.0])
def test_a_sine_that_only_touches_full_scale_is_not_clipped(hertz: float) -> None:
    sixteen = np.round(tone(1.0, hertz=hertz, level=0.9999) * 32767) / 32768
    assert counted(sixteen.astype(np.float32)).clipped / 8000 < 0.01


def test_flat_tops_below_full_scale_are_music() -> None:
    assert counted(np.clip(tone(1.0, level=0.9), -0.5, 0.5)).clipped == 0


def test_the_rail_is_the_extreme_of_the_whole_file() -> None:
    low = np.clip(tone(0.5, level=1.4), -0.99, 0.99)
    high = np.clip(tone(0.5, level=1.4), -1.0, 1.0)
    assert counted(low, high).clipped == counted(high).clipped
    assert counted(low, high, low).clipped == counted(high).clipped


def test_the_peak_is_that_of_any_channel() -> None:
    block = np.array([[0.1, -0.7], [0.2, 0.3]], np.float32)
    assert counted(block).peak == pytest.approx(0.7)


def test_what_mixing_takes_follows_from_how_alike_the_channels_are(
    rng: np.random.Generator,
) -> None:
    left, right = rng.normal(0, 0.1, (2, 100_000)).astype(np.float32)

    def mix_db(*channels: np.ndarray) -> float | None:
        tally = Tally(8000)
        for block in np.array_split(np.stack(channels, axis=1), 7):
            tally.mix(block)
        return tally.mix_db

    assert mix_db(left, left) == pytest.approx(0.0, abs=1e-3)
    assert mix_db(left, right) == pytest.approx(-3.0, abs=0.1)
    assert mix_db(left, 0 * left) == pytest.approx(-6.02, abs=0.01)
    assert mix_db(left / 2, left) == pytest.approx(-2.5, abs=0.01)  # (1 + 1/2) / 2
    assert mix_db(left, -left) == -120.0
    opposite = mix_db(left + 0.5, 0.5 - left)
    assert opposite is not None
    assert opposite < -100.0
    assert mix_db(left, right, rng.normal(0, 0.1, 100_000)) == pytest.approx(-4.8, abs=0.1)
    assert mix_db(left) is None
    assert mix_db(0 * left, 0 * left) is None


def test_a_tone_delayed_by_half_a_period_is_lost_in_the_mix_and_by_a_third_halved() -> None:
    seconds = np.arange(8000) / 8000
    left = np.sin(2 * np.pi * 100 * seconds)
    for delay, expected in ((1 / 200, -120.0), (1 / 300, -6.02), (1 / 400, -3.01)):
        block = np.stack([left, np.sin(2 * np.pi * 100 * (seconds - delay))], axis=1)
        tally = Tally(8000)
        tally.mix(block.astype(np.float32))
        level = tally.mix_db
        assert level is not None
        if expected < -100:
            assert level < -100
        else:
            assert level == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(("channel", "number"), [("left", 0), ("right", 1)])
def test_one_channel_instead_of_the_mix_is_that_one_and_nothing_is_mixed(
    channel: Channel, number: int
) -> None:
    both = np.stack([tone(0.1), tone(0.1, hertz=90)], axis=1)
    tally = Tally(8000, channel)
    np.testing.assert_array_equal(tally.mix(both)[:, 0], both[:, number])
    assert tally.mix_db is None
    assert tally.decoded_sha256 == counted(both[:, number]).decoded_sha256


@pytest.mark.parametrize("channel", ["mix", "left", "right"])
def test_of_a_single_channel_every_choice_is_the_same(channel: Channel) -> None:
    np.testing.assert_array_equal(Tally(8000, channel).mix(tone(0.1)[:, None])[:, 0], tone(0.1))
