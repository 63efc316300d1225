"""One audio file: opened once, hashed, recognised, and decoded in blocks of bounded size."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundgan.audio.descriptor import open_to_read, read_at
from soundgan.audio.ffmpeg import FFmpeg, FFmpegError, NoSoundError, installed, version
from soundgan.audio.flac_frame import part_behind
from soundgan.audio.foreign import Foreign, encoded_otherwise, foreign
from soundgan.audio.foreign_end import notes_behind
from soundgan.audio.layout import Plan, plan
from soundgan.audio.parts import Part, View
from soundgan.audio.reading import UNKNOWN_FRAMES, Reading, words_of
from soundgan.audio.resample import resample
from soundgan.audio.sniff import HEAD_BYTES, locate
from soundgan.errors import AudioError

BLOCK_SAMPLES = 1 << 20
"""Samples over all channels that one block may hold: 4 MiB."""

MIN_RATE, MAX_RATE = 1000, 768_000
EMPTY = "empty file"
NO_SOUND = "its content is no audio format"
MIDI = "MIDI holds notes, no sound"

_READ_BYTES = 1 << 20
_SMALL = 4096
_UNKNOWN_ENCODINGS = (4, 18)
"""Errors of libsndfile."""


class NotAudioError(AudioError):
    """The content is no audio."""


class ForeignAudioError(NotAudioError):
    """Audio, but nothing here can decode it."""


class CorruptAudioError(AudioError):
    """Audio whose samples cannot be read, or not all of them, or are no numbers."""


class _UnknownEncodingError(CorruptAudioError):
    """libsndfile knows the container, but not what is in it."""


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
        promised: Frames claimed by the first sound in it, or ``None``; an allocation must never
            trust it.
        decoder: Who decodes it and in which version, if that is another program.
    """

    form: str
    sample_rate: int
    channels: int
    promised: int | None
    decoder: str = ""


@dataclass(frozen=True, eq=False)
class Stream:
    """A file being decoded.

    Attributes:
        header: What the file says about itself.
        blocks: Samples from the start, float32 [n, channels] with at least one and at most
            :data:`BLOCK_SAMPLES` samples each; raises :class:`CorruptAudioError` where decoding
            fails.
        notes: What is odd about the file and was put up with; complete after the last block.
    """

    header: Header
    blocks: Iterator[NDArray[np.float32]]
    notes: list[str]


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
            decoder = _Decoder(self, plan(self.read, self.size, found), strict)
        except _UnknownEncodingError:
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
        header = _plausible(form, child.sample_rate, child.channels, None, version())
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


