"""``model.safetensors``: everything that is needed to make sounds, in one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import torch
from torch import Tensor

from soundgan.assembly.networks import build_generator
from soundgan.audio.outline import Outline
from soundgan.codec.build import build_bounded_codec, codec_shape
from soundgan.codec.contract import Codec
from soundgan.codec.level_curve import LevelCurve
from soundgan.config.dump import to_json
from soundgan.config.load import check
from soundgan.config.schema import Config
from soundgan.errors import ArtefactError, ConfigError
from soundgan.inference.model_weights import (
    GENERATOR,
    LEVELS,
    REPRESENTATION,
    check_layout,
    content_hash,
    halved,
    refuse_not_finite,
)
from soundgan.models.contract import Generator
from soundgan.models.layout import placed
from soundgan.models.skeleton import shapes_only, without_drawing
from soundgan.runtime.files import sha256, write_bytes
from soundgan.runtime.tensors import below, encode_tensors, load_tensors, read_document, read_layout
from soundgan.shapes import ClipSpec

FORMAT = "soundgan model"
VERSION = 2
"""Of files of stereo models; those of mono ones are as they were, and version 1."""

_MONO_VERSION = 1
MOST_CHANNELS = 2
HASH = "content_sha256"
"""Key of the hash over everything else in the file; the oldest files have none."""


@dataclass(frozen=True)
class ModelDescription:
    """What a model file says of itself.

    Attributes:
        config: The resolved config of its run.
        clip: Sample rate, length and channels of its sounds.
        labels: Class names; empty when unconditional.
        provenance: Program version, dataset hash, steps, images.
        outline: How the training clips start and end, and their peak; ``None`` in older files.
    """

    config: Config
    clip: ClipSpec
    labels: tuple[str, ...]
    provenance: dict[str, Any]
    outline: Outline | None = None

    @property
    def free_label(self) -> int | None:
        """Class index that asks for a sound of no class, where some labels were dropped."""
        return len(self.labels) if self.labels and self.config.data.label_dropout > 0 else None


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to make sounds; the generator is in evaluation mode on the CPU.

    Attributes:
        description: What its file says of itself.
        generator: Latents to x, in float32.
        codec: x to waveforms.
        sha256: Of its file.
        half: Whether the file holds weights as float16.
        hashed: Whether the file carries a hash of its content, which was found right.
    """

    description: ModelDescription
    generator: Generator
    codec: Codec
    sha256: str
    half: bool = False
    hashed: bool = False


def encode_model(
    description: ModelDescription,
    generator_state: dict[str, Tensor],
    statistics: dict[str, Tensor],
    *,
    half: bool = False,
    levels: LevelCurve | None = None,
) -> bytes:
    """The content of a model file; the same model gives the same bytes.

    Args:
        description: What the file says of itself.
        generator_state: Weights and buffers of the generator.
        statistics: What the representation measured; always kept as it is.
        half: Round floating weights and buffers to float16, half the size. They are float32
            again when loaded.
        levels: Correction of the images' levels, if there is one.

    Raises:
        OutputError: A weight is larger than float16 can hold.
    """
    if half:
        generator_state = halved(generator_state)
    tensors = {f"{GENERATOR}{name}": tensor for name, tensor in generator_state.items()}
    tensors |= {f"{REPRESENTATION}{name}": tensor for name, tensor in statistics.items()}
    if levels is not None:
        tensors |= {f"{LEVELS}{name}": tensor for name, tensor in levels.tensors().items()}
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": _MONO_VERSION if description.clip.channels == 1 else VERSION,
        "config": json.loads(to_json(description.config)),
        "sample_rate": description.clip.sample_rate,
        "n_samples": description.clip.n_samples,
        "labels": list(description.labels),
        "provenance": description.provenance,
    }
    if description.clip.channels != 1:
        document["channels"] = description.clip.channels
    if description.outline is not None:
        document["outline"] = description.outline.model_dump()
    document[HASH] = content_hash(tensors, document)
    return encode_tensors(tensors, document)


def save_model(
    path: Path,
    description: ModelDescription,
    generator_state: dict[str, Tensor],
    statistics: dict[str, Tensor],
    *,
    half: bool = False,
    levels: LevelCurve | None = None,
) -> str:
    """Write what :func:`encode_model` makes; returns the SHA-256 of the file."""
    content = encode_model(description, generator_state, statistics, half=half, levels=levels)
    write_bytes(path, content)
    return sha256(content)


