"""Levels against hand-computed decibels and their own inverse."""

from __future__ import annotations

import pytest
import torch

from soundgan.audio.scale import from_levels, to_levels

SCALE = {"full_scale": 64.0, "floor_db": -80.0}


def test_levels_are_decibels_above_the_floor_and_the_floor_below() -> None:
    levels = to_levels(torch.tensor([64.0, 6.4, 640.0, 0.0]), **SCALE)
    assert levels.tolist() == pytest.approx([0.0, -20.0, 20.0, -80.0], abs=0.01)


def test_a_magnitude_at_the_floor_lies_six_decibels_above_silence() -> None:
    assert float(to_levels(torch.tensor(64e-4), **SCALE)) == pytest.approx(-73.98, abs=0.01)


def test_from_levels_undoes_to_levels() -> None:
    magnitude = torch.logspace(-2, 3, 60)
    torch.testing.assert_close(
        from_levels(to_levels(magnitude, **SCALE), **SCALE), magnitude, rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("floor_db", [-20.0, -47.3, -60.0, -72.0, -80.0, -96.0, -120.0, -160.0])
def test_silence_comes_back_as_exact_silence(floor_db: float) -> None:
    scale = {"full_scale": 64.0, "floor_db": floor_db}
    level = to_levels(torch.zeros(7), **scale)
    rounded = level * (1 - 2e-7)  # what storing it as a number near 1 can cost
    assert from_levels(level, **scale).tolist() == [0.0] * 7
    assert from_levels(rounded, **scale).tolist() == [0.0] * 7
    assert from_levels(level - 50, **scale).tolist() == [0.0] * 7