class _Decoder:
    """Decodes the parts of a file one after the other.

    Attributes:
        header: Of the first part.
        notes: See :class:`Stream`.
    """

    def __init__(self, file: AudioFile, plan: Plan, strict: bool) -> None:
        if not plan.parts:
            raise CorruptAudioError("cannot be decoded: it ends before its first sample")
        if strict and plan.losses:
            raise CorruptAudioError(plan.losses[0])
        self._file = file
        self._parts = plan.parts
        self._strict = strict
        self._short = bool(plan.losses)
        self._resampled = 0
        self.notes = [*plan.losses, *plan.notes]
        self._first, self._view = self._open(plan.parts[0][1])
        sound, stated = self._first, plan.parts[0][1].promised
        frames = sound.frames if 0 <= sound.frames < UNKNOWN_FRAMES else None
        form = f"{sound.format} {sound.subtype}"
        try:
            self.header = _plausible(form, sound.samplerate, sound.channels, stated or frames)
        except CorruptAudioError:
            sound.close()
            raise

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """See :class:`Stream`."""
        for number, (kind, part) in enumerate(self._parts):
            try:
                sound, view = self._open(part) if number else (self._first, self._view)
            except CorruptAudioError as error:
                self._lose(f"its part number {number + 1} {error}")
                continue
            with sound:
                try:
                    yield from self._at_own_rate(sound, self._one(sound, view, kind, part))
                except CorruptAudioError as error:
                    if not number:
                        raise
                    self._lose(f"its part number {number + 1} {error}")
        if self._resampled:
            other = (
                "part at another rate was" if self._resampled == 1 else "parts at other rates were"
            )
            self.notes.append(
                f"{self._resampled} {other} resampled to {self.header.sample_rate} Hz"
            )

    def _at_own_rate(
        self, sound: soundfile.SoundFile, blocks: Iterator[NDArray[np.float32]]
    ) -> Iterator[NDArray[np.float32]]:
        """The blocks of one part at the rate of the first."""
        rate, own, channels = sound.samplerate, self.header.sample_rate, self.header.channels
        if rate == own:
            yield from blocks
            return
        if not MIN_RATE <= rate <= MAX_RATE:
            raise CorruptAudioError(f"is at {rate} Hz, which is not plausible, and was not read")
        self._resampled += 1
        flat = (block[:, 0] if channels == 1 else block for block in blocks)
        limit = max(1, BLOCK_SAMPLES // channels)
        for block in resample(flat, rate, own, channels=channels):
            for start in range(0, len(block), limit):
                yield block[start : start + limit].reshape(-1, channels)

    def _one(
        self, sound: soundfile.SoundFile, view: View | None, kind: str, part: Part
    ) -> Iterator[NDArray[np.float32]]:
        """The blocks of one part, and what is to be said about its length."""
        known = sound.frames if 0 <= sound.frames < UNKNOWN_FRAMES else None
        promised = part.promised or known
        reading = Reading(sound, promised, BLOCK_SAMPLES)
        for block in reading.blocks():
            yield self._like_the_first(block)
        frames = reading.frames
        if reading.error is not None and kind == "flac":
            following = part_behind(self._file.read, part, frames)
            if following is not None:
                yield from self._behind_damage(*following, frames)
                return
        if reading.error is not None:
            self._stopped(reading, view, kind)
        if view is not None and view.failure is not None:
            raise view.failure
        # The length of an MP3 is a guess of the decoder; its frames have been counted before.
        if promised is not None and frames < promised and not self._short and kind != "mp3":
            self._lose(f"incomplete: {frames} of {promised} samples per channel could be decoded")
        if part.promised and frames > part.promised:
            self.notes.append(f"its header states {part.promised} samples; all {frames} were read")

    def _behind_damage(
        self, rest: Part, begin: int, position: int
    ) -> Iterator[NDArray[np.float32]]:
        """The blocks of a FLAC stream whose samples from ``position`` to ``begin`` are lost."""
        lost = 0
        while True:
            lost += begin - position
            sound, _ = self._open(rest)
            with sound:
                reading = Reading(sound, None, BLOCK_SAMPLES)
                for block in reading.blocks():
                    yield self._like_the_first(block)
            position = begin + reading.frames
            following = reading.error and part_behind(self._file.read, rest, position)
            if not following:
                break
            rest, begin = following
        lost += max(0, (rest.promised or 0) - position)
        self._lose(f"damaged: {lost} samples per channel could not be decoded")

    def _stopped(self, reading: Reading, view: View | None, kind: str) -> None:
        """Put up with an error behind the last sample, or where a file was cut."""
        promised = reading.promised
        if promised is not None and reading.intact >= promised:
            unread = view.size - view.reached if view is not None else 0
            if unread > _SMALL:
                self.notes.append(f"about {unread} bytes behind its sound were not read")
            return
        at_its_end = kind == "flac" or (view is not None and view.reached >= view.size)
        cut = promised is None or reading.frames < promised
        if not (at_its_end and cut and reading.frames):
            raise CorruptAudioError(f"cannot be decoded: {reading.words}") from reading.error
        if promised is None:
            self._lose("incomplete: its last samples cannot be decoded")

    def _like_the_first(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """With as many channels as the first part."""
        channels = self.header.channels
        if block.shape[1] == channels:
            return block
        return np.repeat(block.mean(axis=1, keepdims=True), channels, axis=1)

    def _open(self, part: Part) -> tuple[soundfile.SoundFile, View | None]:
        view = None
        if part.pieces != ((0, self._file.size),):
            view = View(self._file.read, part.pieces)
        try:
            if view is None:
                return _Forward(self._file.whole(), closefd=False), None
            return _Forward(view), view
        except soundfile.LibsndfileError as error:
            kind = _UnknownEncodingError if error.code in _UNKNOWN_ENCODINGS else CorruptAudioError
            raise kind(f"cannot be decoded: {words_of(error)}") from error
        except TypeError as error:  # a headerless format would need options
            raise CorruptAudioError("cannot be decoded: it has no usable header") from error

    def _lose(self, words: str) -> None:
        if self._strict:
            raise CorruptAudioError(words)
        self.notes.append(words)


def _plausible(
    form: str, rate: int, channels: int, promised: int | None, decoder: str = ""
) -> Header:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise CorruptAudioError(f"a sample rate of {rate} Hz is not plausible")
    return Header(form, rate, channels, promised, decoder)


def _reason(error: OSError) -> str:
    return error.strerror.lower() if error.strerror else str(error)
