from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from soundgan.audio import decoder
from soundgan.audio.decode import AudioFile
from tests.audio.odd_files import (
    EVERY,
    RATE,
    encoded,
    first_channel,
    reference,
    samples,
)


@pytest.mark.parametrize("kind", ["mp3", "vorbis", "wav"])
def test_a_glued_part_of_another_rate_is_resampled_to_that_of_the_first(
    tmp_path: Path, kind: str
) -> None:
    one, two = encoded(*EVERY[kind]), encoded(*EVERY[kind], hertz=880.0, rate=16_000)
    found, notes = first_channel(tmp_path, one + two + one, strict=True)
    first, other = reference(one), reference(two)
    expected = soxr.resample(other, 16_000, RATE, quality="HQ")
    np.testing.assert_array_equal(found, np.concatenate([first, expected, first]))
    assert notes == [
        "3 sounds one behind the other were read as one",
        f"1 part at another rate was resampled to {RATE} Hz",
    ]


def test_glued_parts_of_other_rates_and_channels_are_heard_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "BLOCK_SAMPLES", 3000)
    both = np.stack([samples(), samples(880.0)], axis=1)
    parts = []
    for waveform, rate in ((both, RATE), (both[:, 1], RATE // 2), (both, 2 * RATE)):
        buffer = io.BytesIO()
        soundfile.write(buffer, waveform, rate, format="FLAC")
        parts.append(buffer.getvalue())
    path = tmp_path / "a"
    path.write_bytes(b"".join(parts))
    with AudioFile(str(path)) as file:
        stream = file.decode()
        blocks = list(stream.blocks)
    assert all(1 <= block.size <= 3000 and block.shape[1] == 2 for block in blocks)
    found = np.concatenate(blocks)
    assert len(found) == RATE * 7 // 2  # 1, 2 and half a second
    # Half the rate: the tone of 880 Hz is heard an octave lower, in both channels.
    middle = np.abs(np.fft.rfft(found[RATE : 3 * RATE], axis=0)).argmax(axis=0) / 2
    assert middle.tolist() == [440.0, 440.0]
    last = 2 * np.abs(np.fft.rfft(found[3 * RATE :], axis=0)).argmax(axis=0)
    assert last.tolist() == [880.0, 1760.0]
    assert stream.notes[-1] == f"2 parts at other rates were resampled to {RATE} Hz"


def test_a_glued_part_of_no_plausible_rate_is_named_and_not_read(tmp_path: Path) -> None:
    content = encoded("WAV", "PCM_16")
    found, notes = first_channel(
        tmp_path, content + content[:24] + struct.pack("<I", 1) + content[28:]
    )
    np.testing.assert_array_equal(found, samples())
    assert notes[-1] == ("its part number 2 is at 1 Hz, which is not plausible, and was not read")


def test_a_glued_part_with_more_channels_is_mixed_to_those_of_the_first(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    both = np.stack([samples(), samples(880.0)], axis=1)
    soundfile.write(buffer, both, RATE, format="FLAC")
    found, _ = first_channel(tmp_path, encoded("FLAC", "PCM_16") + buffer.getvalue())
    np.testing.assert_allclose(found[RATE:], both.mean(axis=1), atol=1e-7)
