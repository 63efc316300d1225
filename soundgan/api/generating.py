"""``soundgan.generate``: sounds of a model as files."""

from __future__ import annotations

from pathlib import Path

from soundgan.api.model import RUNS
from soundgan.api.progress import Listener, reporter_for
from soundgan.api.ranges import MOST, demand
from soundgan.audio.finish import Finish
from soundgan.pipelines import generate as pipeline
from soundgan.pipelines.find_model import find_model


def generate(
    model: str | Path | None = None,
    out: str | Path = "generated",
    *,
    count: int = 10,
    seed: int = 0,
    label: str | None = None,
    no_label: bool = False,
    truncation: float = 1.0,
    png: bool = False,
    audio_format: str = "wav",
    subtype: str = "PCM_16",
    trim: bool = False,
    fade: bool = False,
    normalise: bool = False,
    batch_size: int = 48,
    device: str = "auto",
    overwrite: bool = False,
    progress: Listener = None,
) -> pipeline.GenerateResult:
    """Write ``count`` new sounds, one file a seed, as ``soundgan generate`` does.

    For arrays instead of files see :meth:`soundgan.Model.generate`.

    Args:
        model: As of :func:`soundgan.load`.
        out: Folder for the sounds.
        count: How many.
        seed: Of the first; sound i has ``seed + i``.
        label: Class of all; ``None`` draws each from its seed.
        no_label: Sounds of no class; for models trained with label dropout.
        truncation: 0 to 2; below 1 gives more typical, less varied sounds.
        png: Write spectrogram pictures beside them.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        trim: Cut the silence behind each sound, 60 dB below its peak.
        fade: Let the last 10 ms fade out.
        normalise: Bring each peak to -1 dBFS.
        batch_size: Sounds in memory at a time.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: No such model, class or device.
        OutputError: A file holds something else, or cannot be written.
        ArtefactError: The model is damaged.
    """
    demand(
        {
            "count": (count, 1, 10_000_000),
            "seed": (seed, 0, MOST),
            "truncation": (truncation, 0.0, 2.0),
            "batch_size": (batch_size, 1, 4096),
        }
    )
    request = pipeline.GenerateRequest(
        model=find_model(None if model is None else Path(model), RUNS, fall_back=True),
        out=Path(out),
        count=count,
        seed=seed,
        label=label,
        truncation=truncation,
        device=device,
        batch_size=batch_size,
        audio_format=audio_format,
        subtype=subtype,
        png=png,
        overwrite=overwrite,
        no_label=no_label,
        finish=Finish(trim=trim, fade=fade, normalise=normalise),
    )
    return pipeline.generate(request, reporter_for(progress))
