"""What prepare says of the ceiling."""

from __future__ import annotations

from typing import Any

from soundgan.cli.prepare_text import ceiling_lines


def ceiling(n_clips: int, **changes: Any) -> dict[str, Any]:
    return {
        "median_db": -29.2,
        "preset": "fast",
        "other_presets": [],
        "quartiles_db": [-31.0, -27.0],
        "attacks_kept": 0.875,
        "n_clips": n_clips,
        "worst_class": None,
        "answer": "Close.",
    } | changes


def test_of_a_single_clip_there_is_no_half() -> None:
    first = "audible ceiling: -29.2 dB with preset fast"
    kept = "  88 % of attacks take as long, within 1 ms"
    assert ceiling_lines(ceiling(1)) == [first, kept, "  Close."]
    spread = "  half of 24 clips: -31.0 to -27.0 dB"
    assert ceiling_lines(ceiling(24)) == [first, spread, kept, "  Close."]


def test_a_class_that_is_worse_is_named() -> None:
    worst = {"label": "hat", "median_db": -9.0}
    assert ceiling_lines(ceiling(24, worst_class=worst))[1].endswith("; worst class hat, -9.0 dB")


def test_a_preset_whose_copies_are_twice_as_near_is_named_with_its_option() -> None:
    others = [
        {"preset": "base", "median_db": -31.0},
        {"preset": "oneshots", "median_db": -36.2},
    ]
    assert ceiling_lines(ceiling(24, other_presets=others))[-2:] == [
        "  Copies are 7 dB closer with soundgan train --config oneshots, whose steps take",
        "    longer.",
    ]
    near = [{"preset": "oneshots", "median_db": -35.1}]
    assert ceiling_lines(ceiling(24, other_presets=near))[-1] == "  Close."
