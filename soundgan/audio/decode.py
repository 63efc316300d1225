"""One audio file: opened once, hashed, recognised, and decoded in blocks of bounded size."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.decoder import Decoder, UnknownEncodingError
from soundgan.audio.descriptor import open_to_read, read_at
from soundgan.audio.ffmpeg import FFmpeg, FFmpegError, NoSoundError, installed, version
from soundgan.audio.foreign import Foreign, encoded_otherwise, foreign
from soundgan.audio.foreign_end import notes_behind
from soundgan.audio.layout import plan
from soundgan.audio.parts import View
from soundgan.audio.sniff import HEAD_BYTES, locate
from soundgan.audio.stream import (
    BLOCK_SAMPLES,
    CorruptAudioError,
    ForeignAudioError,
    NotAudioError,
    Stream,
    plausible,
)

EMPTY = "empty file"
NO_SOUND = "its content is no audio format"
MIDI = "MIDI holds notes, no sound"

_READ_BYTES = 1 << 20


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
            self._descriptor, self.size = open_to_read(path)
        except OSError as error:
            raise CorruptAudioError(f"cannot be opened: {_reason(error)}") from error
        self._path = path
        self._content: bytes | None = None
        self._child: FFmpeg | None = None

    def __enter__(self) -> AudioFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_child()
        os.close(self._descriptor)

    def read(self, count: int, position: int) -> bytes:
        """At most ``count`` bytes from ``position`` on.

        Raises:
            CorruptAudioError: The disk does not give them.
        """
        try:
            if self.size > _READ_BYTES:
                return read_at(self._descriptor, count, position)
            if self._content is None:
                self._content = read_at(self._descriptor, self.size, 0)
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

    def decode(self, *, strict: bool = False) -> Stream:
        """Start decoding; may be called again once the stream before has been read.

        Args:
            strict: Refuse a file that is shorter than it says, instead of giving what is there.

        Raises:
            NotAudioError: The content is no audio.
            ForeignAudioError: Nothing here can decode it.
            CorruptAudioError: Its header cannot be read, or promises more than there is.
        """
        self._close_child()
        stranger = foreign(self.read, self.size)
        if stranger is not None:
            return self._ask_ffmpeg(stranger, strict)
        found = locate(self.read, self.size)
        if found is None:
            head = self.read(HEAD_BYTES, 0)
            raise NotAudioError(MIDI if head[:4] == b"MThd" else NO_SOUND if head else EMPTY)
        try:
            decoder = Decoder(self, plan(self.read, self.size, found), strict)
        except UnknownEncodingError:
            stranger = encoded_otherwise(self.read)
            if stranger is None:
                raise
            return self._ask_ffmpeg(stranger, strict)
        return Stream(decoder.header, decoder.blocks(), decoder.notes)

    def is_audio(self) -> bool:
        """Whether the content looks like audio, also of a kind that needs ffmpeg."""
        return bool(foreign(self.read, self.size) or locate(self.read, self.size))

    def whole(self) -> int | View:
        """From what a decoder will read the file from its beginning: a descriptor where it can."""
        if sys.platform == "win32":  # descriptors belong to one C library, and it has its own
            return View(self.read, ((0, self.size),))
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return self._descriptor

    def _ask_ffmpeg(self, stranger: Foreign, strict: bool) -> Stream:
        if not installed():
            raise ForeignAudioError(
                f"{stranger.name} cannot be decoded without ffmpeg; install it, or convert the "
                "file, for example with: ffmpeg -i NAME OUT.wav"
            )
        try:
            child = self._child = FFmpeg(self._descriptor, self._path, stranger.demuxer)
        except NoSoundError as error:
            raise NotAudioError(f"{stranger.name}: {error}") from error
        except FFmpegError as error:
            raise CorruptAudioError(f"cannot be decoded: {error}") from error
        form = f"{stranger.name} by ffmpeg"
        header = plausible(form, child.sample_rate, child.channels, None, version())
        notes = notes_behind(self.read, self.size, stranger.demuxer)

        def blocks() -> Iterator[NDArray[np.float32]]:
            try:
                yield from child.blocks(BLOCK_SAMPLES)
            except FFmpegError as error:
                raise CorruptAudioError(f"cannot be decoded: {error}") from error
            if child.words and strict:
                raise CorruptAudioError(f"cannot be decoded whole: ffmpeg: {child.words}")
            notes.extend([f"ffmpeg: {child.words}"] if child.words else [])

        return Stream(header, blocks(), notes)

    def _close_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


def _reason(error: OSError) -> str:
    return error.strerror.lower() if error.strerror else str(error)
