"""The report as plain text of at most eighty columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soundgan.evaluation.quantities import QUANTITIES
from soundgan.evaluation.view import VIEWS
from soundgan.pipelines.evaluate.chance import Chance
from soundgan.pipelines.evaluate.excess import CLEAR_TIMES, times_of
from soundgan.pipelines.evaluate.extractors import CLASSIFIER
from soundgan.pipelines.evaluate.judgement import short
from soundgan.pipelines.evaluate.numbers import (
    CLASS_NUMBERS,
    GROUP_OF_QUANTITIES,
    QUANTITY_NUMBERS,
    RIPPLE_NUMBERS,
    SET_NUMBERS,
    SPACE_NUMBERS,
    Number,
    number_of,
    value_at,
)
from soundgan.pipelines.evaluate.rows import ROWS

WIDTH = 80
DOUBT_MARK, CLEAR_MARK = "?", "!"
_TIE = "\N{NO-BREAK SPACE}"
_NAME_WIDTH, _OURS_WIDTH, _CELL_WIDTH = 25, 19, 7

TITLES = {
    "candidate": "these sounds",
    "real": "real",
    "copy_synthesis": "copies",
    "noise": "noise",
}
LIMIT = "chance"
COLUMNS = (TITLES["candidate"], TITLES["real"], LIMIT, TITLES["copy_synthesis"], TITLES["noise"])
LEGEND = (
    f"{LIMIT}: real sounds against others of as many stay within it 19 times of 20",
    f"{CLEAR_MARK}: at {CLEAR_TIMES:g} times that or more",
)


@dataclass(frozen=True)
class Block:
    """Some lines of the report.

    Attributes:
        title: What they have in common.
        columns: Heads of the cells.
        lines: Name of each number and its cells.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def blocks_of(document: dict[str, Any]) -> list[Block]:
    """The report's tables: views, quantities, patterns, the classifier, sets."""
    titles = {view.name: view.title for view in VIEWS} | {CLASSIFIER: "as the classifier sees them"}
    found = [
        _block(document, titles[name], [(f"{name}.{n.key}", n) for n in SPACE_NUMBERS])
        for name in document["extractors"]
    ]
    groups: list[tuple[str, Sequence[Number]]] = [
        ("what can be measured, in standard deviations of real sounds", QUANTITY_NUMBERS),
        ("patterns that no sound has by itself, dB", RIPPLE_NUMBERS),
        ("classes, neighbours and clusters", (*CLASS_NUMBERS, *SET_NUMBERS)),
    ]
    blocks = (_block(document, title, [(n.key, n) for n in numbers]) for title, numbers in groups)
    return [block for block in (*found, *blocks) if block.lines]


def comparison_block(comparison: dict[str, Any]) -> Block:
    """The comparison with another evaluation, a number a line."""
    lines = []
    for key, numbers in comparison["numbers"].items():
        name, scale = key.replace("_", " ").replace(".", " "), 1
        if key.endswith("kernel_distance"):
            name, scale = f"{name} ×1000", 1000
        ratio = "-" if numbers["ratio"] is None else f"{numbers['ratio']:.2f}"
        values = (short(scale * numbers[which]) for which in ("this", "other"))
        lines.append((name, (*values, ratio)))
    return Block("beside the other evaluation", ("this", "other", "this / other"), tuple(lines))


def _block(document: dict[str, Any], title: str, numbers: Sequence[tuple[str, Number]]) -> Block:
    rows = document["rows"]
    lines = [
        (
            number.title,
            (
                _ours(document, key),
                _cell(rows["real"], key),
                _limit(document, key),
                *(_cell(rows[name], key) for name in ROWS[2:]),
            ),
        )
        for key, number in numbers
        if value_at(rows["candidate"], key) is not None
    ]
    return Block(title, COLUMNS, tuple(lines))


