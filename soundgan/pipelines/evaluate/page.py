"""``evaluation.html``: the verdict, the numbers, and the sounds themselves, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soundgan.evaluation.view import WHOLE
from soundgan.pipelines.evaluate.examples import Group
from soundgan.pipelines.evaluate.judgement import MEMORISED_RATIO, short
from soundgan.pipelines.evaluate.reference import called
from soundgan.pipelines.evaluate.rows import ROWS
from soundgan.pipelines.evaluate.scales import Scale, interval_scale, share_scale
from soundgan.pipelines.evaluate.table import (
    CLEAR_MARK,
    DOUBT_MARK,
    LEGEND,
    TITLES,
    blocks_of,
    comparison_block,
    reference_clips,
)
from soundgan.pipelines.page import render
from soundgan.words import percent

_WORDS = {"held_out_accuracy": "accuracy on reference clips"}
"""For keys of ``evaluation.json`` that keep an older word."""


def make_page(report: dict[str, Any], groups: Sequence[Group], sample_rate: int) -> str:
    """The page as HTML text."""
    verdict, comparison = report["verdict"], report["comparison"]
    return render(
        "evaluated.html",
        verdict=verdict,
        remarks=[*verdict["sentences"], *report["remarks"]],
        facts=_facts(report),
        kind_of_clips=called(report["reference"]["split"]),
        scales=_scales(report),
        groups=groups,
        sample_rate=sample_rate,
        memorised_ratio=MEMORISED_RATIO,
        tables=[*blocks_of(report), *([comparison_block(comparison)] if comparison else [])],
        clear_mark=CLEAR_MARK,
        legend=LEGEND,
        doubts=report["doubts"],
        doubt_mark=DOUBT_MARK,
        facts_of_origin=[(key.replace("_", " "), _shown(v)) for key, v in _origin(report).items()],
    )


def _facts(report: dict[str, Any]) -> list[tuple[str, str]]:
    counts, row = report["counts"], report["rows"]["candidate"]
    whole = row[WHOLE.name]
    facts = [
        (f"{counts['candidate']:,}", "sounds"),
        (f"{counts['held_out']:,}", reference_clips(report)),
        (short(1000 * whole["kernel_distance"]["value"]), "kernel distance ×1000"),
        (percent(whole["precision"]), "precision"),
        (percent(whole["recall"]), "recall"),
        (f"{row['nearest_neighbour_ratio']:.2f}", "nearest training clip"),
    ]
    if row.get("accuracy") is not None:
        facts.append((f"{100 * row['accuracy']:.1f} %", "of the class asked for"))
    return facts


def _scales(report: dict[str, Any]) -> tuple[Scale, Scale]:
    rows = report["rows"]
    distances = [
        (TITLES[name], rows[name][WHOLE.name]["kernel_distance"], name == "candidate")
        for name in ROWS
    ]
    shares = report["shares"]["candidate"]
    wanted = {
        f"{WHOLE.name}.precision": "precision",
        f"{WHOLE.name}.recall": "recall",
        f"{WHOLE.name}.coverage": "coverage",
        "diversity_ratio": "diversity",
        "accuracy": "accuracy",
    }
    parts = [(title, shares[key]) for key, title in wanted.items() if key in shares]
    return (
        interval_scale("Kernel distance ×1000 and its 95 % interval, logarithmic", distances),
        share_scale("As a share of what real recordings reach", parts),
    )


def _origin(report: dict[str, Any]) -> dict[str, Any]:
    facts = {
        **report["candidate"],
        **{f"clips, {called(name)}": count for name, count in report["counts"].items()},
        "dataset": report["reference"]["dataset"],
    }
    for name, extractor in report["extractors"].items():
        facts |= {f"{name} {_WORDS.get(key, key)}": value for key, value in extractor.items()}
    return facts


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
