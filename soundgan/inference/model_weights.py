"""The tensors of a model file: checked before they are read, hashed, and halved."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soundgan.errors import ArtefactError, OutputError
from soundgan.runtime.tensors import Layout

GENERATOR, REPRESENTATION, LEVELS = "generator.", "representation.", "levels."
"""What the names of a model's tensors begin with."""

_TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


def check_layout(path: Path, layout: Layout, expected: Mapping[str, Tensor]) -> None:
    """Make sure that a file holds the weights of one generator, and not a byte more.

    Args:
        path: The file.
        layout: What it says that it holds.
        expected: Weights and buffers of the generator of its config; may be on ``meta``.

    Raises:
        ArtefactError: Names, shapes or types differ.
    """
    known = (GENERATOR, REPRESENTATION, LEVELS)
    foreign = sorted(name for name in layout.tensors if not name.startswith(known))
    if foreign:
        raise ArtefactError(f"{path}: holds {foreign[0][:60]!r}, which is no part of a model")
    found = {
        name.removeprefix(GENERATOR): entry
        for name, entry in layout.tensors.items()
        if name.startswith(GENERATOR)
    }
    if found.keys() != expected.keys():
        odd = sorted(found.keys() ^ expected.keys())
        listed = ", ".join(name[:60] for name in odd[:5])
        raise ArtefactError(f"{path}: weights do not fit the config: {listed}")
    for name, (stored, shape) in found.items():
        wanted = expected[name]
        if shape != tuple(wanted.shape):
            raise ArtefactError(
                f"{path}: generator.{name} has shape {shape}, "
                f"the config needs {tuple(wanted.shape)}"
            )
        if _TYPES.get(stored) not in _stored_as(wanted.dtype):
            holds = _named(_TYPES[stored]) if stored in _TYPES else repr(stored[:20])
            needs = " or ".join(map(_named, _stored_as(wanted.dtype)))
            raise ArtefactError(f"{path}: generator.{name} holds {holds}, the config needs {needs}")


def refuse_not_finite(path: Path, weights: Mapping[str, Tensor]) -> None:
    """Refuse weights that would make no sound but NaN.

    Raises:
        ArtefactError: One of them is not finite.
    """
    for name, tensor in weights.items():
        if tensor.is_floating_point() and tensor.numel():
            # NaN is the smallest and the largest of whatever it is among; no copy is made.
            low, high = torch.aminmax(tensor)
            if not (math.isfinite(low) and math.isfinite(high)):
                raise ArtefactError(f"{path}: generator.{name} holds values that are not finite")


def content_hash(tensors: Mapping[str, Tensor], document: Mapping[str, Any]) -> str:
    """SHA-256 over the document and every tensor: name, type, shape and bytes."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"\n{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().data)
    return digest.hexdigest()


def halved(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Floating weights and buffers as float16.

    Raises:
        OutputError: One is larger than float16 can hold.
    """
    return {name: _halved(name, tensor) for name, tensor in state.items()}


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
            f"{torch.finfo(torch.float16).max:g}; write this model as float32, without `half`"
        )
    return half


def _named(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
