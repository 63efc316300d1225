from __future__ import annotations

import math

import pytest

from soundgan.pipelines.evaluate.scales import Mark, interval_scale, share_scale


def interval(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def test_intervals_share_one_logarithmic_scale() -> None:
    rows = [
        ("ours", interval(0.002, 0.001, 0.003), True),
        ("real", interval(-0.001, -0.001, 0.001), False),
        ("noise", interval(0.9, 0.8, 1.0), False),
    ]
    ours, real, noise = interval_scale("c", rows).lines
    # The narrowest interval is 0.002 wide: half of it is the unit, a thousandth of the farthest.
    end = math.log1p(1000)
    span, point = ours.marks
    assert span.tone == "span good"
    assert span.left == pytest.approx(100 * math.log1p(1) / end)
    assert span.left + (span.width or 0) == pytest.approx(100 * math.log1p(3) / end)
    assert point == Mark("point good", pytest.approx(100 * math.log1p(2) / end))  # type: ignore[arg-type]
    assert (ours.name, ours.value, ours.ours) == ("ours", "2.00", True)
    assert (real.marks[0].left, real.marks[1].left, real.ours) == (0.0, 0.0, False)
    assert noise.marks[0].left + (noise.marks[0].width or 0) == pytest.approx(100)


def test_shares_end_at_the_edge_and_real_recordings_are_marked() -> None:
    some, much = share_scale("c", [("recall", 0.5), ("diversity", 3.0)]).lines
    assert some.marks == (Mark("good", 0.0, 40.0), Mark("point plain", 80.0))
    assert much.marks == (Mark("good", 0.0, 100.0), Mark("point plain", 80.0))
    assert (some.value, much.value) == ("50 %", "300 %")
