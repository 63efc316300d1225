"""``model.safetensors``: everything that is needed to make sounds, in one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soundgan.config.dump import to_json
from soundgan.config.load import check
from soundgan.config.schema import Config
from soundgan.errors import ArtefactError, ConfigError, OutputError
from soundgan.inference.parts import build_generator, build_inversion, build_representation
from soundgan.inversion.contract import Inversion
from soundgan.models.contract import Generator
from soundgan.representations.contract import Representation
from soundgan.runtime.files import sha256, write_bytes
from soundgan.runtime.tensors import below, encode_tensors, load_tensors, read_document
from soundgan.shapes import ClipSpec

FORMAT = "soundgan model"
VERSION = 1
HASH = "content_sha256"
"""Key of the hash over everything else in the file; the oldest files have none."""


@dataclass(frozen=True)
class ModelDescription:
    """What a model file says of itself.

    Attributes:
        config: The resolved config of its run.
        clip: Sample rate and length of its sounds.
        labels: Class names; empty when unconditional.
        provenance: Program version, dataset hash, steps, images.
    """

    config: Config
    clip: ClipSpec
    labels: tuple[str, ...]
    provenance: dict[str, Any]

    @property
    def free_label(self) -> int | None:
        """Class index that asks for a sound of no class, where some labels were dropped."""
        return len(self.labels) if self.labels and self.config.data.label_dropout > 0 else None


@dataclass(frozen=True)
class Model:
    """A model ready to make sounds; the generator is in evaluation mode on the CPU.

    Attributes:
        description: What its file says of itself.
        generator: Latents to images, in float32.
        representation: Images to magnitudes.
        inversion: Magnitudes to waveforms.
        sha256: Of its file.
        half: Whether the file holds weights as float16.
        hashed: Whether the file carries a hash of its content, which was found right.
    """

    description: ModelDescription
    generator: Generator
    representation: Representation
    inversion: Inversion
    sha256: str
    half: bool = False
    hashed: bool = False


def encode_model(
    description: ModelDescription,
    generator_state: dict[str, Tensor],
    statistics: dict[str, Tensor],
    *,
    half: bool = False,
) -> bytes:
    """The content of a model file; the same model gives the same bytes.

    Args:
        description: What the file says of itself.
        generator_state: Weights and buffers of the generator.
        statistics: What the representation measured; always kept as it is.
        half: Round floating weights and buffers to float16, half the size. They are float32
            again when loaded.

    Raises:
        OutputError: A weight is larger than float16 can hold.
    """
    if half:
        generator_state = {name: _halved(name, value) for name, value in generator_state.items()}
    tensors = {f"generator.{name}": tensor for name, tensor in generator_state.items()}
    tensors |= {f"representation.{name}": tensor for name, tensor in statistics.items()}
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "config": json.loads(to_json(description.config)),
        "sample_rate": description.clip.sample_rate,
        "n_samples": description.clip.n_samples,
        "labels": list(description.labels),
        "provenance": description.provenance,
    }
    document[HASH] = _content_hash(tensors, document)
    return encode_tensors(tensors, document)


def save_model(
    path: Path,
    description: ModelDescription,
    generator_state: dict[str, Tensor],
    statistics: dict[str, Tensor],
    *,
    half: bool = False,
) -> str:
    """Write what :func:`encode_model` makes; returns the SHA-256 of the file."""
    content = encode_model(description, generator_state, statistics, half=half)
    write_bytes(path, content)
    return sha256(content)


def describe_model(path: Path) -> ModelDescription:
    """Read what a model says of itself, without its weights.

    Raises:
        ArtefactError: Not a model, damaged, or of a newer version.
    """
    return _description(path, read_document(path))


def load_model(path: Path) -> Model:
    """Load a model.

    Raises:
        ArtefactError: Not a model, damaged, of a newer version, or with weights that are not
            those of its config, of another type or not finite, or not as they were written.
    """
    tensors, document, content = load_tensors(path)
    description = _description(path, document)
    n_classes = len(description.labels) or None
    try:
        generator = build_generator(description.config, n_classes, str(path), seed=0)
        representation = build_representation(description.config, description.clip, str(path))
        inversion = build_inversion(description.config, str(path))
    except ConfigError as error:
        raise ArtefactError(f"{error}; the model's own config is damaged") from error
    weights = below(tensors, "generator.")
    _load_weights(path, generator, weights)
    representation.load_statistics(below(tensors, "representation."))
    generator.eval().requires_grad_(False)
    half = any(weight.dtype == torch.float16 for weight in weights.values())
    hashed = HASH in document
    if hashed and document.pop(HASH) != _content_hash(tensors, document):
        raise ArtefactError(f"{path}: damaged: not the content that it carries the hash of")
    return Model(description, generator, representation, inversion, sha256(content), half, hashed)


def _description(path: Path, document: dict[str, Any]) -> ModelDescription:
    if document.get("format") != FORMAT:
        raise ArtefactError(f"{path}: not a soundgan model (format {document.get('format')!r})")
    version = document.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ArtefactError(
            f"{path}: model version {version!r} is newer than this program, which reads "
            f"{VERSION}; update soundgan"
        )
    try:
        config = check(Config, document.get("config", {}), str(path))
        clip = ClipSpec(int(document["sample_rate"]), int(document["n_samples"]))
        labels = tuple(str(label) for label in document["labels"])
        provenance = dict(document["provenance"])
    except (ConfigError, KeyError, TypeError, ValueError) as error:
        raise ArtefactError(f"{path}: damaged metadata: {error}") from error
    if not (1000 <= clip.sample_rate <= 768_000 and 0 < clip.n_samples <= 1 << 26):
        raise ArtefactError(f"{path}: damaged metadata: implausible clip {clip}")
    return ModelDescription(config, clip, labels, provenance)


def _load_weights(path: Path, generator: Generator, state: dict[str, Tensor]) -> None:
    expected = generator.state_dict()
    if state.keys() != expected.keys():
        odd = sorted(state.keys() ^ expected.keys())
        raise ArtefactError(f"{path}: weights do not fit the config: {', '.join(odd[:5])}")
    for name, tensor in state.items():
        if tensor.shape != expected[name].shape:
            raise ArtefactError(
                f"{path}: generator.{name} has shape {tuple(tensor.shape)}, "
                f"the config needs {tuple(expected[name].shape)}"
            )
        if tensor.dtype not in _stored_as(expected[name].dtype):
            raise ArtefactError(
                f"{path}: generator.{name} holds {_named(tensor.dtype)}, "
                f"the config needs {' or '.join(map(_named, _stored_as(expected[name].dtype)))}"
            )
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise ArtefactError(f"{path}: generator.{name} holds values that are not finite")
    generator.load_state_dict(state)  # which also turns float16 back into float32


def _content_hash(tensors: Mapping[str, Tensor], document: Mapping[str, Any]) -> str:
    """SHA-256 over the document and every tensor: name, type, shape and bytes."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"\n{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _stored_as(dtype: torch.dtype) -> tuple[torch.dtype, ...]:
    """Types that a file may hold for a tensor of the network."""
    return (torch.float32, torch.float16) if dtype == torch.float32 else (dtype,)


def _halved(name: str, tensor: Tensor) -> Tensor:
    if not tensor.is_floating_point():
        return tensor
    half = tensor.to(torch.float16)
    if not bool(half.isfinite().all()):
        raise OutputError(
            f"generator.{name}: holds {float(tensor.abs().max()):g}, float16 ends at "
            f"{torch.finfo(torch.float16).max:g}; write this model as float32, without --half"
        )
    return half


def _named(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
