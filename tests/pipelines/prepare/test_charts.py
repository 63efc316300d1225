from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from soundgan.pipelines.page import environment
from soundgan.pipelines.prepare.charts import CHARACTER, Bar, Histogram, histogram


def drawn(macro: str, *values: Any) -> str:
    """What ``charts.html`` makes of a chart."""
    return str(getattr(environment().get_template("charts.html").module, macro)(*values))


def chart(values: list[float], **options: Any) -> Histogram:
    made = histogram(values, title="t", unit="s", **options)
    assert made
    return made


@pytest.mark.parametrize(
    "values",
    [[-60.0, 0.0], list(np.linspace(0, 1, 1000)), [0.1] * 999 + [500.0]],
)
def test_every_value_is_counted_once_and_drawn(values: list[float]) -> None:
    made = chart(values, mark=0.3, marked="here")
    assert sum(column.count for column in made.columns) == len(values)
    figure = ET.fromstring(drawn("histogram", made))
    bars = figure.findall("svg/rect")
    assert [bar.findtext("title") for bar in bars] == [column.text for column in made.columns]
    for bar in bars:
        y, height = float(bar.attrib["y"]), float(bar.attrib["height"])
        assert y >= 0.0
        assert y + height == pytest.approx(made.ground, abs=0.11)
    assert figure.findtext("svg/text[@class='mark']") == "here"
    assert figure.findtext("svg/text[@class='most']") == f"{made.most:,}"


def test_the_highest_column_leaves_room_for_its_number() -> None:
    made = chart([0.0, 1.0, 1.0])
    assert made.most == 2
    assert max(column.height for column in made.columns) == made.ground - 14
    assert sorted(column.height for column in made.columns)[-2] == (made.ground - 14) / 2


def test_a_value_far_out_does_not_flatten_the_others() -> None:
    made = chart([*np.linspace(0, 1, 1000), 1e6])
    assert sum(column.count > 0 for column in made.columns) >= 20
    assert " and more: " in made.columns[-1].text
    assert not any("more" in column.text for column in made.columns[:-1])


def test_no_values_give_no_chart() -> None:
    assert histogram([], title="t", unit="s") is None


def test_bars_are_drawn_to_one_scale() -> None:
    text = drawn("bar_chart", [Bar("a", 50), Bar("b", 100, extra=25)])
    assert re.findall(r"width:([\d.]+)%", text) == ["50.00", "0.00", "75.00", "25.00"]


def test_bars_can_share_the_scale_of_another_chart() -> None:
    assert "width:10.00%" in drawn("bar_chart", [Bar("small", 5)], 50)


def test_bars_of_nothing_have_no_width() -> None:
    assert re.findall(r"width:([\d.]+)%", drawn("bar_chart", [Bar("none", 0)])) == ["0.00"] * 2


def test_names_cannot_break_out_of_a_chart() -> None:
    evil = "</title><script>"
    assert "<script>" not in drawn("bar_chart", [Bar(evil, 1, note=evil, tone=evil)])
    made = histogram([0.0, 1.0], title=evil, unit=evil, mark=0.5, marked=evil)
    assert "<script>" not in drawn("histogram", made)


@pytest.mark.parametrize(("values", "said"), [([0.5], "0.5 s"), ([0.5] * 9, "all 9 at 0.5 s")])
def test_one_value_is_a_sentence_and_no_bar(values: list[float], said: str) -> None:
    text = drawn("histogram", chart(values))
    assert f">{said}<" in text
    assert "<svg" not in text


@pytest.mark.parametrize("high", [0.37, 4.0, 1234.5])
def test_no_two_numbers_of_an_axis_touch(high: float) -> None:
    ticks = chart(list(np.linspace(0, high, 500))).ticks
    assert len(ticks) >= 3
    half = CHARACTER / 2
    spans = [(t.x - half * len(t.text), t.x + half * len(t.text)) for t in ticks]
    assert all(right < left for (_, right), (left, _) in pairwise(spans))


@pytest.mark.parametrize("count", [30, 60, 300])
def test_a_few_long_sounds_leave_the_others_their_width_and_are_told(count: int) -> None:
    sounds = np.random.default_rng(0).uniform(0.1, 0.6, count).tolist()
    chart = histogram([*sounds, 9.0, 14.0, 30.0], title="t", unit="s", mark=0.512, marked="clip")
    assert chart is not None
    assert sum(column.count > 0 for column in chart.columns) > 15
    assert chart.beyond in ("3 beyond 0.6 s", "3 beyond 0.62 s")
    assert chart.columns[-1].count >= 3


@pytest.mark.parametrize("marked", [0.1, 0.2, 2.0, 4.0, 6.0, 9.0])
def test_the_words_of_the_mark_keep_clear_of_the_highest_count(marked: float) -> None:
    values = [0.1, *[0.15] * 1500, 5.0, 9.0]
    chart = histogram(values, title="t", unit="s", mark=marked, marked="clip 0.512 s")
    assert chart is not None
    words = CHARACTER * len("clip 0.512 s")
    start = chart.mark_text_x - words if chart.mark_on_left else chart.mark_text_x
    assert start >= chart.left + CHARACTER * len(f"{chart.most:,}")
    assert start + words <= chart.width


def test_half_of_all_sounds_are_no_few() -> None:
    chart = histogram([0.1, 0.2, 0.3, 5.0, 9.0, 14.0], title="t", unit="s")
    assert chart is not None
    assert chart.beyond == ""
