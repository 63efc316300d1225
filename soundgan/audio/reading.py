"""Reading one decoder to its end, or to its first error."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soundfile
from numpy.typing import NDArray

UNKNOWN_FRAMES = 1 << 40
"""A decoder that claims so many, or none, does not know."""


class Reading:
    """Reads a decoder to its end or to its first error.

    Attributes:
        promised: Frames that there should be, or ``None``.
        frames: How many there were; those after an error may be of the decoder's own invention.
        intact: How many had come before the read that failed.
        error: Why it failed.
    """

    def __init__(
        self, sound: soundfile.SoundFile, promised: int | None, block_samples: int
    ) -> None:
        """Begin.

        Args:
            sound: The open decoder.
            promised: See the class.
            block_samples: Samples over all channels that one block may hold.
        """
        self.promised = promised
        self.frames = self.intact = 0
        self.error: soundfile.LibsndfileError | None = None
        self._sound = sound
        self._block_samples = block_samples

    @property
    def words(self) -> str:
        """The error, in the words of the decoder."""
        return "" if self.error is None else words_of(self.error)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Blocks, also of what was decoded before the error."""
        channels = self._sound.channels
        limit = max(1, self._block_samples // channels)
        told = 0 <= self._sound.frames < UNKNOWN_FRAMES
        # One frame more than the decoder knows of, so that the usual small file takes one read
        # to its end; but where it does not know, none more, because what follows may be no sound.
        wanted = min(limit, (self.promised or limit) + told)
        while True:
            block = np.full((wanted, channels), np.nan, np.float32)
            try:
                count = len(self._sound.read(out=block))
            except soundfile.LibsndfileError as error:
                self.error = error
                written = np.flatnonzero(~np.isnan(block[:, 0]))
                count = int(written[-1]) + 1 if len(written) else 0
            self.frames += count
            if count:
                yield block[:count]
            if count < wanted or self.error is not None:
                return
            self.intact = self.frames


def words_of(error: soundfile.LibsndfileError) -> str:
    """What libsndfile says, as a part of a sentence."""
    text = str(error.error_string).removeprefix("Error : ").strip().rstrip(".")
    if "does not exist" in text:  # libsndfile's answer to an MPEG stream it cannot make sense of
        return "no frame of its stream makes sense"
    return text[:1].lower() + text[1:]
