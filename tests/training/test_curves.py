from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from soundgan.training.curves import PANELS, curves_png, running_mean

LINES = [
    {"step": float(step), "generator/loss": step / 10, "discriminator/loss": 1.0}
    for step in range(1, 4)
]


def pixels(lines: list[dict[str, float]], title: str = "run") -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(curves_png(lines, title))) as picture:
        return np.asarray(picture.convert("RGB"))


def coloured(canvas: NDArray[np.uint8]) -> int:
    """Pixels that are not grey."""
    return int((np.ptp(canvas.astype(int), axis=2) > 40).sum())


def test_a_run_without_a_logged_step_is_still_a_picture() -> None:
    assert coloured(pixels([])) == 0


def test_one_point_can_be_seen() -> None:
    both = coloured(pixels(LINES[:1]))
    one = coloured(pixels([{"step": 1.0, "generator/loss": 0.1}]))
    assert both > one > 20


def test_only_what_has_numbers_gets_a_panel() -> None:
    one = pixels(LINES).shape[0]
    two = pixels([*LINES, {"step": 3.0, "probe/diversity": 0.9}]).shape[0]
    assert two > 1.5 * one


def test_the_legend_stands_beside_the_curves() -> None:
    canvas = pixels(LINES)
    inside = np.flatnonzero((np.ptp(canvas.astype(int), axis=2) > 40).any(axis=0))
    frame = np.flatnonzero((canvas < 60).all(axis=2).mean(axis=0) > 0.5)  # left and right edge
    assert inside.min() > frame.min()
    assert inside.max() > frame.max()  # the samples of the legend
    assert canvas.shape[1] - frame.max() > 100


@pytest.mark.parametrize("values", [[-1.0, 2.0], [0.0, 0.0], [3.0, 3.0]])
def test_a_logarithmic_panel_takes_any_values(values: list[float]) -> None:
    lines = [
        {"step": float(i), "evaluation/kernel_distance": value} for i, value in enumerate(values, 1)
    ]
    assert coloured(pixels(lines)) > 20


def test_a_name_without_glyphs_is_no_obstacle() -> None:
    assert pixels(LINES, "太鼓 \udcff".encode("utf-8", "backslashreplace").decode()).size


def test_every_number_is_called_by_a_word() -> None:
    for panel in PANELS:
        for name, label in panel.curves:
            assert "/" in name
            assert "/" not in label
            assert "_" not in panel.title + panel.unit + label


def test_a_running_mean_keeps_constants_and_the_sum_of_a_symmetric_pulse() -> None:
    assert running_mean(np.full(100, 3.0)) == pytest.approx(np.full(100, 3.0))
    pulse = np.zeros(101)
    pulse[50] = 7.0
    assert running_mean(pulse)[50] == pytest.approx(7.0 / 7)  # 3 to either side
    assert running_mean(pulse).sum() == pytest.approx(7.0)
