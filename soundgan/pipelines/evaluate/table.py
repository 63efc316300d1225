"""The report as plain text of at most a hundred columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soundgan.pipelines.evaluate.numbers import (
    CLASS_NUMBERS,
    SET_NUMBERS,
    SPACE_NUMBERS,
    Number,
    number_of,
    value_at,
)
from soundgan.pipelines.evaluate.rows import ROWS
from soundgan.pipelines.evaluate.verdict import short
from soundgan.words import percent

WIDTH = 100
DOUBT_MARK = "?"
_TIE = "\N{NO-BREAK SPACE}"

TITLES = {
    "candidate": "these sounds",
    "real": "real",
    "copy_synthesis": "copy-synthesis",
    "noise": "noise",
}
SHARE = "of the real row"


@dataclass(frozen=True)
class Block:
    """Some columns of the report.

    Attributes:
        title: What they have in common.
        columns: Their heads.
        lines: Name of each row and its cells.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def blocks_of(document: dict[str, Any]) -> list[Block]:
    """The report's tables: one for each extractor, and one for what needs no space."""
    row = document["rows"]["candidate"]
    kept = document["reference"]["split"].replace("_", "-")
    found = [
        _block(document, f"{name}: against the {kept} clips", name, SPACE_NUMBERS)
        for name in document["extractors"]
    ]
    rest = [n for n in (*SET_NUMBERS, *CLASS_NUMBERS) if row.get(n.key) is not None]
    title = "neighbours and clusters: against the training clips"
    return [*found, _block(document, title, "", rest)]


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


def _block(
    document: dict[str, Any], title: str, extractor: str, numbers: Sequence[Number]
) -> Block:
    keys = [f"{extractor}.{number.key}".lstrip(".") for number in numbers]
    doubted = {doubt["number"] for doubt in document["doubts"]}
    lines = [
        (
            TITLES[name],
            tuple(_cell(document["rows"][name], key, doubted=key in doubted) for key in keys),
        )
        for name in ROWS
    ]
    shares = document["shares"]["candidate"]
    if any(key in shares for key in keys):
        lines.insert(1, (SHARE, tuple(_share(key, shares) for key in keys)))
    return Block(title, tuple(number.title for number in numbers), tuple(lines))


def _cell(row: dict[str, Any], key: str, *, doubted: bool) -> str:
    value = value_at(row, key)
    if value is None:
        return "-"
    name = key.rpartition(".")[2]
    if name == "kernel_distance":
        interval = row[key.partition(".")[0]][name]
        low, high = short(1000 * interval["low"]), short(1000 * interval["high"])
        text = f"{short(1000 * value)} [{low}, {high}]"
    elif name in ("accuracy", "worst_class"):
        text = f"{100 * value:.1f} %"
    else:
        text = short(value)
    return f"{text} {DOUBT_MARK}" if doubted else text


def _share(key: str, shares: dict[str, float]) -> str:
    """As a percentage where more is better, else as a multiple."""
    if key not in shares:
        return ""
    if number_of(key).better == "high":
        return percent(shares[key])
    return f"{short(shares[key])} ×"


def render(document: dict[str, Any]) -> str:
    """Tables and verdict as text."""
    lines = [_head(document), ""]
    for block in blocks_of(document):
        lines += [*_aligned(block), ""]
    if document["doubts"]:
        lines += [f"{DOUBT_MARK}: too few clips for this number", ""]
    if document.get("comparison"):
        lines += [*_aligned(comparison_block(document["comparison"])), ""]
    verdict = document["verdict"]
    lines += _wrapped(verdict["answer"], "")
    for sentence in (*verdict["sentences"], *document["remarks"]):
        lines += _wrapped(sentence, "- ")
    return "\n".join(lines)


def _head(document: dict[str, Any]) -> str:
    counts = document["counts"]
    return (
        f"{counts['candidate']:,} sounds, {counts['train']:,} training clips, "
        f"{counts['held_out']:,} {document['reference']['split'].replace('_', '-')} clips"
    )


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
