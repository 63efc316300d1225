"""Sounds of a folder of files, as ``soundgan prepare`` would make clips of them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.decode import AudioFile
from soundgan.audio.find import display, list_files
from soundgan.audio.stream import CorruptAudioError, NotAudioError
from soundgan.audio.wav import read_metadata
from soundgan.config.load import check
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import AudioError, NothingUsableError
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.examine import examine
from soundgan.ingest.labels import make_labelling
from soundgan.pipelines.evaluate.request import MEASURE_SEED, MOST_SOUNDS
from soundgan.pipelines.evaluate.sound_set import SoundSet, match_labels, samples_of
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256
from soundgan.runtime.seeding import numpy_stream
from soundgan.words import counted

SUFFIXES = (".wav", ".flac")
HEARD_AS_SILENCE = ("silent", "too short")
"""Verdicts of ``prepare`` on files that are still what somebody's model made."""


@dataclass(frozen=True, eq=False)
class FolderSounds:
    """What a folder held.

    Attributes:
        sounds: The clips, in the order of their paths.
        sha256: Hash over the paths and contents of the files used.
        lost: Why files could not be used, one line each.
        foreign_labels: Labels that the dataset does not have.
    """

    sounds: SoundSet
    sha256: str
    lost: tuple[str, ...]
    foreign_labels: tuple[str, ...]


def read_sounds(
    folder: Path, dataset: PreparedDataset, count: int | None, reporter: Reporter
) -> FolderSounds:
    """Read the WAV and FLAC files below ``folder``.

    A file that already is a clip, of the dataset's rate and length, is taken as it is. Others are
    resampled, trimmed, levelled and fitted as ``prepare`` did with the dataset; one without any
    sound becomes a silent clip, because a model that makes silence should be seen to.

    Args:
        folder: Where to look; a folder names a file's class, as in ``soundgan prepare``,
            unless the file was made by soundgan and says so itself.
        dataset: Whose clips they shall resemble.
        count: The most files to take, drawn evenly; ``None``: all, up to 5,000.
        reporter: Sees the progress.

    Raises:
        UsageError: There is no such folder.
        NothingUsableError: It holds no usable sound.
    """
    files = [f for f in list_files(folder).files if f.lower().endswith(SUFFIXES)]
    if not files:
        raise NothingUsableError(f"{folder}: no WAV or FLAC files; give a run, a model or sounds")
    files = _drawn(files, min(count or MOST_SOUNDS, MOST_SOUNDS))
    recipe = recipe_of(dataset)
    found = make_labelling(None, unlabelled=False).classes(files).labels
    clips: list[NDArray[np.int16]] = []
    used: list[tuple[str, str, str | None]] = []
    lost: list[str] = []
    for number, (file, label) in enumerate(zip(files, found, strict=True)):
        path = os.path.join(folder, file)  # noqa: PTH118
        try:
            digest, clip = _read(path, recipe)
        except (CorruptAudioError, NotAudioError) as error:
            lost.append(f"{display(file)}: {error}")
            continue
        clips.append(clip)
        used.append((display(file), digest, _own_label(Path(path)) or label))
        reporter.progress("reading", number + 1, len(files))
    reporter.finish("reading")
    if not clips:
        raise NothingUsableError(
            f"{folder}: no usable sound in {counted(len(files), 'file')} ({lost[0]})"
        )
    labels = [label for _, _, label in used]
    return FolderSounds(
        sounds=SoundSet(
            np.stack(clips), match_labels(labels, dataset.labels), tuple(n for n, _, _ in used)
        ),
        sha256=sha256(json.dumps(used).encode()),
        lost=tuple(lost),
        foreign_labels=tuple(sorted({name for name in labels if name} - set(dataset.labels))),
    )


def recipe_of(dataset: PreparedDataset) -> ClipRecipe:
    """The recipe that ``dataset`` was prepared with; one clip a file."""
    stated = dataset.manifest.parameters
    table = {
        "sample_rate": dataset.clip.sample_rate,
        "n_samples": dataset.clip.n_samples,
        "trim_db": stated.get("trim_db", 40.0),
        "normalise": stated.get("normalise", "peak"),
        "channel": stated.get("channel", "mix"),
        "channels": dataset.clip.channels,
        "slice": False,
        "strict": True,
        "with_generated": True,
    }
    return check(ClipRecipe, table, dataset.place)


def _drawn(files: list[str], count: int) -> list[str]:
    """``count`` of the files, each as likely as any other, in their order."""
    if len(files) <= count:
        return files
    chosen = numpy_stream(MEASURE_SEED, "evaluate", "files").permutation(len(files))[:count]
    return [files[index] for index in sorted(chosen.tolist())]


def _read(path: str, recipe: ClipRecipe) -> tuple[str, NDArray[np.int16]]:
    """Hash and clip of one file."""
    with AudioFile(path) as file:
        digest = file.sha256()
        clip = _as_it_is(file, recipe)
        if clip is not None:
            return digest, clip
        clips: list[NDArray[np.int16]] = []
        record = examine(file, digest, recipe, clips.append, lambda: None)
    if clips:
        return digest, _shaped(clips[0])
    if record.verdict in HEARD_AS_SILENCE:
        return digest, _shaped(np.zeros((recipe.channels, recipe.n_samples), np.int16))
    raise CorruptAudioError(record.reason)


def _as_it_is(file: AudioFile, recipe: ClipRecipe) -> NDArray[np.int16] | None:
    """The samples of a file of the clips' rate, length and channels, else ``None``."""
    stream = file.decode(strict=True)
    header = stream.header
    wanted = (recipe.sample_rate, recipe.channels, recipe.n_samples)
    if (header.sample_rate, header.channels, header.promised) != wanted:
        return None
    waveform = np.concatenate([block.T for block in stream.blocks], axis=1)
    if waveform.shape[1] != recipe.n_samples or not np.isfinite(waveform).all():
        return None
    return _shaped(samples_of(waveform))


def _shaped(clip: NDArray[np.int16]) -> NDArray[np.int16]:
    """A clip [C, N] without the axis of its channel, if it has one only."""
    return clip[0] if len(clip) == 1 else clip


def _own_label(path: Path) -> str | None:
    """The class that a file made by ``soundgan generate`` says it was asked for."""
    try:
        recipe = json.loads(read_metadata(path).get("comment", ""))
    except (AudioError, ValueError, RecursionError):
        return None
    if not isinstance(recipe, dict) or "soundgan" not in recipe:
        return None
    label = recipe.get("label")
    return label if isinstance(label, str) else None
