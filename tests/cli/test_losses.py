"""Losses as they stand on a terminal of 80 columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soundgan.cli.losses import loss_lines

REPORT = Path("prepared/report.html")


def loss(text: str, files: int = 1, first: list[list[str]] | None = None) -> dict[str, Any]:
    return {"text": text, "files": files, "first": first or []}


def test_nothing_lost_is_nothing_said() -> None:
    assert loss_lines([], REPORT) == []


def test_every_line_fits_and_nothing_is_left_out() -> None:
    text = " ".join(["twelve words and 100 % of 44100 Hz, --clip-seconds 3"] * 9)
    first = [["folder/" * 9 + f"{n}.wav", "its reason " * 12] for n in range(5)]
    lines = loss_lines([loss(text), loss("corrupt: 9 files", 9, first)], REPORT)
    assert all(len(line) <= 79 for line in lines)
    told = " ".join(" ".join(lines).split())
    assert text in told
    assert all(path in told.replace(" ", "") for path, _ in first)
    assert "and 4 more: see prepared/report.html" in told


def test_a_number_stays_with_its_unit() -> None:
    for width in range(40, 90):
        lines = loss_lines([loss("x" * width + " 24 % of 48000 Hz and 12 dB or 3 s")], REPORT)
        for unit in ("24 %", "48000 Hz", "12 dB", "3 s"):
            assert any(unit in line for line in lines)


def test_a_name_that_is_no_text_is_shown() -> None:
    lines = loss_lines([loss("corrupt", 1, [["caf\udce9.wav", "cut short"]])], REPORT)
    assert lines[-1] == r"    caf\udce9.wav: cut short"
