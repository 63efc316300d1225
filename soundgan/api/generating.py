"""``soundgan.generate``: sounds of a model as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.addressed import Files, Named, demand_format, make_addressed
from soundgan.api.arguments import checked
from soundgan.api.paths import as_path
from soundgan.api.progress import Listener, reporter_for
from soundgan.errors import UsageError
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.pipelines.job_part import places_of
from soundgan.ranges import GENERATE, demand
from soundgan.registry import did_you_mean
from soundgan.runtime.extras import demand_extra

if TYPE_CHECKING:
    from soundgan.pipelines.generate import GenerateResult

RUNTIMES = ("torch", "onnx")


@checked
def generate(
    model: str | Path | None = None,
    out: str | Path = "generated",
    *,
    addresses: Named | None = None,
    count: int = 10,
    seed: int = 0,
    part: str | None = None,
    label: str | None = None,
    no_label: bool = False,
    truncation: float = 1.0,
    png: bool = False,
    audio_format: str = "wav",
    subtype: str = "PCM_16",
    trim: bool = False,
    fade: bool = False,
    normalise: bool = False,
    chain: bool = False,
    batch_size: int = 48,
    device: str = "auto",
    runtime: str = "torch",
    overwrite: bool = False,
    progress: Listener = None,
) -> GenerateResult:
    """Write ``count`` new sounds, one file a seed, as ``soundgan generate`` does.

    For arrays instead of files see :meth:`soundgan.Model.generate`.

    Args:
        model: As of :func:`soundgan.load`.
        out: Folder for the sounds.
        addresses: Sounds to make instead of those of seeds: addresses such as
            ``42:kick~take2``, or files made by soundgan. They are made on the CPU.
        count: How many.
        seed: Of the first; sound i has ``seed + i``.
        part: Such as ``3/16``: only the third of sixteen parts of these sounds, for jobs that
            share the work and may share the folder.
        label: Class of all; ``None`` draws each from its seed.
        no_label: Sounds of no class; for models trained with label dropout.
        truncation: 0 to 2; below 1 gives more typical, less varied sounds.
        png: Write spectrogram pictures beside them.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        trim: Cut the silence behind each sound, 60 dB below its peak.
        fade: Let the last 10 ms fade out.
        normalise: Bring each peak to -1 dBFS.
        chain: Also write all sounds into ``chain.wav``, with a cue point at each.
        batch_size: Sounds in memory at a time.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
        runtime: What computes the images: ``torch``, or ``onnx``, which is quicker on a CPU and
            differs by rounding.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: No such model, class, device or format, or a number out of range.
        OutputError: A file holds something else, or cannot be written.
        ArtefactError: The model is damaged.
    """
    demand(
        GENERATE,
        {"count": count, "seed": seed, "truncation": truncation, "batch_size": batch_size},
    )
    demand_format(audio_format, subtype)
    finish = {"trim": trim, "fade": fade, "normalise": normalise}
    if addresses is not None:
        left_out = {
            "count": count == 10,
            "seed": seed == 0,
            "part": part is None,
            "label": label is None,
            "no_label": not no_label,
            "truncation": truncation == 1.0,
            "device": device in ("auto", "cpu"),
            "runtime": runtime == "torch",
        }
        stated = " and ".join(f"`{name}`" for name, absent in left_out.items() if not absent)
        if stated:
            raise UsageError(
                "an address says seed, class and truncation of its sound, which is made on the "
                f"CPU; leave {stated} out"
            )
        files = Files(Path(out), png, audio_format, subtype, overwrite, finish, chain)
        return make_addressed(addresses, None, as_path(model), files, progress)
    _check_runtime(runtime, device)
    if part is not None:
        if chain:
            raise UsageError(f"`chain`: holds all sounds; leave it or `part={part}` out")
        places = places_of(part, count)
        seed, count = seed + places.start, len(places)
    path = find_model(as_path(model), RUNS, fall_back=True)
    # Only now is torch needed: what is wrong with the arguments is said at once.
    from soundgan.audio.finish import Finish
    from soundgan.pipelines.generate import GenerateRequest
    from soundgan.pipelines.generate import generate as run

    request = GenerateRequest(
        model=path,
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
        finish=Finish(**finish),
        chain=chain,
        shared=part is not None,
        runtime=runtime,
    )
    return run(request, reporter_for(progress))


def _check_runtime(runtime: str, device: str) -> None:
    if runtime not in RUNTIMES:
        raise UsageError(f"`runtime={runtime}`: no such runtime; {did_you_mean(runtime, RUNTIMES)}")
    if runtime == "onnx":
        if device not in ("auto", "cpu"):
            raise UsageError(f"`device={device}`: `runtime=onnx` works on the CPU; leave one out")
        demand_extra("onnx", "onnx", "onnxruntime", what="`runtime=onnx`")
