"""``evaluation.html``: the verdict, the numbers, and the sounds themselves, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soundgan.pipelines.evaluate.examples import Group
from soundgan.pipelines.evaluate.rows import ROWS
from soundgan.pipelines.evaluate.scales import Scale, interval_scale, share_scale
from soundgan.pipelines.evaluate.table import (
    DOUBT_MARK,
    SHARE,
    TITLES,
    blocks_of,
    comparison_block,
)
from soundgan.pipelines.evaluate.verdict import MEMORISED_RATIO, short
from soundgan.pipelines.page import render

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
    verdict, comparison = report["verdict"], report["comparison"]
    return render(
        "evaluated.html",
        verdict=verdict,
        remarks=[*verdict["sentences"], *report["remarks"]],
        facts=_facts(report),
        scales=_scales(report),
        groups=groups,
        sample_rate=sample_rate,
        memorised_ratio=MEMORISED_RATIO,
        tables=[*blocks_of(report), *([comparison_block(comparison)] if comparison else [])],
        emphasis={TITLES["candidate"]: "candidate", SHARE: "share"},
        doubts=report["doubts"],
        doubt_mark=DOUBT_MARK,
        words=WORDS,
        facts_of_origin=[(key.replace("_", " "), _shown(v)) for key, v in _origin(report).items()],
    )


def _facts(report: dict[str, Any]) -> list[tuple[str, str]]:
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
    return facts


def _scales(report: dict[str, Any]) -> tuple[Scale, Scale]:
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
        interval_scale("Kernel distance ×1000 and its 95 % interval, logarithmic", distances),
        share_scale("As a share of what real recordings reach", parts),
    )


def _origin(report: dict[str, Any]) -> dict[str, Any]:
    facts = {
        **report["candidate"],
        **{f"clips, {name}": count for name, count in report["counts"].items()},
        "dataset": report["reference"]["dataset"],
    }
    for name, extractor in report["extractors"].items():
        facts |= {f"{name} {key}": value for key, value in extractor.items()}
    return facts


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