def _ours(document: dict[str, Any], key: str) -> str:
    """The number with its interval or difference, and what is to be said of it."""
    row, text = document["rows"]["candidate"], _cell(document["rows"]["candidate"], key)
    group, _, name = key.partition(".")
    if name == "kernel_distance":
        interval = row[group][name]
        text = f"{text} ± {short(500 * (interval['high'] - interval['low']))}"
    elif group == GROUP_OF_QUANTITIES:
        unit = next(q.unit for q in QUANTITIES if q.key == name)
        text = f"{text} ({_signed(row[group][name]['difference'])} {unit}".rstrip() + ")"
    chance = document["floors"].get(key)
    if chance and times_of(key, value_at(row, key) or 0.0, Chance(**chance)) >= CLEAR_TIMES:
        text = f"{CLEAR_MARK} {text}"
    if any(doubt["number"] == key for doubt in document["doubts"]):
        text = f"{DOUBT_MARK} {text}"
    return text


def _limit(document: dict[str, Any], key: str) -> str:
    chance = document["floors"].get(key)
    return "" if chance is None else _text(key, chance["limit"])


def _cell(row: dict[str, Any], key: str) -> str:
    value = value_at(row, key)
    return "-" if value is None else _text(key, value)


def _text(key: str, value: float) -> str:
    if key in ("accuracy", "worst_class"):
        return f"{100 * value:.1f} %"
    return short(1000 * value if number_of(key).key == "kernel_distance" else value)


def _signed(value: float) -> str:
    """Two or three digits with a sign."""
    text = f"{value:+,.0f}" if abs(value) >= 9.95 else f"{value:+.2f}"
    return text.replace("-", "\N{MINUS SIGN}")


def render(document: dict[str, Any]) -> str:
    """Judgement and tables as text."""
    verdict = document["verdict"]
    lines = [_head(document), "", *_wrapped(verdict["answer"], "")]
    for sentence in (*verdict["sentences"], *document["remarks"]):
        lines += _wrapped(sentence, "- ")
    blocks = blocks_of(document)
    lines += ["", _row("", COLUMNS)]
    for block in blocks:
        lines += [block.title, *(_row(f"  {name}", cells) for name, cells in block.lines)]
    lines += ["", *LEGEND]
    if document["doubts"]:
        lines += [f"{DOUBT_MARK}: too few clips for this number"]
    if document.get("comparison"):
        lines += ["", *_aligned(comparison_block(document["comparison"]))]
    return "\n".join(lines)


def _head(document: dict[str, Any]) -> str:
    counts = document["counts"]
    return (
        f"{counts['candidate']:,} sounds, {counts['train']:,} training clips, "
        f"{counts['held_out']:,} {reference_clips(document)}"
    )


def reference_clips(document: dict[str, Any]) -> str:
    """What the sounds are measured against."""
    split = document["reference"]["split"]
    return "reference clips" if split == "held_out" else f"{split} clips as reference"


def _row(name: str, cells: Sequence[str]) -> str:
    widths = (_OURS_WIDTH, *(_CELL_WIDTH for _ in cells[1:]))
    text = " ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return f"{name.ljust(_NAME_WIDTH)} {text}".rstrip()


def _aligned(block: Block) -> list[str]:
    first = max(len(name) for name, _ in block.lines)
    columns = [
        [head, *(cells[at] for _, cells in block.lines)] for at, head in enumerate(block.columns)
    ]
    widths = [max(map(len, column)) for column in columns]
    names = ["", *(name for name, _ in block.lines)]
    rows = [
        "  ".join(
            [name.ljust(first), *(c[at].rjust(w) for c, w in zip(columns, widths, strict=True))]
        )
        for at, name in enumerate(names)
    ]
    return [block.title, *(row.rstrip() for row in rows)]


def _wrapped(sentence: str, lead: str) -> list[str]:
    """Lines, none of which begins with a percent sign."""
    lines = textwrap.wrap(
        sentence.replace(" %", f"{_TIE}%"),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
    return [line.replace(_TIE, " ") for line in lines]
