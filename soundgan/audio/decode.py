"""One audio file: opened once, hashed, recognised, and decoded in blocks of bounded size."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundgan.audio.sniff import HEAD_BYTES, sniff, unsupported
from soundgan.audio.truncation import counts_its_frames, missing_bytes, walk_mp3
from soundgan.errors import AudioError

BLOCK_SAMPLES = 1 << 20
"""Samples over all channels that one block may hold: 4 MiB."""

MIN_RATE, MAX_RATE = 1000, 768_000
EMPTY = "empty file"
NO_SOUND = "its content is no audio format"

_READ_BYTES = 1 << 20
_UNKNOWN_FRAMES = 1 << 40
_MP3_SLACK = 1152


class NotAudioError(AudioError):
    """The content is not audio that can be decoded here."""


class CorruptAudioError(AudioError):
    """Audio whose samples cannot be read, or not all of them, or are no numbers."""


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """Read from start to end without asking where it is.

    soundfile otherwise seeks after every read, which is slow, and fails for a FLAC stream that
    does not state its length.
    """

    def seekable(self) -> bool:
        """No."""
        return False


@dataclass(frozen=True)
class Header:
    """What a file says about itself.

    Attributes:
        form: Container and encoding, such as ``WAV PCM_16``.
        sample_rate: Hz.
        channels: Number of channels.
        promised: Frames claimed, or ``None``; an allocation must never trust it.
    """

    form: str
    sample_rate: int
    channels: int
    promised: int | None


@dataclass(frozen=True, eq=False)
class Stream:
    """A file being decoded.

    Attributes:
        header: What the file says about itself.
        blocks: Samples from the start, float32 [n, channels] with at least one and at most
            :data:`BLOCK_SAMPLES` samples each; raises :class:`CorruptAudioError` where decoding
            fails, or at the end when the file is shorter than it says.
    """

    header: Header
    blocks: Iterator[NDArray[np.float32]]


class AudioFile:
    """An open regular file; use as a context. What it is depends on its bytes alone.

    Attributes:
        size: Bytes.
    """

    def __init__(self, path: str) -> None:
        """Open ``path``, which may hold bytes that are not text.

        Raises:
            CorruptAudioError: It cannot be opened.
        """
        try:
            # O_NONBLOCK: a pipe that has taken the file's place must not block.
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise CorruptAudioError(f"cannot be opened: {_reason(error)}") from error
        status = os.fstat(self._descriptor)
        self.size = status.st_size
        self._content: bytes | None = None
        if not stat.S_ISREG(status.st_mode):
            os.close(self._descriptor)
            raise CorruptAudioError("cannot be opened: no longer a regular file")

    def __enter__(self) -> AudioFile:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def read(self, count: int, position: int) -> bytes:
        """At most ``count`` bytes from ``position`` on.

        Raises:
            CorruptAudioError: The disk does not give them.
        """
        try:
            if self.size > _READ_BYTES:
                return os.pread(self._descriptor, count, position)
            if self._content is None:
                self._content = os.pread(self._descriptor, self.size, 0)
            return self._content[position : position + count]
        except OSError as error:
            raise CorruptAudioError(f"cannot be read: {_reason(error)}") from error

    def sha256(self) -> str:
        """Hash of all bytes.

        Raises:
            CorruptAudioError: The disk does not give them.
        """
        digest, position = hashlib.sha256(), 0
        while piece := self.read(_READ_BYTES, position):
            digest.update(piece)
            position += len(piece)
        return digest.hexdigest()

    def decode(self) -> Stream:
        """Start decoding; may be called again once the stream before has been read.

        Raises:
            NotAudioError: The content is not audio that can be decoded here.
            CorruptAudioError: Its header cannot be read, or promises more than there is.
        """
        kind = self._kind()
        fault = missing_bytes(self.read, kind, self.size)
        if fault:
            raise CorruptAudioError(fault)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        try:
            sound = _Forward(self._descriptor, closefd=False)
        except soundfile.LibsndfileError as error:
            raise CorruptAudioError(f"cannot be decoded: {_words(error)}") from error
        except TypeError as error:  # a headerless format would need options
            raise CorruptAudioError("cannot be decoded: it has no usable header") from error
        header = _header(sound)
        return Stream(header, self._blocks(sound, header, kind))

    def _blocks(
        self, sound: soundfile.SoundFile, header: Header, kind: str
    ) -> Iterator[NDArray[np.float32]]:
        frames = 0
        try:
            with sound:
                for block in _read(sound, header):
                    frames += len(block)
                    yield block
        except soundfile.LibsndfileError as error:
            raise CorruptAudioError(f"cannot be decoded: {_words(error)}") from error
        self._check_length(kind, header, frames)

    def _kind(self) -> str:
        head = self.read(HEAD_BYTES, 0)
        kind = sniff(head)
        if kind is not None:
            return kind
        foreign = unsupported(head)
        if foreign:
            raise NotAudioError(f"{foreign} cannot be decoded; convert it to WAV or FLAC")
        raise NotAudioError(NO_SOUND if head else EMPTY)

    def _check_length(self, kind: str, header: Header, frames: int) -> None:
        promised = header.promised
        if kind == "mp3" and not counts_its_frames(self.read):
            # The decoder guessed the length from the first bit rate and stops there.
            promised = walk_mp3(self.read, self.size)
        slack = _MP3_SLACK if kind == "mp3" else 0
        if promised is not None and frames + slack < promised:
            raise CorruptAudioError(
                f"truncated: {frames} of {promised} samples per channel could be decoded"
            )


def _header(sound: soundfile.SoundFile) -> Header:
    if not MIN_RATE <= sound.samplerate <= MAX_RATE:
        raise CorruptAudioError(f"a sample rate of {sound.samplerate} Hz is not plausible")
    return Header(
        form=f"{sound.format} {sound.subtype}",
        sample_rate=sound.samplerate,
        channels=sound.channels,
        promised=sound.frames if 0 <= sound.frames < _UNKNOWN_FRAMES else None,
    )


def _read(sound: soundfile.SoundFile, header: Header) -> Iterator[NDArray[np.float32]]:
    limit = max(1, BLOCK_SAMPLES // header.channels)
    # One frame more than promised, so that the usual small file takes one read to its end.
    wanted = min(limit, (header.promised or limit) + 1)
    while True:
        block = sound.read(wanted, dtype="float32", always_2d=True)
        if len(block):
            yield block
        if len(block) < wanted:
            return


def _reason(error: OSError) -> str:
    return error.strerror.lower() if error.strerror else str(error)


def _words(error: soundfile.LibsndfileError) -> str:
    text = str(error.error_string).removeprefix("Error : ").strip().rstrip(".")
    if "does not exist" in text:  # libsndfile's answer to an MPEG stream it cannot make sense of
        return "no frame of its stream makes sense"
    return text[:1].lower() + text[1:]
