"""What ``showspectrumpic`` draws elsewhere than its numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.pictures.box import Box
from soundgan.pictures.ticks.axes import Axes
from soundgan.pictures.tools import TOOLS
from soundgan.pictures.tools.contract import View, retimed
from soundgan.pictures.tools.ffmpeg import FFMPEG, columns, signs

RATE, WIDTH, HEIGHT = 22_050, 640, 320


def _levels(samples: np.ndarray, *, used: int) -> np.ndarray:
    """Decibels [F, T] as ffmpeg draws them, with so many samples in a window of 640."""
    hop, window = len(samples) // WIDTH, 2 * HEIGHT
    padded = np.pad(samples, (0, window))
    parts = np.stack([padded[k * hop : k * hop + used] for k in range(WIDTH)])
    spectra = np.fft.rfft(parts * np.hanning(window)[:used], window)[:, :HEIGHT]
    return (1 + np.log10(np.abs(spectra).clip(1e-6, 1)) / 6).T.astype(np.float32)


def _noise() -> np.ndarray:
    return np.asarray(np.random.default_rng(0).normal(0, 0.1, 2 * RATE))


def test_a_column_shows_a_whole_number_of_samples() -> None:
    # 44,100 samples on 640 columns are 68.9, so 68.
    shown = columns(_levels(_noise(), used=68), 2.0, RATE / 2)
    assert shown.step == pytest.approx(68 / 68.90625)
    # The rising start of a wide Hann window weighs n ** 4: its middle is at 5/6.
    assert shown.first == pytest.approx(68 * 5 / 6 / 68.90625, rel=0.02)
    assert shown.window_s == pytest.approx(136 / RATE)


def test_windows_of_earlier_versions_are_whole() -> None:
    shown = columns(_levels(_noise(), used=640), 2.0, RATE / 2)
    assert shown.first == pytest.approx(320 / 68.90625)
    assert shown.window_s == pytest.approx(640 / RATE)


def test_of_long_sounds_a_column_is_the_mean_of_windows_side_by_side() -> None:
    # 1,378,125 samples: 2153.3 a column, four windows of 538.
    shown = columns(np.zeros((HEIGHT, WIDTH), np.float32), 62.5, RATE / 2)
    assert shown.step == pytest.approx(4 * 538 / 2153.3203)


def test_a_rate_between_those_in_use_is_kept() -> None:
    flat = np.zeros((HEIGHT, WIDTH), np.float32)
    assert columns(flat, 64.0, 5000.0).step == pytest.approx(500 * 2 / 1000)


def test_rows_are_bins_from_zero_on() -> None:
    # 320 rows of 34.453 Hz: the lowest reaches from half of that below 0 Hz to half above.
    assert FFMPEG.edges(0.0, 11025.0, HEIGHT) == pytest.approx((-17.2265625, 11007.7734375))
    low, high = FFMPEG.edges(20.0, 20_480.0, 100, "log")  # ten octaves
    assert low == pytest.approx(20.0 * 2**-0.05)
    assert high == pytest.approx(20_480.0 * 2**-0.05)


def test_rows_of_sox_are_bins_and_that_of_half_the_rate_is_one_of_them() -> None:
    assert TOOLS.load("sox").edges(0.0, 256.0, 257) == pytest.approx((-0.5, 256.5))


def test_a_moment_is_where_its_column_shows_it() -> None:
    ramp = np.arange(10, dtype=np.float32)[None]
    shown = columns(_levels(_noise(), used=640), 2.0, RATE / 2)
    same = type(shown)(0.5, 1.0, 0.1)
    assert np.array_equal(retimed(ramp, same), ramp)
    late = type(shown)(2.5, 1.0, 0.1)  # the first column shows what belongs two later
    assert retimed(ramp, late)[0].tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("top", "known"), [(64, True), (60, False)])
def test_its_legend_is_known_by_its_margins(top: int, known: bool) -> None:
    page = np.zeros((64 + 320 + 64, 133 + 640 + 133, 3), np.uint8)
    view = View(page, Box(133, top, 773, 384), "magma", Axes())
    assert bool(signs(view)) == known
    page[:] = 255
    assert not signs(view)
