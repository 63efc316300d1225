"""The parts of one file, decoded by libsndfile one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundgan.audio.flac_frame import part_behind
from soundgan.audio.layout import Plan
from soundgan.audio.parts import Part, View
from soundgan.audio.reading import UNKNOWN_FRAMES, Reading, words_of
from soundgan.audio.resample import resample
from soundgan.audio.stream import (
    BLOCK_SAMPLES,
    MAX_RATE,
    MIN_RATE,
    CorruptAudioError,
    plausible,
)

_SMALL = 4096
_UNKNOWN_ENCODINGS = (4, 18)
"""Errors of libsndfile."""


class UnknownEncodingError(CorruptAudioError):
    """libsndfile knows the container, but not what is in it."""


class Source(Protocol):
    """An open file."""

    size: int

    def read(self, count: int, position: int) -> bytes:
        """At most ``count`` bytes from ``position`` on."""

    def whole(self) -> int | View:
        """From what a decoder will read the file from its beginning."""


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """Read from start to end without asking where it is.

    soundfile otherwise seeks after every read, which is slow, and fails for a FLAC stream that
    does not state its length.
    """

    def seekable(self) -> bool:
        """No."""
        return False


class Decoder:
    """Decodes the parts of a file one after the other.

    Attributes:
        header: Of the first part.
        notes: See :class:`soundgan.audio.stream.Stream`.
    """

    def __init__(self, file: Source, plan: Plan, strict: bool) -> None:
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
            self.header = plausible(form, sound.samplerate, sound.channels, stated or frames)
        except CorruptAudioError:
            sound.close()
            raise

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """See :class:`soundgan.audio.stream.Stream`."""
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
            kind = UnknownEncodingError if error.code in _UNKNOWN_ENCODINGS else CorruptAudioError
            raise kind(f"cannot be decoded: {words_of(error)}") from error
        except TypeError as error:  # a headerless format would need options
            raise CorruptAudioError("cannot be decoded: it has no usable header") from error

    def _lose(self, words: str) -> None:
        if self._strict:
            raise CorruptAudioError(words)
        self.notes.append(words)
