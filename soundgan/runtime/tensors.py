"""Tensors and one JSON document in one safetensors file, written whole and read with suspicion."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from soundgan.errors import ArtefactError
from soundgan.runtime.files import reason, write_bytes

if TYPE_CHECKING:
    from torch import Tensor

MAX_HEADER_BYTES = 4 << 20
MOST_VALUES = 200_000
"""Commas in a header: an empty list is three bytes in a file and twenty times that in memory."""
KEY = "soundgan"
"""The single metadata key: the order of several would not be the same in every process."""


@dataclass(frozen=True)
class Layout:
    """What a file says that it holds, read without its tensors.

    Attributes:
        document: The JSON document.
        tensors: Type, as safetensors names it, and shape of each tensor.
    """

    document: dict[str, Any]
    tensors: dict[str, tuple[str, tuple[int, ...]]]


def encode_tensors(tensors: Mapping[str, Tensor], document: Mapping[str, Any]) -> bytes:
    """The content of a file with ``tensors`` and ``document``; the same input, the same bytes."""
    from safetensors.torch import save

    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    flat = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(flat, metadata={KEY: text})


def save_tensors(path: Path, tensors: Mapping[str, Tensor], document: Mapping[str, Any]) -> bytes:
    """Write ``tensors`` and ``document``.

    Returns:
        The content of the file.
    """
    content = encode_tensors(tensors, document)
    write_bytes(path, content)
    return content


def read_document(path: Path) -> dict[str, Any]:
    """The JSON document of a file, without reading its tensors.

    Raises:
        ArtefactError: Not a file that :func:`save_tensors` wrote.
    """
    return read_layout(path).document


def read_layout(path: Path) -> Layout:
    """What a file says of itself and its tensors, which are not read.

    A file whose size is not what its header promises is refused here, before anything large is
    read.

    Raises:
        ArtefactError: Not a file that :func:`save_tensors` wrote.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            header = _header(path, file)
            document = _document(path, header)
            return Layout(document, _tensors(path, header, size - file.tell()))
    except OSError as error:
        raise ArtefactError(f"{path}: cannot read: {reason(error)}") from error


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any], bytes]:
    """Tensors, document and raw content of a file.

    Raises:
        ArtefactError: Damaged, or not a file that :func:`save_tensors` wrote.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    document = read_document(path)
    try:
        content = path.read_bytes()
        tensors = load(content)
    except SafetensorError as error:
        raise ArtefactError(f"{path}: damaged: {error}") from error
    except OSError as error:
        raise ArtefactError(f"{path}: cannot read: {reason(error)}") from error
    return tensors, document, content


def below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose name starts with ``prefix``, by the rest of their name."""
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def _header(path: Path, file: BinaryIO) -> dict[str, Any]:
    start = file.read(8)
    size = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
    text = file.read(size) if 2 <= size <= MAX_HEADER_BYTES else b""
    if text[:1] != b"{":
        # Only now: a header's length may begin with the same bytes as a pickle or an archive.
        if start[:2] == b"PK" or start[:1] == b"\x80":
            raise ArtefactError(
                f"{path}: a pickled PyTorch file, which can run code when opened; "
                "soundgan reads only safetensors"
            )
        raise ArtefactError(f"{path}: not a safetensors file")
    if len(text) != size:
        raise ArtefactError(f"{path}: damaged header: the file ends inside it")
    if text.count(b",") > MOST_VALUES:
        raise ArtefactError(f"{path}: damaged header: more than {MOST_VALUES} values")
    try:
        header = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise ArtefactError(f"{path}: damaged header: {error}") from error
    if not isinstance(header, dict):
        raise ArtefactError(f"{path}: damaged header: not a table")
    return header


def _tensors(
    path: Path, header: dict[str, Any], n_bytes: int
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Types and shapes; that they fit their places is checked by who reads the tensors."""
    found, places = {}, []
    try:
        for name, entry in header.items():
            if name != "__metadata__":
                shape = tuple(map(int, entry["shape"]))
                found[name] = str(entry["dtype"]), shape
                start, end = map(int, entry["data_offsets"])
                places.append((start, end))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ArtefactError(f"{path}: damaged header: {name[:60]!r} is no tensor") from error
    position = 0
    for start, end in sorted(places):
        if start != position or end < start:
            raise ArtefactError(f"{path}: damaged header: tensors overlap, or leave holes")
        position = end
    if position != n_bytes:
        raise ArtefactError(f"{path}: damaged: {n_bytes} bytes of tensors, not {position}")
    return found


def _document(path: Path, header: dict[str, Any]) -> dict[str, Any]:
    metadata = header.get("__metadata__")
    if not isinstance(metadata, dict) or not isinstance(metadata.get(KEY), str):
        raise ArtefactError(f"{path}: no soundgan metadata; not a file of this program")
    try:
        document = json.loads(metadata[KEY], object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise ArtefactError(f"{path}: damaged metadata: {error}") from error
    if not isinstance(document, dict):
        raise ArtefactError(f"{path}: damaged metadata: not a table")
    return document


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table
