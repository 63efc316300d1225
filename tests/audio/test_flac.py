"""FLAC streams are read to their end, whatever they state and whatever follows."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.audio.stream import CorruptAudioError
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
    assert notes == ["incomplete: its last samples cannot be decoded"]


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
@pytest.mark.parametrize("blocks", [[0], [1], [5, 6], [0, 3, 9], range(2, 11)])
@pytest.mark.parametrize("stated", [True, False])
def test_of_a_damaged_flac_every_other_frame_is_read(
    tmp_path: Path, blocks: Sequence[int], behind: bytes, stated: bool
) -> None:
    whole = noise(2.0)
    reference, _ = first_channel(tmp_path, whole)
    n_blocks, first = 12, whole.index(b"\xff\xf8")
    per_frame = (len(whole) - first) // (2 * RATE / 4096)
    content = bytearray(whole if stated else flac_stating(0, whole))
    for block in blocks:
        at = first + int((block + 0.5) * per_frame)
        content[at : at + 20] = random.Random(block).randbytes(20)
    found, notes = first_channel(tmp_path, bytes(content) + behind)
    kept = [
        reference[4096 * block : 4096 * (block + 1)]
        for block in range(n_blocks)
        if block not in blocks
    ]
    np.testing.assert_array_equal(found, np.concatenate(kept))
    lost = 4096 * len(blocks)
    assert notes == [f"damaged: {lost} samples per channel could not be decoded"]
    with pytest.raises(CorruptAudioError, match=f"damaged: {lost} samples per channel"):
        first_channel(tmp_path, bytes(content) + behind, strict=True)


def test_damage_in_the_last_frame_of_a_flac_costs_that_frame(tmp_path: Path) -> None:
    whole = noise(2.0)
    reference, _ = first_channel(tmp_path, whole)
    content = bytearray(whole)
    content[-2000:-1980] = bytes(20)
    found, notes = first_channel(tmp_path, bytes(content))
    np.testing.assert_array_equal(found, reference[: 11 * 4096])
    assert notes == [f"incomplete: {11 * 4096} of {2 * RATE} samples per channel could be decoded"]


def test_a_flac_that_states_the_largest_number_states_none(tmp_path: Path) -> None:
    content = flac_stating((1 << 36) - 1, encoded("FLAC", "PCM_16"))
    found, notes = first_channel(tmp_path, content, strict=True)
    np.testing.assert_array_equal(found, samples())
    assert notes == []


def test_damage_in_a_second_sound_costs_nothing_of_the_first(tmp_path: Path) -> None:
    found, notes = first_channel(tmp_path, encoded("FLAC", "PCM_16") + damaged(noise(2.0), 0.5))
    np.testing.assert_array_equal(found[:RATE], samples())
    assert len(found) == RATE + 2 * RATE - 4096
    assert "damaged: 4096 samples per channel could not be decoded" in notes
