"""Arrays of clips on disk: int16 ``.npy`` files, written whole and read by memory mapping."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.typing import NDArray

from soundgan.data.manifest import ShardEntry
from soundgan.errors import ArtefactError
from soundgan.runtime.files import reason, sha256, sha256_file, write_bytes

SHARD_BYTES = 64 << 20
"""Samples in one shard, at most; a shard always holds at least one clip."""

DTYPE = np.dtype("<i2")
HEADER_BYTES = 128

_DAMAGE = (
    ValueError,
    TypeError,
    OverflowError,
    LookupError,
    SyntaxError,
    TokenError,
    RecursionError,
    MemoryError,
)
"""What numpy is known to raise on damaged headers; pickled objects are a ``ValueError``."""


class ShardWriter:
    """Collects clips and writes a shard whenever one is full.

    A shard's name contains the start of its hash. Writing a changed dataset therefore never
    touches the files of the one before it, which stays valid until its manifest is replaced.
    """

    def __init__(self, folder: Path, n_samples: int, channels: int = 1) -> None:
        self.entries: list[ShardEntry] = []
        self._folder, self._shape = folder, (channels, n_samples)
        self._bytes = DTYPE.itemsize * channels * n_samples
        self._most = max(1, SHARD_BYTES // self._bytes)
        self._used = 0
        self._file, self._rows = self._room(1)

    def add(self, clips: NDArray[np.int16]) -> None:
        """Append clips [B, C, N]."""
        while len(clips):
            taken = min(len(clips), self._most - self._used)
            if self._used + taken > len(self._rows):
                rows, n_clips = self._rows, max(self._used + taken, 2 * self._used)
                self._file, self._rows = self._room(min(self._most, n_clips))
                self._rows[: self._used] = rows[: self._used]
            self._rows[self._used : self._used + taken] = clips[:taken]
            self._used += taken
            clips = clips[taken:]
            if self._used == self._most:
                self._flush()

    def _room(self, n_clips: int) -> tuple[bytearray, NDArray[np.int16]]:
        """The file as it will be written, hashed and written in place; its clips [B, C, N]."""
        file = bytearray(HEADER_BYTES + n_clips * self._bytes)
        rows = np.frombuffer(file, DTYPE, offset=HEADER_BYTES)
        return file, rows.reshape(-1, *self._shape)

    def close(self) -> list[ShardEntry]:
        """Write what is left and return all entries, in order."""
        if self._used:
            self._flush()
        return self.entries

    def _flush(self) -> None:
        rows = self._rows[: self._used]
        self._file[:HEADER_BYTES] = _header(rows.shape)
        content = memoryview(self._file)[: HEADER_BYTES + rows.nbytes]
        digest = sha256(content)
        name = f"clips-{len(self.entries):05d}-{digest[:8]}.npy"
        path = self._folder / name
        if not (path.is_file() and sha256_file(path) == digest):
            write_bytes(path, content)
        self.entries.append(ShardEntry(file=name, sha256=digest, clips=self._used))
        self._used = 0


def _header(shape: tuple[int, ...]) -> bytes:
    """The start of a ``.npy`` file; numpy pads it to the same size for any shape of ours."""
    buffer = io.BytesIO()
    description = {"descr": DTYPE.str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, description)
    header = buffer.getvalue()
    if len(header) != HEADER_BYTES:
        raise ValueError(f"a header of {len(header)} bytes for shape {shape}")
    return header


def open_shard(folder: Path, entry: ShardEntry, stored_shape: tuple[int, ...]) -> NDArray[np.int16]:
    """Clips [B, C, N] of one shard, mapped into memory, not read.

    Args:
        folder: Of the dataset.
        entry: Which shard.
        stored_shape: Of one clip as the manifest promises it, (C, N), or (N,) for mono.

    Raises:
        ArtefactError: Missing, or not of the shape that the manifest promises.
    """
    path = folder / entry.file
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of numpy, about headers of other programs
            clips = np.lib.format.open_memmap(path, mode="r")
    except FileNotFoundError as error:
        raise ArtefactError(f"{path}: missing; run soundgan prepare again") from error
    except OSError as error:
        raise ArtefactError(f"{path}: cannot read: {reason(error)}") from error
    except _DAMAGE as error:
        why = str(error).partition("\n")[0][:100] or type(error).__name__
        raise ArtefactError(f"{path}: damaged: {why}; run soundgan prepare again") from error
    if not clips.flags.c_contiguous:
        raise ArtefactError(f"{path}: damaged: stored by columns; run soundgan prepare again")
    if clips.dtype != DTYPE or clips.shape != (entry.clips, *stored_shape):
        raise ArtefactError(
            f"{path}: holds {clips.dtype} {list(clips.shape)}, the manifest promises "
            f"{DTYPE} {[entry.clips, *stored_shape]}; run soundgan prepare again"
        )
    return clips.reshape(len(clips), -1, stored_shape[-1])


def verify_shard(folder: Path, entry: ShardEntry) -> None:
    """Compare a shard's content with its hash.

    Raises:
        ArtefactError: Missing, or not the bytes that were written.
    """
    path = folder / entry.file
    try:
        digest = sha256_file(path)
    except OSError as error:
        raise ArtefactError(f"{path}: cannot read: {reason(error)}") from error
    if digest != entry.sha256:
        raise ArtefactError(
            f"{path}: its bytes have changed since they were written; run soundgan prepare again"
        )
