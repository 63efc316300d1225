"""Levels about which waveforms rest."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.audio.constant import LISTEN_SAMPLES, constant_part, rests_at
from tests.sounds import RATE, silence, tone


def hit(seconds: float = 0.5) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.7 * np.sin(2 * np.pi * 70 * time) * np.exp(-20 * time)).astype(np.float32)


@pytest.mark.parametrize("level", [0.3, 0.05, -0.01])
def test_a_sound_about_a_level_rests_at_it(level: float) -> None:
    for sound in (hit(), tone(0.3, level=abs(level)), silence(0.5)):
        whole = (sound + level).astype(np.float32)
        assert constant_part(whole, RATE) == pytest.approx(float(whole.mean()), abs=1e-6)


@pytest.mark.parametrize("seconds", [0.01, 0.05, 0.2, 0.5, 2.0])
def test_a_low_sound_that_rests_at_zero_has_no_level_though_it_has_a_mean(seconds: float) -> None:
    assert hit(seconds).mean() > 1e-4
    assert constant_part(hit(seconds), RATE) == 0.0


def test_a_sound_about_a_level_inside_silence_rests_at_zero() -> None:
    inside = np.concatenate([silence(0.5), hit() + np.float32(0.1), silence(0.5)])
    assert constant_part(inside, RATE) == 0.0


def test_nothing_rests_at_zero() -> None:
    assert constant_part(np.zeros(0, np.float32), RATE) == 0.0


def test_blocks_pass_unchanged_however_many_tell_the_level() -> None:
    blocks = [np.full(LISTEN_SAMPLES // 3, 0.1, np.float32) for _ in range(4)]
    level, passed = rests_at(iter(blocks), RATE)
    assert level == pytest.approx(0.1)
    assert all(one is other for one, other in zip(passed, blocks, strict=True))
