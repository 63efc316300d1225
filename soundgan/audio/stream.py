"""What a file being decoded gives: a header, blocks of samples, notes; and how that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.errors import AudioError

BLOCK_SAMPLES = 1 << 20
"""Samples over all channels that one block may hold: 4 MiB."""

MIN_RATE, MAX_RATE = 1000, 768_000


class NotAudioError(AudioError):
    """The content is no audio."""


class ForeignAudioError(NotAudioError):
    """Audio, but nothing here can decode it."""


class CorruptAudioError(AudioError):
    """Audio whose samples cannot be read, or not all of them, or are no numbers."""


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


def plausible(
    form: str, rate: int, channels: int, promised: int | None, decoder: str = ""
) -> Header:
    """A header of these values.

    Raises:
        CorruptAudioError: No sound has such a rate.
    """
    if not MIN_RATE <= rate <= MAX_RATE:
        raise CorruptAudioError(f"a sample rate of {rate} Hz is not plausible")
    return Header(form, rate, channels, promised, decoder)
