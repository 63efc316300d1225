"""The models within reach, and copies of them to give away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from soundgan.errors import ArtefactError, UsageError
from soundgan.inference.model_file import describe_model, encode_model, load_model
from soundgan.pipelines.find_model import bundled_models, is_run, run_models
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256, sha256_file, write_if_new


@dataclass(frozen=True)
class FoundModel:
    """A model that a command can be given.

    Attributes:
        name: What names it: the name of a bundled model, or a run folder.
        kind: Whether it travels with the package or was trained here.
        path: The model file.
        title: What its maker called it, if anything.
        classes: Class names; empty when it was trained without labels.
        sample_rate: Of its sounds, in Hz.
        clip_seconds: Length of its sounds.
        images: Images it was trained on, repeats counted; ``None`` when the file does not say.
        n_bytes: Size of the file.
        sha256: Of the file.
    """

    name: str
    kind: Literal["bundled", "run"]
    path: Path
    title: str | None
    classes: tuple[str, ...]
    sample_rate: int
    clip_seconds: float
    images: int | None
    n_bytes: int
    sha256: str


@dataclass(frozen=True)
class GraphFacts:
    """What an ONNX file holds.

    Attributes:
        part: What its graph ends with.
        opset: Of its operators.
        seeds: How many sounds were compared with the model's own.
        figures: What was measured, in dB, by name.
    """

    part: str
    opset: int
    seeds: int
    figures: dict[str, float]


@dataclass(frozen=True)
class ExportedModel:
    """A model file that was asked for.

    Attributes:
        source: The model that it comes from.
        path: The file.
        sha256: Of the file.
        n_bytes: Its size.
        half: Whether its weights are float16.
        written: False when it already held exactly this.
        graph: What an ONNX file holds; ``None`` for others.
    """

    source: Path
    path: Path
    sha256: str
    n_bytes: int
    half: bool
    written: bool
    graph: GraphFacts | None = None


def list_models(
    runs: Path, reporter: Reporter, *, bundled: Path | None = None
) -> tuple[FoundModel, ...]:
    """The models of the runs in ``runs``, newest first, then the bundled ones.

    A damaged model is a warning, a run without a model a message; neither ends the list.

    Args:
        runs: Folder that holds the runs.
        reporter: Hears of what cannot be listed.
        bundled: Another folder than that of the package.
    """
    with_model = run_models(runs)
    listed = [_describe(path, str(path.parent), "run", reporter) for path in with_model]
    for name, path in bundled_models(bundled).items():
        listed.append(_describe(path, name, "bundled", reporter))
    have = {path.parent for path in with_model}
    for folder in sorted(filter(is_run, runs.glob("*"))):
        if folder not in have:
            reporter.say(f"{folder}: no model yet")
    return tuple(model for model in listed if model is not None)


def export_model(
    source: Path, out: Path, *, half: bool = False, title: str | None = None, overwrite: bool
) -> ExportedModel:
    """Check a model completely and write it to a file of its own.

    Without ``half`` and ``title`` the file is a copy, byte for byte. Otherwise the provenance
    names the hash of the model that it comes from.

    Args:
        source: The model file.
        out: The file to write.
        half: Round the weights to float16: half the size.
        title: What to call it.
        overwrite: Replace a file with other content.

    Raises:
        ArtefactError: The model is damaged.
        OutputError: ``out`` holds something else and ``overwrite`` is off, it cannot be written,
            or a weight is too large for float16.
        UsageError: The title is empty.
    """
    demand_title(title)
    model = load_model(source)
    half_now = half or model.half
    if half_now == model.half and title is None:
        content = _unchanged(source, model.sha256)
    else:
        provenance = model.description.provenance | {"exported_from": model.sha256}
        if title is not None:
            provenance["title"] = title
        content = encode_model(
            replace(model.description, provenance=provenance),
            model.generator.state_dict(),
            model.codec.statistics(),
            half=half_now,
            levels=model.codec.levels,
        )
    written = write_if_new(out, content, overwrite=overwrite)
    return ExportedModel(source, out, sha256(content), len(content), half_now, written)


def demand_title(title: str | None) -> None:
    """Refuse a title of nothing.

    Raises:
        UsageError: It is empty.
    """
    if title is not None and not title.strip():
        raise UsageError("`name`: is empty; leave it out to keep the model's own")


def _describe(
    path: Path, name: str, kind: Literal["bundled", "run"], reporter: Reporter
) -> FoundModel | None:
    try:
        description = describe_model(path)
    except ArtefactError as error:
        reporter.warn(str(error))
        return None
    images, title = (description.provenance.get(key) for key in ("images", "title"))
    return FoundModel(
        name=name,
        kind=kind,
        path=path,
        title=title if isinstance(title, str) else None,
        classes=description.labels,
        sample_rate=description.clip.sample_rate,
        clip_seconds=description.clip.seconds,
        images=images if isinstance(images, int) else None,
        n_bytes=path.stat().st_size,
        sha256=sha256_file(path),
    )


def _unchanged(source: Path, expected: str) -> bytes:
    """The content of the file that was checked a moment ago, unless a training has replaced it."""
    content = source.read_bytes()
    if sha256(content) != expected:
        raise ArtefactError(f"{source}: changed while it was read; try again")
    return content
