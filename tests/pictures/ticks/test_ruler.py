from __future__ import annotations

import numpy as np
import pytest

from soundgan.pictures.axis import AXES, height_of
from soundgan.pictures.ticks.ruler import Label, Ruler, fitted

HERTZ = {
    "linear": [0, 1000, 2000, 3000, 4000],
    "log": [50, 100, 200, 500, 1000, 2000, 5000],
    "mel": [0, 250, 500, 1000, 2000, 4000, 8000],
    "mel_htk": [0, 250, 500, 1000, 2000, 4000, 8000],
    "librosa_log": [0, 64, 128, 256, 512, 1024, 2048, 4096],
    "librosa_mel": [0, 512, 1024, 2048, 4096, 8192],
}


def labels(kind: str, values: list[float]) -> list[Label]:
    """Numbers on an axis of 400 pixels, the highest on top."""
    heights = height_of(np.array(values, np.float64), kind)
    low, high = float(heights[0]), float(heights[-1])
    return [
        Label(450.0 - 400.0 * (float(height) - low) / (high - low), value)
        for height, value in zip(heights, values, strict=True)
    ]


@pytest.mark.parametrize("kind", AXES)
def test_the_spacing_of_numbers_tells_the_kind_of_axis(kind: str) -> None:
    ruler = fitted(labels(kind, [float(v) for v in HERTZ[kind]]), AXES, length=400)
    assert ruler is not None
    assert ruler.kind == kind
    assert ruler.at(450.0) == pytest.approx(HERTZ[kind][0], abs=1e-6)
    assert ruler.at(50.0) == pytest.approx(HERTZ[kind][-1])


def test_a_misread_number_is_left_out() -> None:
    wrong = labels("linear", [0.0, 1000.0, 2000.0, 3000.0, 4000.0])
    wrong[2] = Label(wrong[2].place, 7000.0)
    ruler = fitted(wrong, AXES, length=400)
    assert ruler is not None
    assert (ruler.kind, ruler.left_out) == ("linear", 1)
    assert ruler.at(50.0) == pytest.approx(4000.0)


@pytest.mark.parametrize("values", [[3.0, 9.0, 1.0, 7.0], [5.0], [5.0, 5.0, 5.0], []])
def test_numbers_that_make_no_axis_are_not_used(values: list[float]) -> None:
    scattered = [Label(40.0 * i, value) for i, value in enumerate(values)]
    assert fitted(scattered, ("linear",), length=400) is None


def test_values_may_fall_with_places() -> None:
    ruler = fitted([Label(0.0, 4.0), Label(100.0, 2.0), Label(200.0, 0.0)], ("linear",), length=200)
    assert isinstance(ruler, Ruler)
    assert ruler.scale < 0
    assert ruler.span == (0.0, 4.0)