def describe_model(path: Path) -> ModelDescription:
    """Read what a model says of itself, without its weights.

    Raises:
        ArtefactError: Not a model, damaged, or of a newer version.
    """
    return _description(path, read_document(path))


def load_model(path: Path) -> LoadedModel:
    """Load a model.

    Raises:
        ArtefactError: Not a model, damaged, of a newer version, or with weights that are not
            those of its config, of another type or not finite, or not as they were written.
    """
    layout = read_layout(path)
    description = _description(path, layout.document)
    config, n_classes = description.config, len(description.labels) or None
    shape = codec_shape(config, description.clip)
    try:
        # Without memory for weights: the file has to fit the network before either is made.
        with shapes_only():
            skeleton = build_generator(config, shape, n_classes, str(path), seed=0)
        check_layout(path, layout, skeleton.state_dict())
        codec: Codec = build_bounded_codec(config, description.clip, description.outline, str(path))
        tensors, document, content = load_tensors(path)
        with without_drawing():
            generator = build_generator(config, shape, n_classes, str(path), seed=0)
    except ConfigError as error:
        raise ArtefactError(f"{error}; the model's own config is damaged") from error
    weights = below(tensors, GENERATOR)
    refuse_not_finite(path, weights)
    generator.load_state_dict(weights)  # which also turns float16 back into float32
    try:
        codec.load_statistics(below(tensors, REPRESENTATION))
        if correction := below(tensors, LEVELS):
            size = config.representation.height, config.representation.width
            codec = codec.with_levels(LevelCurve.read(correction, *size))
    except ArtefactError as error:
        raise ArtefactError(f"{path}: {error}") from error
    generator = placed(generator.eval().requires_grad_(False), torch.device("cpu"))
    half = any(weight.dtype == torch.float16 for weight in weights.values())
    hashed = HASH in document
    if hashed and document.pop(HASH) != content_hash(tensors, document):
        raise ArtefactError(f"{path}: damaged: not the content that it carries the hash of")
    return LoadedModel(
        description,
        generator,
        codec,
        sha256(content),
        half=half,
        hashed=hashed,
    )


def _description(path: Path, document: dict[str, Any]) -> ModelDescription:
    if document.get("format") != FORMAT:
        raise ArtefactError(
            f"{path}: not a soundgan model (format {str(document.get('format'))[:60]!r})"
        )
    version = document.get("version")
    if not _is_whole(version) or version < 1:
        raise ArtefactError(f"{path}: damaged metadata: version {str(version)[:40]!r}")
    if version > VERSION:
        raise ArtefactError(
            f"{path}: model version {version!r} is newer than this program, which reads "
            f"{VERSION}; update soundgan"
        )
    try:
        config = check(Config, document.get("config", {}), str(path))
        stated = document.get("outline")
        outline = None if stated is None else check(Outline, stated, f"{path}: outline")
    except ConfigError as error:
        raise ArtefactError(f"{path}: damaged metadata: {error}") from error
    rate, n_samples, labels = (document.get(key) for key in ("sample_rate", "n_samples", "labels"))
    provenance = document.get("provenance")
    if not (_is_whole(rate) and 1000 <= rate <= 768_000):
        raise ArtefactError(f"{path}: damaged metadata: sample_rate {str(rate)[:40]!r}")
    if not (_is_whole(n_samples) and 0 < n_samples <= 1 << 26):
        raise ArtefactError(f"{path}: damaged metadata: n_samples {str(n_samples)[:40]!r}")
    if not (isinstance(labels, list) and all(isinstance(label, str) for label in labels)):
        raise ArtefactError(f"{path}: damaged metadata: labels are not a list of names")
    if not isinstance(provenance, dict):
        raise ArtefactError(f"{path}: damaged metadata: provenance is not a table")
    channels = document.get("channels", 1)
    if not (_is_whole(channels) and 1 <= channels <= MOST_CHANNELS):
        raise ArtefactError(f"{path}: damaged metadata: channels {str(channels)[:40]!r}")
    clip = ClipSpec(rate, n_samples, channels)
    return ModelDescription(config, clip, tuple(labels), provenance, outline)


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
