from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from soundgan.pipelines.prepare.charts import Bar, bar_chart, histogram


def svg(text: str) -> ET.Element:
    return ET.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])


def counts(text: str) -> list[int]:
    return [int(title.rsplit(": ", 1)[1]) for title in re.findall("<title>(.*?)</title>", text)]


@pytest.mark.parametrize(
    "values",
    [[0.5], [0.5] * 9, [-60.0, 0.0], list(np.linspace(0, 1, 1000)), [0.1] * 999 + [500.0]],
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
