"""Envelopes against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.drums.envelopes import attack, bursts, decay, fade_out, saturate
from soundgan.drums.oscillators import time_axis

RATE = 1000


def test_a_decay_is_60_db_down_after_its_t60_and_silent_before_it_starts() -> None:
    levels = decay(np.array([-0.1, 0.0, 0.1, 0.3]), 0.3)
    assert levels.tolist() == pytest.approx([0.0, 1.0, 0.1, 0.001])


def test_an_attack_rises_from_zero_to_one_and_stays() -> None:
    rise = attack(time_axis(0.1, RATE), 0.05)
    assert rise[0] == 0.0
    assert rise[25] == pytest.approx(0.5)
    assert (rise[50:] == 1.0).all()
    assert (np.diff(rise) >= 0.0).all()


def test_every_burst_starts_at_full_level() -> None:
    level = bursts(time_axis(0.1, RATE), [0.0, 0.02, 0.05], 0.03)
    assert level[[0, 20, 50]].tolist() == [1.0, 1.0, 1.0]
    assert level[19] == pytest.approx(10.0 ** (-3.0 * 0.019 / 0.03))


def test_saturation_keeps_full_scale_and_lifts_what_is_below() -> None:
    bent = saturate(np.array([-1.0, -0.5, 0.0, 0.5, 1.0]), 2.0)
    assert bent.tolist() == pytest.approx([-1.0, -0.78997, 0.0, 0.78997, 1.0], abs=1e-4)


def test_a_fade_reaches_zero_and_touches_only_the_end() -> None:
    faded = fade_out(np.ones(100), 20)
    assert (faded[:80] == 1.0).all()
    assert faded[-1] == 0.0
    assert (np.diff(faded[80:]) < 0.0).all()


def test_a_fade_longer_than_the_sound_fades_all_of_it() -> None:
    assert fade_out(np.ones(3), 20).tolist() == pytest.approx([1.0, 0.5, 0.0])
