"""What ``soundgan prepare`` has to say about a dataset, for a terminal of 80 columns."""

from __future__ import annotations

import shlex
import textwrap
from pathlib import Path
from typing import Any

from soundgan.spelling import with_options

WIDTH = 80

KEPT = {
    "sample_rate": None, "clip_seconds": None, "channel": "mix", "channels": "auto", "slice": None,
    "with_generated": False, "validation": 0.1, "test": 0.1, "trim_db": 40.0,
    "normalise": "peak", "strict": False,
}  # fmt: skip
"""Options that are repeated in a proposed command, and what need not be."""


def alternatives_table(compared: dict[str, Any]) -> list[str]:
    """The rates and lengths that were compared, and which of them was chosen."""
    rows = compared["rows"]
    lines = [
        f"rates and lengths, compared on {max(row['n_clips'] for row in rows)} of the sounds:",
        "     rate      length   silence  cut short  image      audible ceiling  attacks",
        *map(_alternative, rows),
        "> was chosen; --sample-rate and --clip-seconds choose another",
    ]
    if larger := compared.get("larger"):
        lines += [
            f"through the larger images of --config {larger['preset']} instead:",
            _alternative(larger),
        ]
    return [*lines, "attacks: of so many, the time stays within a millisecond"]


def _alternative(row: dict[str, Any]) -> str:
    height, width = row["image"]
    cells = (
        f"{'>' if row.get('chosen') else ' '}{row['sample_rate']:7} Hz",
        f"{row['clip_seconds']:6.2f} s",
        f"{100 * row['silent_share']:6.0f} %",
        f"{100 * row['cut_share']:7.0f} %",
        f"{f'{height} x {width}':9}",
        f"{row['median_db']:6.1f} dB, {row['word']:5}",
        f"{100 * row['attacks_kept']:3.0f} %",
    )
    return "  ".join(cells)


MUCH_CLOSER_DB = 6.0
"""Twice as near, which is worth slower steps."""


def ceiling_lines(ceiling: dict[str, Any]) -> list[str]:
    """How close copies stay: the median, the spread and, where it tells, the worst class."""
    closer, further = ceiling["quartiles_db"]
    worst = ceiling["worst_class"]
    others = "".join(
        f"; preset {other['preset']} {other['median_db']:.1f} dB"
        for other in ceiling["other_presets"]
    )
    first = (
        f"audible ceiling: {ceiling['median_db']:.1f} dB with preset {ceiling['preset']}{others}"
    )
    kept = f"  {100 * ceiling['attacks_kept']:.0f} % of attacks take as long, within 1 ms"
    furthest = f"; worst class {worst['label']}, {worst['median_db']:.1f} dB" if worst else ""
    count = ceiling["n_clips"]
    spread = f"  half of {count} clips: {closer:.1f} to {further:.1f} dB{furthest}"
    return [
        *wrapped(first),
        *(wrapped(spread) if count > 1 else []),
        kept,
        *wrapped(f"  {ceiling['answer']}"),
        *_closer_preset(ceiling),
    ]


def _closer_preset(ceiling: dict[str, Any]) -> list[str]:
    """The preset whose copies are much closer, if there is one."""
    others = ceiling["other_presets"]
    best = min(others, key=lambda other: float(other["median_db"]), default=None)
    gain = 0.0 if best is None else ceiling["median_db"] - best["median_db"]
    if best is None or gain < MUCH_CLOSER_DB:
        return []
    return wrapped(
        f"  Copies are {gain:.0f} dB closer with soundgan train --config {best['preset']}, "
        "whose steps take longer."
    )


def stereo_lines(stereo: dict[str, Any] | None) -> list[str]:
    """In how many sounds left and right differ, and how far, where the clips have both."""
    if stereo is None:
        return []
    line = f"stereo clips; left and right differ in {stereo['files']:,} of {stereo['of']:,} files"
    if stereo["files"]:
        line += f", their side is at {stereo['median_side_db']:.1f} dB of their mid"
    return wrapped(line)


def enough_lines(enough: dict[str, Any]) -> list[str]:
    """Whether there is enough to learn from, and what would help."""
    lines = wrapped(f"enough data? {enough['answer']}")
    for remark in enough["remarks"]:
        lines += wrapped(f"- {remark}")
    return lines


def next_command(source: Path, out: Path, table: dict[str, Any], option: str | None) -> str:
    """What to type next: train, or prepare again with the option that makes the sounds enough.

    Args:
        source: Folder of sounds.
        out: The prepared folder.
        table: Options of this time, ``None`` and ``False`` where not given.
        option: Parameter to add.
    """
    if option is None:
        return shlex.join(["soundgan", "train", "--data", str(out)])
    words = ["soundgan", "prepare", str(source), "--out", str(out)]
    words += with_options(f"`{option}`").split()
    for name, usual in KEPT.items():
        value, flag = table[name], name.replace("_", "-")
        if value == usual:
            continue
        if isinstance(value, bool):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            words += [f"--{flag}", f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join(words)


def without_clips(ceiling: dict[str, Any] | None) -> dict[str, Any] | None:
    """The ceiling without the list of what was measured, in words that are typed here."""
    if ceiling is None:
        return None
    told = {key: value for key, value in ceiling.items() if key != "clips"}
    return told | {"answer": with_options(ceiling["answer"])}


def wrapped(text: str) -> list[str]:
    """``text`` in lines of the terminal's usual width, all but the first indented."""
    indent = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        with_options(text),
        WIDTH,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
