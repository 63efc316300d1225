"""``report.html``: the report as one page to look at and listen to, with nothing outside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.codec.stereo import PLANES
from soundgan.ingest.ledger import Entry
from soundgan.pipelines.page import render
from soundgan.pipelines.prepare.advice import judge_ceiling
from soundgan.pipelines.prepare.ceiling import Ceiling, Example
from soundgan.pipelines.prepare.charts import Bar, Histogram, histogram

MOST_PROBLEMS = 500
MOST_CLASSES, SHOWN_CLASSES = 40, 12
"""Of more classes only the largest and the smallest are shown."""

DARK, LIFT, NEARLY_ALL = 0.25, 0.7, 0.75
"""What is dark in a picture, how much quiet levels are raised, and which crop is worth none."""

WORTH_A_LOOK = ("clipped", "duplicate")

TONES = {"too few": "bad", "workable": "workable", "good": "good"}

MEANINGS = {
    "kept": ("good", "used as it is"),
    "padded": ("good", "used; shorter than the clip, silence appended"),
    "trimmed": ("good", "used; longer than the clip, its loudest part"),
    "sliced": ("good", "used; cut into several clips"),
    "clipped": ("bad", "used, but its peaks are flattened"),
    "duplicate": ("plain", "left out: the same sound as another file"),
    "generated": ("plain", "left out: made by soundgan"),
    "silent": ("bad", "left out: nothing to hear"),
    "too short": ("bad", "left out: less than 10 ms of sound"),
    "corrupt": ("bad", "left out: cannot be decoded, or not all of it"),
    "unsupported": ("bad", "left out: audio that needs ffmpeg"),
    "not audio": ("plain", "left out: something else"),
}


def make_page(report: dict[str, Any], entries: Sequence[Entry], ceiling: Ceiling | None) -> str:
    """The page as HTML text."""
    problems = _problems(entries)
    return render(
        "prepared.html",
        enough=report["enough"],
        tone=TONES[report["enough"]["level"]],
        facts=_facts(report),
        verdicts=_verdicts(report["verdicts"]),
        classes=_classes(report["summary"]["classes"]),
        histograms=_histograms(report, entries),
        rates=_rates(report["summary"]["source_rates"]),
        formats=[Bar(name, count) for name, count in report["summary"]["formats"].items()],
        alternatives=report.get("alternatives"),
        losses=report["losses"],
        stereo=report["summary"]["clip_channels"] == 2,
        ceiling=ceiling,
        judgement=ceiling and judge_ceiling(ceiling.spread.median_db),
        cards=[_card(example) for example in ceiling.examples] if ceiling else [],
        problems=[(entry, _why(entry)) for entry in problems[:MOST_PROBLEMS]],
        more_problems=max(0, len(problems) - MOST_PROBLEMS),
        parameters=[
            (key.replace("_", " "), _words(value))
            for key, value in sorted(report["parameters"].items())
        ],
    )


def _facts(report: dict[str, Any]) -> list[tuple[str, str]]:
    summary, parameters = report["summary"], report["parameters"]
    facts = [
        (f"{summary['files']:,}", "files found"),
        (f"{summary['clips']:,}", "clips"),
        (f"{summary['train_clips']:,}", "to train on"),
        (f"{summary['validation_clips']:,}", "for validation"),
        (f"{summary['test_clips']:,}", "for the test"),
        (f"{len(summary['classes']) or 'no'}", "classes"),
        (f"{parameters['clip_seconds']:.3g} s", "a clip"),
        (f"{parameters['sample_rate']:,} Hz", "sample rate"),
        (_duration(summary["sound_seconds"]), "of sound"),
    ]
    stereo = summary["stereo"]
    if stereo:
        facts.append((f"{stereo['files']:,}", f"of {stereo['of']:,} sounds differ left and right"))
    if stereo and stereo["files"]:
        facts.append((f"{stereo['median_side_db']:.1f} dB", "their side against their mid"))
    if summary["unlabelled_clips"]:
        facts.append((f"{summary['unlabelled_clips']:,}", "without a label, not trained on"))
    return facts


def _verdicts(verdicts: dict[str, int]) -> list[Bar]:
    return [
        Bar(name, verdicts[name], note=note, tone=tone)
        for name, (tone, note) in MEANINGS.items()
        if verdicts[name]
    ]


def _classes(classes: dict[str, dict[str, int]]) -> dict[str, Any]:
    """All classes; of very many their sizes, and the largest and smallest."""
    bars = [
        Bar(
            name,
            n["train"] + n["held_out"],
            extra=n["held_out"],
            note=f"{n['validation']} for validation, {n['test']} for the test",
        )
        for name, n in sorted(classes.items())
    ]
    if len(bars) <= MOST_CLASSES:
        return {"bars": bars, "sizes": None}
    ordered = sorted(bars, key=lambda bar: -bar.count)
    counts = [float(bar.count) for bar in bars]
    return {
        "bars": bars,
        "sizes": histogram(counts, title="Clips of a class", unit="clips", least=1.0),
        "largest": ordered[:SHOWN_CLASSES],
        "smallest": ordered[-SHOWN_CLASSES:],
    }


def _histograms(report: dict[str, Any], entries: Sequence[Entry]) -> list[Histogram]:
    used = [entry.record for entry in entries if entry.clips]
    seconds = report["parameters"]["clip_seconds"]
    charts = (
        histogram(
            [record.sound_seconds or 0.0 for record in used],
            title="Duration without the silence at both ends",
            unit="s",
            mark=seconds,
            marked=f"clip {seconds:.3g} s",
            least=0.01,
        ),
        histogram([e.rms_db or 0.0 for e in used], title="Loudness, RMS", unit="dBFS", least=0.5),
        histogram([e.peak_db or 0.0 for e in used], title="Highest peak", unit="dBFS", least=0.5),
    )
    return [chart for chart in charts if chart]


def _rates(rates: dict[str, int]) -> list[Bar]:
    ordered = sorted(rates.items(), key=lambda item: int(item[0]))
    return [Bar(f"{int(rate):,} Hz", count) for rate, count in ordered]


def _card(example: Example) -> dict[str, Any]:
    """One clip and its copy, to look at and to listen to."""
    measured, rebuilt = example.measured, example.rebuilt
    path = measured.clip.path
    planes = 1 if example.original.ndim == 1 else PLANES
    image, part = closer_look(rebuilt.image, planes=planes)
    return {
        "path": path,
        "name": path.rsplit("/", 1)[-1],
        "label": measured.label,
        "convergence_db": measured.convergence_db,
        "image": image,
        "part": part,
        "original": example.original,
        "rebuilt": rebuilt.waveform,
    }


def closer_look(
    image: NDArray[np.float32], *, planes: int = 1
) -> tuple[NDArray[np.float32], float]:
    """The rows of an image [F, T] up to the highest that is not dark, and their part of all.

    A bass drum would else be a black picture with a bright line at its lower edge. Quiet levels
    are raised, for the same reason. Of ``planes`` images above each other all have the same rows.
    """
    low, high = float(image.min()), float(image.max())
    level = (image - low) / max(high - low, 1e-6)
    level = level.reshape(planes, -1, image.shape[1])
    bright = np.flatnonzero(level.max(axis=(0, 2)) > DARK)
    height = level.shape[1]
    rows = min(height, max(height // 4, 1 + int(bright[-1]) if len(bright) else 0))
    part = rows / height
    if part > NEARLY_ALL:
        rows, part = height, 1.0
    shown = level[:, :rows].reshape(planes * rows, -1)
    return (2 * shown**LIFT - 1).astype(np.float32), part


def _problems(entries: Sequence[Entry]) -> list[Entry]:
    """What somebody should look at, the lost before the odd."""
    wanted = [e for e in entries if e.lost or e.record.note or e.verdict in WORTH_A_LOOK]
    return sorted(wanted, key=lambda entry: (not entry.lost, entry.verdict))


def _why(entry: Entry) -> str:
    left_out = "has no label, so it is in neither split"
    if entry.split != "unlabelled":
        return entry.reason
    return f"{entry.reason}; {left_out}" if entry.reason else left_out


def _words(value: object) -> str:
    """A parameter as a reader would write it."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case list():
            return ", ".join(map(_words, value))
        case dict():
            return ", ".join(f"{name} {_words(item)}" for name, item in value.items())
        case _:
            return str(value)


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
