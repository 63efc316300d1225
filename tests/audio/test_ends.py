from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundgan.audio.ends import NOTHING, EndsBuilder, Silence
from tests.sounds import RATE, silence, tone


def ends(*parts: np.ndarray) -> tuple[Silence, Silence]:
    builder = EndsBuilder(RATE)
    for part in parts:
        builder.add(part.astype(np.float32))
    return builder.finish()


def loud(count: int = 800) -> np.ndarray:
    """Neither its first sample nor its last is quiet."""
    return np.cos(np.linspace(0, 7 * np.pi, count))


def test_zeros_around_a_sound_are_counted_to_the_sample() -> None:
    assert ends(silence(0.1), loud(), silence(0.2)) == (Silence(800, 0.0), Silence(1600, 0.0))
    assert ends(np.zeros(1), loud()) == (Silence(1, 0.0), NOTHING)
    assert ends(loud()) == (NOTHING, NOTHING)


def test_dither_of_sixteen_bits_is_silence(rng: np.random.Generator) -> None:
    dither = np.round(rng.triangular(-2, 0, 2, 1000)) / 32768
    assert ends(dither, loud(), dither) == (Silence(1000, 0.0), Silence(1000, 0.0))


def test_noise_of_eight_steps_is_not(rng: np.random.Generator) -> None:
    noise = rng.choice([-8, 8], 1000) / 32768
    assert ends(noise, loud(), noise) == (NOTHING, NOTHING)


@pytest.mark.parametrize(("count", "found"), [(399, NOTHING), (400, Silence(400, 0.25))])
def test_a_level_that_is_not_zero_is_silence_when_it_lasts(count: int, found: Silence) -> None:
    level = np.full(count, 0.25)
    assert ends(level, loud(), level) == (found, found)


def test_what_is_silent_altogether_has_no_ends() -> None:
    for waveform in (silence(0.2), np.full(2000, 0.25), np.zeros(1)):
        assert ends(waveform) == (NOTHING, NOTHING)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["zeros", "step", "sound"]), min_size=1, max_size=5),
    st.lists(st.integers(1, 900), max_size=6),
)
def test_how_a_waveform_is_cut_into_blocks_does_not_matter(
    kinds: list[str], cuts: list[int]
) -> None:
    made = {"zeros": silence(0.07), "step": np.full(500, 0.125), "sound": tone(0.03)}
    waveform = np.concatenate([made[kind] for kind in kinds])
    blocks = [block for block in np.split(waveform, np.sort(cuts)) if len(block)]
    assert ends(*blocks) == ends(waveform)


def test_silence_can_be_counted_at_another_rate() -> None:
    builder = EndsBuilder(RATE)
    builder.add(np.concatenate([silence(0.1), loud().astype(np.float32), silence(0.2)]))
    assert builder.finish(44100) == (Silence(4410, 0.0), Silence(8820, 0.0))
