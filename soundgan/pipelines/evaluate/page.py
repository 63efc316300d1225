"""``evaluation.html``: the verdict, the numbers, and the sounds themselves, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from soundgan.pipelines.evaluate.examples import Clip, Group, Pair
from soundgan.pipelines.evaluate.rows import ROWS
from soundgan.pipelines.evaluate.scales import interval_scale, share_scale
from soundgan.pipelines.evaluate.style import STYLE
from soundgan.pipelines.evaluate.table import (
    DOUBT_MARK,
    SHARE,
    TITLES,
    Block,
    blocks_of,
    comparison_block,
)
from soundgan.pipelines.evaluate.verdict import MEMORISED_RATIO, short
from soundgan.pipelines.page.document import document as page_of
from soundgan.pipelines.page.document import picture, player

WORDS = {
    "kernel distance": "How differently the two sets are distributed; the number to compare "
    "models by. Real recordings have about 0, and it is not distorted by few clips.",
    "Fréchet distance": "The same question answered with means and spreads only. It grows when "
    "clips are few: compare it at equal counts, and look at the real row.",
    "precision": "The part of the sounds that lie among real recordings.",
    "recall": "The part of the recordings that lie among the sounds.",
    "density": "How crowded the places are that the sounds keep to: 1 like real, less for stray "
    "sounds, more for typical ones only.",
    "coverage": "The part of the recordings with at least one sound nearby: falls when only a "
    "few kinds of sound occur.",
    "nearest": "How far a sound is from its nearest training clip, real recordings having 1: "
    "below 0.7 the training clips are repeated.",
    "diversity": "How far two sounds are apart, real recordings having 1.",
    "NDB/K": "The part of the clusters of training clips that get too many or too few sounds.",
    "accuracy": "How often the classifier takes a sound for what it should be. For the real row "
    "it hears held-out clips.",
    "inception": "How sure and how varied the classifier's answers are, at most the number of "
    "classes. Blind to variety within a class.",
    "copy-synthesis": "Training clips, turned into images and back: the best that any model of "
    "such images could do.",
}


def make_page(report: dict[str, Any], groups: Sequence[Group], sample_rate: int) -> str:
    """The page as HTML text."""
    sections = (
        _answer(report),
        _numbers(report),
        _scales(report),
        _listen(groups, sample_rate),
        _tables(report),
        _words(),
        _origin(report),
    )
    return page_of("Evaluated sounds", sections, style=STYLE)


def _answer(report: dict[str, Any]) -> str:
    verdict = report["verdict"]
    items = "".join(
        f"<li>{_sentence(text)}</li>" for text in (*verdict["sentences"], *report["remarks"])
    )
    return (
        f"<section class='answer {verdict['tone']}'><h2>Do these sounds pass for real?</h2>"
        f"<p>{escape(verdict['answer'])}</p>{f'<ul>{items}</ul>' if items else ''}</section>"
    )


def _sentence(text: str) -> str:
    """Text in which no line begins with a percent sign."""
    return escape(text).replace(" %", "\N{NO-BREAK SPACE}%")


def _numbers(report: dict[str, Any]) -> str:
    counts, row = report["counts"], report["rows"]["candidate"]
    patches = row["patches"]
    facts = [
        (f"{counts['candidate']:,}", "sounds"),
        (f"{counts['held_out']:,}", "held-out clips"),
        (short(1000 * patches["kernel_distance"]["value"]), "kernel distance ×1000"),
        (f"{100 * patches['precision']:.0f} %", "precision"),
        (f"{100 * patches['recall']:.0f} %", "recall"),
        (f"{row['nearest_neighbour_ratio']:.2f}", "nearest training clip"),
    ]
    if row.get("accuracy") is not None:
        facts.append((f"{100 * row['accuracy']:.1f} %", "of the class asked for"))
    cells = "".join(f"<div><b>{escape(a)}</b>{escape(b)}</div>" for a, b in facts)
    return f"<section class='numbers'>{cells}</section>"


def _scales(report: dict[str, Any]) -> str:
    rows = report["rows"]
    distances = [
        (TITLES[name], rows[name]["patches"]["kernel_distance"], name == "candidate")
        for name in ROWS
    ]
    shares = report["shares"]["candidate"]
    wanted = {
        "patches.precision": "precision",
        "patches.recall": "recall",
        "patches.coverage": "coverage",
        "diversity_ratio": "diversity",
        "accuracy": "accuracy",
    }
    parts = [(title, shares[key]) for key, title in wanted.items() if key in shares]
    return (
        "<section><h2>Between real and noise</h2><div class='scales'>"
        f"{interval_scale('Kernel distance ×1000 and its 95 % interval, logarithmic', distances)}"
        f"{share_scale('As a share of what real recordings reach', parts)}</div></section>"
    )


def _listen(groups: Sequence[Group], sample_rate: int) -> str:
    shown = "".join(_group(group, sample_rate) for group in groups)
    return (
        "<section><h2>Listen</h2><p>The first sounds of each class, none picked. Beside every "
        "generated sound stands the training clip nearest to it: were they copies, it would show "
        f"here. On the right are held-out recordings, which no training heard.</p>{shown}</section>"
    )


def _group(group: Group, sample_rate: int) -> str:
    note = ""
    if group.accuracy is not None:
        share = f"{100 * group.accuracy:.0f} %"
        note = f"<small>{share} of its sounds are heard as {escape(group.title)}</small>"
    title = f"<h3>{escape(group.title)}{note}</h3>" if group.title else ""
    pairs = "".join(_pair(pair, sample_rate) for pair in group.pairs)
    real = "".join(_clip(clip, sample_rate, "recording", "real") for clip in group.real)
    return f"<div class='group'>{title}<div class='sounds'>{pairs}{real}</div></div>"


def _pair(pair: Pair, sample_rate: int) -> str:
    near = " near" if pair.distance < MEMORISED_RATIO else ""
    return (
        f"<div class='pair'>{_clip(pair.generated, sample_rate, 'generated', 'generated')}"
        f"{_clip(pair.nearest, sample_rate, 'nearest in training', 'real')}"
        f"<p class='far{near}'>{pair.distance:.2f} times as far as held-out clips usually are</p>"
        "</div>"
    )


def _clip(clip: Clip, sample_rate: int, caption: str, tone: str) -> str:
    return (
        f"<div class='clip'>{picture(clip.picture)}<b class='{tone}'>{caption}</b>"
        f"<span title='{escape(clip.name)}'>{escape(clip.name)}</span>"
        f"<span>{escape(clip.note)}</span>"
        f"{player(clip.waveform, sample_rate)}</div>"
    )


def _tables(report: dict[str, Any]) -> str:
    tables = "".join(_table(block) for block in blocks_of(report))
    doubt = f"<p>{DOUBT_MARK}: too few clips for this number.</p>" if report["doubts"] else ""
    comparison = _table(comparison_block(report["comparison"])) if report["comparison"] else ""
    return (
        "<section><h2>All numbers</h2>"
        f"<div class='tables'>{tables}{comparison}</div>{doubt}</section>"
    )


def _table(block: Block) -> str:
    classes = {TITLES["candidate"]: " class='candidate'", SHARE: " class='share'"}
    head = "".join(f"<th>{escape(column)}</th>" for column in ("", *block.columns))
    body = "".join(
        f"<tr{classes.get(name, '')}>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in (name, *cells))
        + "</tr>"
        for name, cells in block.lines
    )
    caption = f"<caption>{escape(block.title)}</caption>"
    return f"<table class='numeric'>{caption}<tr>{head}</tr>{body}</table>"


def _words() -> str:
    items = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in WORDS.items())
    return f"<section><h2>What the numbers mean</h2><dl class='words'>{items}</dl></section>"


def _origin(report: dict[str, Any]) -> str:
    facts: dict[str, Any] = {
        **report["candidate"],
        **{f"clips, {name}": count for name, count in report["counts"].items()},
        "dataset": report["reference"]["dataset"],
    }
    for name, extractor in report["extractors"].items():
        facts |= {f"{name} {key}": value for key, value in extractor.items()}
    rows = "".join(
        f"<tr><td>{escape(key.replace('_', ' '))}</td><td>{escape(_shown(value))}</td></tr>"
        for key, value in facts.items()
    )
    return (
        "<section><h2>How it was measured</h2>"
        f"<div class='table'><table>{rows}</table></div></section>"
    )


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
