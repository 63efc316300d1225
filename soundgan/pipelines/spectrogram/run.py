"""Spectrogram pictures of sound files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from soundgan.audio.find import display
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.errors import ExitCode, NothingUsableError, UsageError
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.pipelines.inputs import Failure, Input, gather, work_through
from soundgan.pipelines.spectrogram.draw import Analysis, Look, analyse, encode_like, picture
from soundgan.pipelines.spectrogram.waveform import is_audio, read_waveform
from soundgan.registry import did_you_mean
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256_file, write_if_new
from soundgan.version import VERSION

TASK = "drawing"


@dataclass(frozen=True)
class SpectrogramRequest:
    """What to draw.

    Attributes:
        paths: Sound files, and folders of them.
        out: Folder for the pictures.
        analysis: What the pictures show, unless ``like`` says.
        colormap: Name of a colour map; empty for exact 16-bit grey.
        axes: A plot with axes.
        like: A model file, whose representation to draw in.
        overwrite: Replace files that hold something else.
    """

    paths: tuple[Path, ...]
    out: Path
    analysis: Analysis = field(default_factory=Analysis)
    colormap: str = ""
    axes: bool = False
    like: Path | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class DrawnFile:
    """One picture, what it shows, and whether it was written or there already."""

    source: Path
    path: Path
    sample_rate: int
    n_samples: int
    height: int
    width: int
    written: bool


@dataclass(frozen=True)
class SpectrogramResult:
    """The pictures, what went wrong, and the exit code that says so."""

    pictures: tuple[DrawnFile, ...]
    failures: tuple[Failure, ...]
    exit_code: ExitCode


def draw_spectrograms(request: SpectrogramRequest, reporter: Reporter) -> SpectrogramResult:
    """Draw every sound; what fails is reported and stops no other.

    Raises:
        UsageError: A path does not exist, or there is no such colour map.
        NothingUsableError: There are no sounds.
        ArtefactError: The model of ``like`` is damaged.
    """
    check_colormap(request.colormap)
    model = load_model(request.like) if request.like is not None else None
    inputs = gather(request.paths, ".png", out=request.out, wanted=is_audio)
    if not inputs:
        raise NothingUsableError("no sound files there; name WAV, FLAC, OGG or MP3 files")
    draw = partial(_draw, request=request, model=model, reporter=reporter)
    done = work_through(inputs, draw, out=request.out, task=TASK, reporter=reporter)
    return SpectrogramResult(done.made, done.failures, done.exit_code)


def _draw(
    item: Input, request: SpectrogramRequest, model: LoadedModel | None, reporter: Reporter
) -> DrawnFile:
    look = Look(request.colormap, request.axes, display(item.path.stem))
    if model is None:
        waveform = read_waveform(item.path)
        drawn = analyse(waveform.samples, waveform.sample_rate, request.analysis)
    else:
        clip = model.description.clip
        waveform = read_waveform(item.path, sample_rate=clip.sample_rate)
        name = model.description.config.representation.name
        drawn = encode_like(waveform.samples, name, spectrograms_of(model.codec).representation)
        if len(waveform.samples) > clip.n_samples:
            seconds = len(waveform.samples) / clip.sample_rate
            reporter.warn(
                f"{item.path}: {seconds:.2f} s, the model's sounds end at {clip.seconds:.2f} s; "
                "the rest is cut off"
            )
    for note in waveform.notes:
        reporter.warn(f"{item.path}: {note}")
    provenance = {
        "soundgan": VERSION,
        "command": "spectrogram",
        "source": display(item.path.name),
        "source_sha256": sha256_file(item.path),
    }
    texts = {"recipe": json.dumps(provenance, sort_keys=True)}
    path = request.out / item.output
    written = write_if_new(path, picture(drawn, look, texts=texts), overwrite=request.overwrite)
    clip = drawn.representation.clip
    height, width = drawn.image.shape
    return DrawnFile(item.path, path, clip.sample_rate, clip.n_samples, height, width, written)


def check_colormap(name: str) -> None:
    """Refuse a colour map that does not exist; empty is none.

    Raises:
        UsageError: There is none of this name.
    """
    if not name:
        return
    import matplotlib  # noqa: PLC0415 - half a second that grey ones need not wait for

    known = tuple(matplotlib.colormaps)
    if name not in known:
        plain = tuple(n for n in known if not n.endswith("_r"))
        raise UsageError(f"`colormap={name}`: no such colour map; {_suggestion(name, plain)}")


def _suggestion(name: str, known: tuple[str, ...]) -> str:
    meant = did_you_mean(name, known)
    return meant if meant.startswith("did") else "try viridis, magma, inferno or gray"
