"""Frames of FLAC streams, found by their headers."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from soundgan.audio.flac import flac_part
from soundgan.audio.flac_frame import part_behind
from tests.sounds import RATE


@pytest.mark.parametrize("rate", [RATE, 44100, 12345, 96000])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_every_frame_of_a_stream_is_found_at_its_sample(rate: int, channels: int) -> None:
    waveform = np.random.default_rng(0).normal(0, 0.1, (300_000, channels))
    buffer = io.BytesIO()
    soundfile.write(buffer, waveform, rate, format="FLAC")
    content = buffer.getvalue()

    def read(count: int, position: int) -> bytes:
        return content[position : position + count]

    part = flac_part(0, len(content), (), content[:42])
    begins, position = [], -1
    while (found := part_behind(read, part, position)) is not None:
        part, position = found
        begins.append(position)
    assert begins == list(range(0, 300_000, 4096))


def test_streams_inside_others_are_left_alone() -> None:
    part = flac_part(0, 100, ((200, 300),), b"fLaC".ljust(42, b"\0"))
    assert part_behind(lambda count, position: b"", part, 0) is None
