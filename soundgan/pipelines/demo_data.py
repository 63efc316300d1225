"""Write the synthesised drum kit as a folder of sound files, one sub-folder a class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soundgan.audio.wav import encode_audio
from soundgan.drums.kit import CLASSES, Hit, play
from soundgan.ranges import DEMO_DATA, demand
from soundgan.reporting import Reporter, SilentReporter
from soundgan.runtime.files import write_if_new


@dataclass(frozen=True)
class DemoData:
    """The corpus that now lies in a folder.

    Attributes:
        folder: Where it is.
        counts: Files of each class.
        n_written: Files that were written; the others were there already.
        n_strangers: Files in the class folders that are not part of this corpus.
    """

    folder: Path
    counts: dict[str, int]
    n_written: int
    n_strangers: int

    @property
    def n_files(self) -> int:
        """Files of the corpus."""
        return sum(self.counts.values())


def write_demo_data(
    folder: Path,
    *,
    per_class: int = 60,
    seed: int = 0,
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> DemoData:
    """Write ``per_class`` hits of every drum; the same arguments give the same bytes.

    Files that hold exactly the right bytes are left alone, so an interrupted run is finished by
    the same call.

    Args:
        folder: Made if it is missing; gets one sub-folder a class.
        per_class: Hits of each drum, 1 to 9999.
        seed: Any integer.
        overwrite: Replace files that hold something else.
        reporter: Hears how far the work is.

    Raises:
        UsageError: ``per_class`` is out of range.
        OutputError: A file cannot be written, or holds something else.
    """
    demand(DEMO_DATA, {"per_class": per_class})  # as many as four digits in a file name can count
    reporter = reporter or SilentReporter()
    task = "drums"
    total = per_class * len(CLASSES)
    mine: set[Path] = set()
    n_written = 0
    for voice in CLASSES:
        for number in range(1, per_class + 1):
            hit = play(voice, number, seed=seed)
            path = folder / hit.file_name
            n_written += write_if_new(path, _encode(hit, seed), overwrite=overwrite)
            mine.add(path)
            reporter.progress(task, len(mine), total, voice)
    reporter.finish(task)
    n_strangers = sum(
        path.is_file() and path not in mine for v in CLASSES for path in (folder / v).iterdir()
    )
    if n_strangers:
        reporter.warn(f"{folder}: {n_strangers} other files lie beside these {total}")
    return DemoData(folder, dict.fromkeys(CLASSES, per_class), n_written, n_strangers)


def _encode(hit: Hit, seed: int) -> bytes:
    """The file of a hit, saying inside where it comes from."""
    return encode_audio(
        hit.waveform,
        hit.recording.sample_rate,
        format=hit.recording.file_format,
        subtype="PCM_16",
        metadata={
            "title": f"{hit.voice} {hit.number}",
            "comment": f"synthesised by soundgan demo-data, seed {seed}",
        },
    )
