"""FLAC streams are read to their end, whatever they state and whatever follows."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.audio.decode import CorruptAudioError
from tests.audio.odd_files import (
    RATE,
    ape,
    encoded,
    first_channel,
    flac_stating,
    id3v1,
    samples,
)


def test_what_follows_a_flac_and_is_no_flac_is_named(tmp_path: Path) -> None:
    found, notes = first_channel(tmp_path, encoded("FLAC", "PCM_16") + encoded("AIFF", "PCM_16"))
    np.testing.assert_array_equal(found, samples())
    assert notes[0].startswith("about ")
    assert notes[0].endswith(" bytes behind its sound were not read")


@pytest.mark.parametrize("stated", [0, 1, RATE // 2, RATE - 1])
def test_a_flac_is_read_to_its_end_whatever_it_states(tmp_path: Path, stated: int) -> None:
    content = flac_stating(stated, encoded("FLAC", "PCM_16"))
    for behind in (b"", id3v1(), ape(header=False)):
        found, notes = first_channel(tmp_path, content + behind, strict=True)
        np.testing.assert_array_equal(found, samples())
        note = f"its header states {stated} samples; all {RATE} were read"
        assert notes == ([note] if stated else [])


def test_a_flac_of_unknown_length_may_be_cut_short(tmp_path: Path) -> None:
    content = flac_stating(0, encoded("FLAC", "PCM_16"))
    found, notes = first_channel(tmp_path, content[: len(content) * 3 // 4])
    assert RATE / 2 < len(found) < RATE
    np.testing.assert_array_equal(found, samples()[: len(found)])
    assert notes == ["truncated: its last samples cannot be decoded"]


def noise(seconds: float) -> bytes:
    """A FLAC that does not compress, of many frames."""
    buffer = io.BytesIO()
    waveform = np.random.default_rng(0).normal(0, 0.1, round(RATE * seconds))
    soundfile.write(buffer, waveform, RATE, format="FLAC")
    return buffer.getvalue()


def damaged(content: bytes, place: float) -> bytes:
    at = int(len(content) * place)
    return content[:at] + random.Random(1).randbytes(20) + content[at + 20 :]


@pytest.mark.parametrize("behind", [b"", id3v1()])
@pytest.mark.parametrize("place", [0.1, 0.5])
def test_damage_in_the_middle_of_a_flac_is_no_sound(
    tmp_path: Path, place: float, behind: bytes
) -> None:
    with pytest.raises(CorruptAudioError, match=r"^cannot be decoded: [a-z]"):
        first_channel(tmp_path, damaged(noise(2.0), place) + behind)


def test_damage_in_a_second_sound_costs_nothing_of_the_first(tmp_path: Path) -> None:
    found, notes = first_channel(tmp_path, encoded("FLAC", "PCM_16") + damaged(noise(2.0), 0.5))
    np.testing.assert_array_equal(found[:RATE], samples())
    assert any("its part number 2 cannot be decoded: " in note for note in notes)
