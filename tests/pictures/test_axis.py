from __future__ import annotations

import numpy as np
import pytest
from librosa.display import specshow
from numpy.typing import NDArray

from soundgan.errors import UsageError
from soundgan.pictures.axis import AXES, height_of, to_linear_bins
from tests.pictures.drawn import figure

RATE, N_FFT = 8000, 256


def linear(
    levels: NDArray[np.float32],
    *,
    axis: str = "linear",
    f_min_hz: float = 0.0,
    f_max_hz: float = 4000.0,
    outside: float = 0.0,
) -> NDArray[np.float32]:
    return to_linear_bins(
        levels,
        axis=axis,
        f_min_hz=f_min_hz,
        f_max_hz=f_max_hz,
        sample_rate=RATE,
        n_fft=N_FFT,
        outside=outside,
    )


def test_rows_that_are_bins_stay_as_they_are() -> None:
    """129 rows whose middles are the 129 bins: the picture reaches half a bin beyond Nyquist."""
    rows = np.random.default_rng(0).random((65, 7), dtype=np.float32)
    grid = to_linear_bins(
        rows, axis="linear", f_min_hz=0.0, f_max_hz=65 * 31.25, sample_rate=RATE, n_fft=N_FFT
    )
    # bin k lies at the edge below row k, halfway between two rows
    expected = (rows[:-1] + rows[1:]) / 2
    np.testing.assert_allclose(grid[1:65], expected, atol=1e-6)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("n_rows", [96, 700])
def test_a_tone_keeps_its_frequency_on_every_axis(axis: str, n_rows: int) -> None:
    f_min = 30.0 if axis == "log" else 0.0
    low, high = height_of(np.array([f_min, 4000.0]), axis)
    for tone_hz in (250.0, 1000.0, 1700.0, 3500.0):
        row = (height_of(np.array([tone_hz]), axis)[0] - low) / (high - low) * n_rows - 0.5
        picture = np.exp(-(((np.arange(n_rows) - row) / 3) ** 2))[:, None].astype(np.float32)
        grid = linear(picture, axis=axis, f_min_hz=f_min)[:, 0]
        bins = np.arange(len(grid)) * RATE / N_FFT
        middle = float((bins * grid).sum() / grid.sum())
        # a row of these axes is up to 60 Hz high at 3.5 kHz
        assert middle == pytest.approx(tone_hz, abs=31.25), (tone_hz, middle)


@pytest.mark.parametrize("axis", AXES)
def test_an_even_picture_stays_even_within_its_frequencies(axis: str) -> None:
    grid = linear(np.full((50, 3), 0.7, np.float32), axis=axis, f_min_hz=100.0, f_max_hz=3000.0)
    hz = np.arange(129) * 31.25
    inside = (hz >= 100) & (hz <= 3000)
    np.testing.assert_allclose(grid[inside], 0.7, atol=1e-6)
    assert not grid[~inside].any()


def test_bins_outside_take_the_level_that_is_given() -> None:
    grid = linear(np.zeros((20, 2), np.float32), f_max_hz=1000.0, outside=-80.0)
    assert (grid[33:] == -80.0).all()
    assert (grid[:33] == 0.0).all()


def test_many_rows_are_averaged_and_not_skipped() -> None:
    """One row in 1,000 is lit: wherever it lies, some bin sees it."""
    for row in range(3, 997, 31):
        picture = np.zeros((1000, 1), np.float32)
        picture[row] = 1.0
        assert linear(picture).sum() > 0.1


@pytest.mark.parametrize("axis", ["librosa_log", "librosa_mel"])
def test_librosas_axes_are_where_librosa_draws_them(axis: str) -> None:
    axes = figure().subplots()
    specshow(
        np.zeros((129, 4)), sr=RATE, n_fft=N_FFT, y_axis=axis.removeprefix("librosa_"), ax=axes
    )
    axes.set_ylim(0.0, 4000.0)
    hertz = np.array([0.0, 40.0, 200.0, 900.0, 1500.0, 4000.0])
    pixels = axes.transData.transform(np.stack([np.zeros(6), hertz], axis=1))[:, 1]
    drawn = (pixels - pixels[0]) / (pixels[-1] - pixels[0])
    ours = height_of(hertz, axis)
    np.testing.assert_allclose((ours - ours[0]) / (ours[-1] - ours[0]), drawn, atol=1e-6)


@pytest.mark.parametrize("axis", [axis for axis in AXES if axis != "log"])
def test_a_margin_below_0_hz_moves_no_tone(axis: str) -> None:
    """The same rows, with and without a few that lie below 0 Hz."""
    rows = np.random.default_rng(0).random((200, 3), dtype=np.float32)
    low, high = height_of(np.array([-20.0, 4000.0]), axis)
    zero = height_of(np.array([0.0]), axis)[0]
    below = round((zero - low) / (high - zero) * 2000)
    fine = np.repeat(rows, 10, axis=0)
    margin = np.concatenate([np.repeat(fine[:1], below, axis=0), fine])
    grids = linear(fine, axis=axis), linear(margin, axis=axis, f_min_hz=-20.0)
    np.testing.assert_allclose(grids[0][1:], grids[1][1:], atol=0.05)


def test_wrong_frequencies_are_refused() -> None:
    rows = np.zeros((9, 2), np.float32)
    with pytest.raises(UsageError, match=r"`axis=log`: needs a lowest frequency above 0 Hz"):
        linear(rows, axis="log")
    with pytest.raises(UsageError, match=r"`f_max=400`: must be above the lowest frequency, 5"):
        linear(rows, f_min_hz=500.0, f_max_hz=400.0)
    with pytest.raises(UsageError, match=r"`axis=bark`: no such axis; choose from linear, log"):
        linear(rows, axis="bark")
