"""``report.html``: the report as one page to look at and listen to, with nothing outside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.pipelines.page.document import document, picture, player
from soundgan.pipelines.prepare.advice import judge_ceiling
from soundgan.pipelines.prepare.ceiling import Ceiling, Example
from soundgan.pipelines.prepare.charts import Bar, bar_chart, histogram
from soundgan.pipelines.prepare.ledger import Entry
from soundgan.pipelines.prepare.style import STYLE

MOST_PROBLEMS = 500
MOST_CLASSES, SHOWN_CLASSES = 40, 12
"""Of more classes only the largest and the smallest are shown."""

DARK, LIFT, NEARLY_ALL = 0.25, 0.7, 0.75
"""What is dark in a picture, how much quiet levels are raised, and which crop is worth none."""

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*(?: [0-9.]+)?")

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
    sections = (
        _answer(report["enough"]),
        _numbers(report),
        _verdicts(report["verdicts"]),
        _classes(report["summary"]["classes"]),
        _histograms(report, entries),
        _alternatives(report.get("alternatives")),
        _losses(report["losses"]),
        _listen(ceiling),
        _problems(entries),
        _parameters(report["parameters"]),
    )
    return document("Prepared sounds", sections, style=STYLE)


def _answer(enough: dict[str, Any]) -> str:
    remarks = "".join(f"<li>{_text(text)}</li>" for text in enough["remarks"])
    tone = TONES[enough["level"]]
    return (
        f"<section class='answer {tone}'><h2>Is this enough data?</h2>"
        f"<p>{_text(enough['answer'])}</p>{f'<ul>{remarks}</ul>' if remarks else ''}</section>"
    )


def _text(sentence: str) -> str:
    """A sentence as HTML, its options not broken over lines."""
    return OPTION.sub(r"<code>\g<0></code>", escape(sentence))


def _numbers(report: dict[str, Any]) -> str:
    summary, parameters = report["summary"], report["parameters"]
    facts = [
        (f"{summary['files']:,}", "files found"),
        (f"{summary['clips']:,}", "clips"),
        (f"{summary['train_clips']:,}", "to train on"),
        (f"{summary['held_out_clips']:,}", "held out"),
        (f"{len(summary['classes']) or 'no'}", "classes"),
        (f"{parameters['clip_seconds']:.3g} s", "a clip"),
        (f"{parameters['sample_rate']:,} Hz", "sample rate"),
        (_duration(summary["sound_seconds"]), "of sound"),
    ]
    if summary["unlabelled_clips"]:
        facts.append((f"{summary['unlabelled_clips']:,}", "without a label, not trained on"))
    cells = "".join(f"<div><b>{escape(a)}</b>{escape(b)}</div>" for a, b in facts)
    return f"<section class='numbers'>{cells}</section>"


def _verdicts(verdicts: dict[str, int]) -> str:
    bars = [
        Bar(name, verdicts[name], note=note, tone=tone)
        for name, (tone, note) in MEANINGS.items()
        if verdicts[name]
    ]
    return f"<section><h2>Verdicts</h2>{bar_chart(bars)}</section>"


def _classes(classes: dict[str, dict[str, int]]) -> str:
    if not classes:
        return ""
    bars = [
        Bar(name, n["train"] + n["held_out"], extra=n["held_out"], note=f"{n['held_out']} held out")
        for name, n in sorted(classes.items())
    ]
    if len(bars) <= MOST_CLASSES:
        return f"<section><h2>Classes</h2>{bar_chart(bars)}</section>"
    ordered = sorted(bars, key=lambda bar: -bar.count)
    sizes = histogram(
        [float(bar.count) for bar in bars], title="Clips of a class", unit="clips", least=1.0
    )
    return (
        f"<section><h2>{len(bars)} classes</h2><div class='charts'>{sizes}</div>"
        f"<h4>The largest</h4>{bar_chart(ordered[:SHOWN_CLASSES])}"
        f"<h4>The smallest</h4>{bar_chart(ordered[-SHOWN_CLASSES:], largest=ordered[0].count)}"
        "</section>"
    )


def _histograms(report: dict[str, Any], entries: Sequence[Entry]) -> str:
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
    rates = [
        Bar(f"{int(rate):,} Hz", count)
        for rate, count in sorted(
            report["summary"]["source_rates"].items(), key=lambda item: int(item[0])
        )
    ]
    formats = [Bar(name, count) for name, count in report["summary"]["formats"].items()]
    return (
        f"<section><h2>The files</h2><div class='charts'>{''.join(charts)}"
        f"<figure><figcaption>Sample rates</figcaption>{bar_chart(rates)}"
        f"<figcaption>Formats</figcaption>{bar_chart(formats)}</figure></div></section>"
    )


def _alternatives(compared: dict[str, Any] | None) -> str:
    """The rates and lengths that were compared."""
    if not compared:
        return ""
    rows = "".join(
        f"<tr{' class=chosen' if row['chosen'] else ''}><td>{row['sample_rate']:,} Hz</td>"
        f"<td>{row['clip_seconds']:.2f} s</td><td>{100 * row['silent_share']:.0f} %</td>"
        f"<td>{100 * row['cut_share']:.0f} %</td><td>{row['image'][0]} × {row['image'][1]}</td>"
        f"<td>{row['median_db']:.1f} dB, {row['word']}</td></tr>"
        for row in compared["rows"]
    )
    count = max(row["n_clips"] for row in compared["rows"])
    return (
        "<section><h2>Rate and length</h2><p>Long clips at a high rate keep more of the "
        f"recordings, but an image holds them less closely. Compared on {count} of the sounds, "
        f"through the images of the preset {escape(compared['preset'])}; the row in bold was "
        f"taken, {_text('--sample-rate and --clip-seconds')} take another.</p>"
        "<table><tr><th>rate</th><th>length</th><th>of it silence</th><th>sounds cut short</th>"
        f"<th>image</th><th>audible ceiling</th></tr>{rows}</table></section>"
    )


def _losses(losses: Sequence[dict[str, Any]]) -> str:
    """What the way from files to clips costs."""
    if not losses:
        return ""
    items = "".join(f"<li>{_text(loss['text'])}</li>" for loss in losses)
    return f"<section><h2>What was lost on the way</h2><ul>{items}</ul></section>"


def _listen(ceiling: Ceiling | None) -> str:
    if ceiling is None:
        return ""
    rows, columns = ceiling.image
    spread, worst = ceiling.spread, ceiling.worst_class
    others = "".join(
        f" With the preset {escape(other.preset)} ({other.image[0]} × {other.image[1]} points) it "
        f"is {other.spread.median_db:.1f} dB."
        for other in ceiling.others
    )
    furthest = f"; the worst class, {escape(worst[0])}, at {worst[1]:.1f} dB" if worst else ""
    cards = "".join(_card(example, ceiling.sample_rate) for example in ceiling.examples)
    return (
        "<section><h2>Listen: the audible ceiling</h2><p>Each clip as it will be trained on, and "
        f"the same clip after it became an image of {rows} × {columns} points, as in the preset "
        f"{escape(ceiling.preset)}, and a sound again. "
        "No model trained on these images can sound better than the second. The error relative to "
        f"the clip is <b>{spread.median_db:.1f} dB</b> in the median of {spread.clips} clips drawn "
        f"from all: lower is closer, 0 dB is as wrong as silence. Half of the clips lie between "
        f"{spread.closer_db:.1f} and {spread.further_db:.1f} dB{furthest}. "
        f"{judge_ceiling(spread.median_db)}{others}</p>"
        f"<div class='cards'>{cards}</div></section>"
    )


def _card(example: Example, sample_rate: int) -> str:
    measured, rebuilt = example.measured, example.rebuilt
    path = measured.clip.path
    players = "".join(
        f"<label>{caption}{player(waveform, sample_rate)}</label>"
        for caption, waveform in (("clip", example.original), ("after the image", rebuilt.waveform))
    )
    label = f"<em>{escape(measured.label)}</em>" if measured.label else ""
    image, part = closer_look(rebuilt.image)
    seen = f"<span>the lowest {100 * part:.0f} % of its rows</span>" if part < 1 else ""
    return (
        f"<article>{picture(image)}"
        f"<h3 title='{escape(path)}'>{escape(path.rsplit('/', 1)[-1])}</h3>"
        f"<p>{label}<span>{measured.convergence_db:.1f} dB</span></p>"
        f"{f'<p>{seen}</p>' if seen else ''}{players}</article>"
    )


def closer_look(image: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """The rows of an image [F, T] up to the highest that is not dark, and their part of all.

    A bass drum would else be a black picture with a bright line at its lower edge. Quiet levels
    are raised, for the same reason.
    """
    low, high = float(image.min()), float(image.max())
    level = (image - low) / max(high - low, 1e-6)
    bright = np.flatnonzero(level.max(axis=1) > DARK)
    height = len(image)
    rows = min(height, max(height // 4, 1 + int(bright[-1]) if len(bright) else 0))
    part = rows / height
    if part > NEARLY_ALL:
        rows, part = height, 1.0
    return (2 * level[:rows] ** LIFT - 1).astype(np.float32), part


def _problems(entries: Sequence[Entry]) -> str:
    wanted = [e for e in entries if e.lost or e.record.note or e.verdict in WORTH_A_LOOK]
    if not wanted:
        return "<section><h2>Files to look at</h2><p>None.</p></section>"
    ordered = sorted(wanted, key=lambda entry: (not entry.lost, entry.verdict))
    rows = "".join(
        f"<tr><td>{escape(entry.path)}</td><td>{escape(entry.verdict)}</td>"
        f"<td>{escape(_why(entry))}</td></tr>"
        for entry in ordered[:MOST_PROBLEMS]
    )
    more = len(wanted) - MOST_PROBLEMS
    rest = f"<p>and {more:,} more, all in report.json</p>" if more > 0 else ""
    return (
        f"<section><h2>Files to look at</h2><div class='table'><table><tr><th>file</th>"
        f"<th>verdict</th><th>why</th></tr>{rows}</table></div>{rest}</section>"
    )


def _why(entry: Entry) -> str:
    left_out = "has no label, so it is in neither split"
    if entry.split != "unlabelled":
        return entry.reason
    return f"{entry.reason}; {left_out}" if entry.reason else left_out


def _parameters(parameters: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(key.replace('_', ' '))}</td><td>{escape(_words(value))}</td></tr>"
        for key, value in sorted(parameters.items())
    )
    return (
        f"<section><h2>How it was made</h2><div class='table'><table>{rows}</table></div></section>"
    )


def _words(value: object) -> str:
    """A parameter as a reader would write it."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case dict():
            return ", ".join(f"{name} {_words(item)}" for name, item in value.items())
        case _:
            return str(value)


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
