"""``soundgan.prepare``: a folder of sounds to a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from soundgan.api.arguments import checked
from soundgan.api.progress import Listener, reporter_for
from soundgan.config.load import check
from soundgan.data.split import checked_shares
from soundgan.ingest.options import PrepareOptions
from soundgan.pipelines.prepare.run import PrepareResult, prepare_folder


@checked
def prepare(
    source: str | Path,
    out: str | Path = "prepared",
    *,
    sample_rate: int | None = None,
    clip_seconds: float | None = None,
    channel: Literal["mix", "left", "right"] = "mix",
    channels: Literal["auto", "mono", "stereo"] = "auto",
    slice: bool | None = None,
    label_pattern: str | None = None,
    label_depth: int | None = None,
    unlabelled: bool = False,
    with_generated: bool = False,
    validation: float = 0.1,
    test: float = 0.1,
    trim_db: float = 40.0,
    normalise: Literal["peak", "none"] = "peak",
    strict: bool = False,
    jobs: int | None = None,
    timeout: float = 60.0,
    progress: Listener = None,
) -> PrepareResult:
    """Turn a folder of sounds into a dataset at ``out``, as ``soundgan prepare`` does.

    Sounds are decoded in worker processes that are started afresh: a script that calls this needs
    the usual ``if __name__ == "__main__":``.

    Args:
        source: Folder of sounds; its sub-folders are classes.
        out: The prepared folder.
        sample_rate: Hz; ``None``: chosen from the sounds.
        clip_seconds: Length of a clip; ``None``: chosen from the sounds.
        channel: What several channels become in mono: their mean, the first or the second.
        channels: Of the clips; ``auto``: stereo where a quarter of the sounds is.
        slice: Cut long files at their onsets; ``None``: in classes of which half are long.
        label_pattern: Classes from file names, by a group named ``label``.
        label_depth: Classes are folders of this level, 1 for the first.
        unlabelled: No classes.
        with_generated: Use sounds that soundgan made, too.
        validation: Part that a training measures itself by.
        test: Part that no training looks at; both together at most 0.5.
        trim_db: Silence at the ends is what lies this far below the loudest moment.
        normalise: ``peak``: every clip to one peak; ``none``: levels as they are.
        strict: Refuse files that end before their header says.
        jobs: Worker processes; ``None``: one a core.
        timeout: Seconds before a stuck file is given up.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: The folder does not exist, or arguments exclude each other or are out of range.
        NothingUsableError: Not one file gave a clip.
        OutputError: ``out`` holds something else or cannot be written.
        LockedError: Another process works in ``out``.
    """
    table = {
        "sample_rate": sample_rate,
        "clip_seconds": clip_seconds,
        "channel": channel,
        "channels": channels,
        "slice": slice,
        "label_pattern": label_pattern,
        "label_depth": label_depth,
        "unlabelled": unlabelled,
        "with_generated": with_generated,
        "validation": validation,
        "test": test,
        "trim_db": trim_db,
        "normalise": normalise,
        "strict": strict,
        "jobs": jobs,
        "timeout": timeout,
    }
    checked_shares(validation, test)
    options = check(PrepareOptions, table, "options")
    return prepare_folder(Path(source), Path(out), options, reporter_for(progress))
