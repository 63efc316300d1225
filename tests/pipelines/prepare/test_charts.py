from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from soundgan.pipelines.prepare.charts import Bar, bar_chart, histogram


def svg(text: str) -> ET.Element:
    return ET.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])


def counts(text: str) -> list[int]:
    return [int(title.rsplit(": ", 1)[1]) for title in re.findall("<title>(.*?)</title>", text)]


@pytest.mark.parametrize(
    "values",
    [[-60.0, 0.0], list(np.linspace(0, 1, 1000)), [0.1] * 999 + [500.0]],
)
def test_every_value_is_counted_once(values: list[float]) -> None:
    chart = histogram(values, title="t", unit="s", mark=0.3, marked="here")
    assert sum(counts(chart)) == len(values)
    svg(chart)


def test_a_value_far_out_does_not_flatten_the_others() -> None:
    chart = histogram([*np.linspace(0, 1, 1000), 1e6], title="t", unit="s")
    assert sum(count > 0 for count in counts(chart)) >= 20
    assert "and more: " in chart


def test_no_values_give_no_chart() -> None:
    assert histogram([], title="t", unit="s") == ""


def test_bars_are_drawn_to_one_scale() -> None:
    text = bar_chart([Bar("a", 50), Bar("b", 100, extra=25)])
    assert re.findall(r"width:([\d.]+)%", text) == ["50.00", "0.00", "75.00", "25.00"]


def test_names_cannot_break_out_of_the_chart() -> None:
    assert "<script>" not in bar_chart([Bar("<script>", 1, note="<script>")])


@pytest.mark.parametrize(("values", "said"), [([0.5], "0.5 s"), ([0.5] * 9, "all 9 at 0.5 s")])
def test_one_value_is_a_sentence_and_no_bar(values: list[float], said: str) -> None:
    chart = histogram(values, title="t", unit="s")
    assert f">{said}<" in chart
    assert "<svg" not in chart


@pytest.mark.parametrize("high", [0.37, 4.0, 1234.5])
def test_no_two_numbers_of_an_axis_touch(high: float) -> None:
    chart = histogram(list(np.linspace(0, high, 500)), title="t", unit="s")
    ticks = re.findall(r"<text x='([0-9.]+)' y='143' text-anchor='middle'>([^<]*)<", chart)
    assert len(ticks) >= 3
    spans = [(float(x) - 3 * len(text), float(x) + 3 * len(text)) for x, text in ticks]
    assert all(right < left for (_, right), (left, _) in pairwise(spans))


def test_bars_can_share_the_scale_of_another_chart() -> None:
    assert "width:10.00%" in bar_chart([Bar("small", 5)], largest=50)
