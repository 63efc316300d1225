"""Sounds as files: the same bytes for the same samples and metadata, always.

WAV is written here, not by libsndfile, which stamps float files with the time, signs the software
tag with its own version, and cannot read back comments beyond a few kilobytes.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundgan.audio.wav_chunks import Chunk
from soundgan.errors import AudioError, UsageError

SUBTYPES = {"wav": ("PCM_16", "PCM_24", "FLOAT"), "flac": ("PCM_16", "PCM_24")}
"""What each format can hold; the first is the default."""

_INFO_IDS = {
    "title": b"INAM",
    "artist": b"IART",
    "software": b"ISFT",
    "genre": b"IGNR",
    "comment": b"ICMT",
}
"""Metadata keys and their names in a WAV file's INFO list."""

_MAX_INFO_BYTES = 1 << 20
_MAX_CHUNKS = 1000
_LIBSNDFILE_SIGNATURE = re.compile(r" \(libsndfile-[^)]*\)$")


def encode_audio(
    waveform: NDArray[np.float32],
    sample_rate: int,
    *,
    format: str = "wav",
    subtype: str = "PCM_16",
    metadata: Mapping[str, str] | None = None,
    chunks: Sequence[Chunk] = (),
) -> bytes:
    """The content of a mono or stereo sound file.

    Args:
        waveform: Samples [N], or left and right [N, 2]; integer subtypes clip what is outside
            [-1, 1].
        sample_rate: Hz.
        format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or, for WAV, ``FLOAT``.
        metadata: Texts by key: title, artist, software, genre, comment.
        chunks: More of a WAV file, behind its samples.

    Raises:
        AudioError: The samples are not finite, or the format cannot hold them.
        UsageError: Unknown format, subtype or metadata key.
    """
    if subtype not in SUBTYPES.get(format, ()):
        known = "; ".join(f"{name}: {', '.join(kinds)}" for name, kinds in SUBTYPES.items())
        raise UsageError(f"cannot write {format} with subtype {subtype}; choose from {known}")
    texts = dict(metadata or {})
    unknown = sorted(texts.keys() - _INFO_IDS.keys())
    if unknown:
        raise UsageError(
            f"metadata: unknown key {unknown[0]!r}; choose from {', '.join(_INFO_IDS)}"
        )
    samples = np.asarray(waveform, dtype=np.float32)
    if samples.ndim != 1 and samples.shape[1:] != (2,):
        raise AudioError(f"waveform: expected [N] or stereo [N, 2], got {list(samples.shape)}")
    if not np.isfinite(samples).all():
        raise AudioError("waveform: not finite; nothing was written")
    if format == "flac":
        return _flac(samples, sample_rate, subtype, texts)
    return _wav(samples, sample_rate, subtype, texts, chunks)


def read_metadata(path: Path) -> dict[str, str]:
    """The texts stored in a WAV or FLAC file; keys as in :func:`encode_audio`.

    Raises:
        AudioError: The file cannot be read as either.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(12)
            if start[:4] == b"RIFF" and start[8:] == b"WAVE":
                return _wav_metadata(file)
            file.seek(0)
            with soundfile.SoundFile(file) as sound:
                found: dict[str, str] = sound.copy_metadata()
    except (OSError, soundfile.LibsndfileError) as error:
        raise AudioError(f"{path}: cannot read metadata: {error}") from error
    texts = {key: text for key, text in found.items() if key in _INFO_IDS}
    if "software" in texts:
        texts["software"] = _LIBSNDFILE_SIGNATURE.sub("", texts["software"])
    return texts


def _quantise(samples: NDArray[np.float32], bits: int) -> NDArray[np.int32]:
    """Integers whose quotient by ``2 ** (bits - 1)`` is nearest to the samples."""
    full = 1 << (bits - 1)
    scaled = np.rint(samples.astype(np.float64) * full)
    return np.clip(scaled, -full, full - 1).astype(np.int32)


def _flac(
    samples: NDArray[np.float32], sample_rate: int, subtype: str, texts: dict[str, str]
) -> bytes:
    """A FLAC file, encoded by libsndfile."""
    values: NDArray[Any] = (
        _quantise(samples, 16).astype(np.int16)
        if subtype == "PCM_16"
        else _quantise(samples, 24) << 8
    )
    buffer = io.BytesIO()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    try:
        with soundfile.SoundFile(
            buffer, "w", samplerate=sample_rate, channels=channels, format="FLAC", subtype=subtype
        ) as sound:
            for key in filter(texts.__contains__, _INFO_IDS):
                setattr(sound, key, _text_bytes(texts[key]).decode("utf-8"))
            sound.write(values)
    except soundfile.LibsndfileError as error:
        raise AudioError(
            f"cannot write flac at {sample_rate} Hz: {error}; try `audio_format=wav`"
        ) from error
    return buffer.getvalue()


def _wav(
    samples: NDArray[np.float32],
    sample_rate: int,
    subtype: str,
    texts: dict[str, str],
    more: Sequence[Chunk],
) -> bytes:
    """A RIFF file; the INFO list follows the samples, where the simplest readers ignore it."""
    if subtype == "FLOAT":
        tag, width, data = 3, 4, samples.astype("<f4").tobytes()
    elif subtype == "PCM_24":
        tag, width = 1, 3
        data = _quantise(samples, 24).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    else:
        tag, width, data = 1, 2, _quantise(samples, 16).astype("<i2").tobytes()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    frame = channels * width
    sizes = struct.pack(
        "<HHIIHH", tag, channels, sample_rate, sample_rate * frame, frame, 8 * width
    )
    if tag == 1:
        chunks = _chunk(b"fmt ", sizes)
    else:  # other than PCM: an extension of no bytes, and the number of frames
        chunks = _chunk(b"fmt ", sizes + bytes(2)) + _chunk(
            b"fact", struct.pack("<I", len(samples))
        )
    chunks += _chunk(b"data", data)
    chunks += b"".join(_chunk(*chunk) for chunk in more)
    entries = [
        _chunk(name, _text_bytes(texts[key]) + b"\0")
        for key, name in _INFO_IDS.items()
        if key in texts
    ]
    if entries:
        chunks += _chunk(b"LIST", b"INFO" + b"".join(entries))
    if len(chunks) + 4 >= 1 << 32:
        raise AudioError("waveform: longer than a wav file can hold; write it in pieces")
    return _chunk(b"RIFF", b"WAVE" + chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    """One RIFF chunk, padded to an even length."""
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _text_bytes(text: str) -> bytes:
    """UTF-8 without what would end the text early or is no character."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")


def _wav_metadata(file: BinaryIO) -> dict[str, str]:
    """Texts of the INFO list of a RIFF file that is positioned at its first chunk."""
    keys = {name: key for key, name in _INFO_IDS.items()}
    for _ in range(_MAX_CHUNKS):
        header = file.read(8)
        if len(header) < 8:
            break
        size = int.from_bytes(header[4:], "little")
        if header[:4] == b"LIST" and size <= _MAX_INFO_BYTES:
            content = file.read(size)
            if content[:4] == b"INFO":
                return {
                    keys[name]: text.partition(b"\0")[0].decode("utf-8", "replace")
                    for name, text in _entries(content[4:])
                    if name in keys
                }
            file.seek(size % 2, io.SEEK_CUR)
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
    return {}


def _entries(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk in a list; a damaged rest is ignored."""
    position = 0
    while position + 8 <= len(content):
        size = int.from_bytes(content[position + 4 : position + 8], "little")
        yield content[position : position + 4], content[position + 8 : position + 8 + size]
        position += 8 + size + size % 2
