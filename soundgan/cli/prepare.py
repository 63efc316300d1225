"""``soundgan prepare``: a folder of sounds to a dataset to train on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.losses import loss_lines, typed
from soundgan.cli.options import Json, Quiet, within
from soundgan.cli.prepare_text import (
    alternatives_table,
    ceiling_lines,
    enough_lines,
    next_command,
    stereo_lines,
    without_clips,
)
from soundgan.errors import ExitCode
from soundgan.ranges import PREPARE
from soundgan.spelling import with_options
from soundgan.words import counted

if TYPE_CHECKING:
    from soundgan.pipelines.prepare.run import PrepareResult


def prepare(
    source: Annotated[
        Path, typer.Argument(metavar="SRC", help="Folder of sounds; its sub-folders are classes.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write the dataset to.")
    ] = Path("prepared"),
    sample_rate: Annotated[
        int | None,
        within(
            PREPARE["sample_rate"],
            "--sample-rate",
            help="Samples per second. Default: chosen from your sounds and shown in a table.",
        ),
    ] = None,
    clip_seconds: Annotated[
        float | None,
        within(
            PREPARE["clip_seconds"],
            "--clip-seconds",
            help="Length of every clip. Default: chosen from your sounds and shown in a table.",
        ),
    ] = None,
    channel: Annotated[
        Literal["mix", "left", "right"],
        typer.Option(
            "--channel",
            help="What a mono clip takes from stereo: both channels mixed, or one of them.",
        ),
    ] = "mix",
    channels: Annotated[
        Literal["auto", "mono", "stereo"],
        typer.Option(
            "--channels",
            help="Mono or stereo clips. auto: stereo where a quarter of the sounds is.",
        ),
    ] = "auto",
    slice_: Annotated[
        bool | None,
        typer.Option(
            "--slice/--no-slice",
            help="Cut long files where sounds begin, or keep only their loudest clip. "
            "Default: cut a class when half of its files or more are long.",
            show_default=False,
        ),
    ] = None,
    label_pattern: Annotated[
        str | None,
        typer.Option(
            "--label-pattern",
            metavar="REGEX",
            help="Take classes from file names, by a regular expression "
            "with a group named label, such as '^(?P<label>\\d)_'.",
        ),
    ] = None,
    label_depth: Annotated[
        int | None,
        within(
            PREPARE["label_depth"],
            "--label-depth",
            help="Take classes from the folders of this level; 1 is the first.",
        ),
    ] = None,
    unlabelled: Annotated[
        bool, typer.Option("--unlabelled", help="Ignore folders: no classes.")
    ] = False,
    with_generated: Annotated[
        bool, typer.Option("--with-generated", help="Also use sounds that soundgan made.")
    ] = False,
    validation: Annotated[
        float,
        within(
            PREPARE["validation"], "--validation", help="Share of the clips to measure training by."
        ),
    ] = 0.1,
    test: Annotated[
        float,
        within(PREPARE["test"], "--test", help="Share of the clips to keep for soundgan evaluate."),
    ] = 0.1,
    trim_db: Annotated[
        float,
        within(
            PREPARE["trim_db"],
            "--trim-db",
            help="Cut both ends where they are this many dB below the peak.",
        ),
    ] = 40.0,
    normalise: Annotated[
        Literal["peak", "none"],
        typer.Option(
            "--normalise", help="Bring every clip to one peak, or keep levels as they are."
        ),
    ] = "peak",
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse files that are shorter than their header says.")
    ] = False,
    jobs: Annotated[
        int | None,
        within(
            PREPARE["jobs"],
            "--jobs",
            "-j",
            help="Processes to decode with. Default: one for each core.",
        ),
    ] = None,
    timeout: Annotated[
        float,
        within(PREPARE["timeout"], "--timeout", help="Seconds until a stuck file is given up."),
    ] = 60.0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Turn a folder of sounds into a dataset, with a verdict on every file.

    The same command again decodes only what changed. Open report.html in the
    prepared folder to see and hear the result.
    """
    from soundgan.api.preparing import prepare as run

    table: dict[str, Any] = {
        "sample_rate": sample_rate,
        "clip_seconds": clip_seconds,
        "channel": channel,
        "channels": channels,
        "slice": slice_,
        "label_pattern": label_pattern,
        "label_depth": label_depth,
        "with_generated": with_generated,
        "unlabelled": unlabelled,
        "validation": validation,
        "test": test,
        "trim_db": trim_db,
        "normalise": normalise,
        "strict": strict,
        "jobs": jobs,
        "timeout": timeout,
    }
    result = run(source, out, **table, progress=make_reporter(quiet=quiet))
    option = result.report["enough"]["option"]
    following = next_command(source, out, table, option)
    emit(_document(result) | {"next": following}, _text(result, following), as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _document(result: PrepareResult) -> dict[str, Any]:
    summary, manifest = result.report["summary"], result.manifest
    return {
        "schema": 1,
        "command": "prepare",
        "out": str(result.out),
        "report": str(result.out / "report.html"),
        "verdicts": result.report["verdicts"],
        "files": summary["files"],
        "lost_files": summary["lost_files"],
        "n_clips": summary["clips"],
        "train_clips": summary["train_clips"],
        "validation_clips": summary["validation_clips"],
        "test_clips": summary["test_clips"],
        "held_out_clips": summary["held_out_clips"],
        "gap_clips": summary["gap_clips"],
        "sample_rate": manifest.sample_rate,
        "n_samples": manifest.n_samples,
        "channels": manifest.channels,
        "stereo": summary["stereo"],
        "clip_seconds": manifest.n_samples / manifest.sample_rate,
        "labels": list(manifest.labels),
        "messages": [with_options(sentence) for sentence in result.sentences],
        "losses": [typed(loss) for loss in result.report["losses"]],
        "enough": result.report["enough"]["level"],
        "answer": with_options(result.report["enough"]["answer"]),
        "remarks": [with_options(remark) for remark in result.report["enough"]["remarks"]],
        "alternatives": result.report["alternatives"],
        "ceiling": without_clips(result.report["ceiling"]),
    }


def _text(result: PrepareResult, following: str) -> str:
    report, manifest = result.report, result.manifest
    summary = report["summary"]
    counts = ", ".join(f"{count:,} {name}" for name, count in report["verdicts"].items() if count)
    classes = f", {len(manifest.labels)} classes" if manifest.labels else ""
    seconds = manifest.n_samples / manifest.sample_rate
    gap = summary["gap_clips"]
    beside = f", {gap:,} beside them unused" if gap else ""
    lines = [
        f"{counted(summary['files'], 'file')}: {counts}",
        f"{counted(summary['clips'], 'clip')} of {seconds:.3f} s "
        f"at {manifest.sample_rate} Hz{classes}",
        *stereo_lines(summary["stereo"]),
        f"{summary['train_clips']:,} to train on, {summary['validation_clips']:,} for validation, "
        f"{summary['test_clips']:,} for the test{beside}",
        *loss_lines(report["losses"], result.out / "report.html"),
    ]
    if report["alternatives"]:
        lines += ["", *alternatives_table(report["alternatives"]), ""]
    if report["ceiling"]:
        lines += ceiling_lines(report["ceiling"])
    lines += enough_lines(report["enough"])
    lines.append(f"report: {result.out / 'report.html'}")
    lines.append(f"next: {following}")
    return "\n".join(lines)
