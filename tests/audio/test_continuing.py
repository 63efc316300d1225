"""Bytes behind the stated end of a sound: more of it, or something else."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.audio.odd_files import (
    RATE,
    aiff,
    au,
    caf,
    encoded,
    first_channel,
    pcm,
    samples,
    w64,
    wav,
)

CHANCE = np.random.default_rng(7)

STATING: dict[str, Callable[[int, bytes], bytes]] = {
    "wav": wav,
    "rifx": lambda size, content: wav(size, content, order=">"),
    "aiff": lambda size, content: aiff(size + 8, size // 2, content),
    "au": au,
    "caf": lambda size, content: caf(size + 4, content),
    "w64": lambda size, content: w64(size + 24, content),
}
"""Files that state so many bytes of samples, and hold others."""

FOREIGN = {
    "random bytes": CHANCE.bytes(20_000),
    "few random bytes": CHANCE.bytes(3000),
    "text of two bytes": ("some words, " * 500).encode("utf-16-le"),
    "floating-point numbers": CHANCE.normal(size=5000).astype("<f4").tobytes(),
    "a chunk cut short": b"bext" + struct.pack("<I", 9000) + b"Title".ljust(602, b"\0") * 5,
    "a list cut short": b"LIST" + struct.pack("<I", 9000) + b"INFOISFT" + CHANCE.bytes(3000),
}


def order(kind: str) -> str:
    return "<" if kind in ("wav", "w64") else ">"


@pytest.mark.parametrize("rest", FOREIGN)
@pytest.mark.parametrize("kind", STATING)
def test_what_is_no_sound_behind_a_sound_is_named_and_not_read(
    tmp_path: Path, kind: str, rest: str
) -> None:
    content = pcm(order(kind))
    stranger = FOREIGN[rest]
    found, notes = first_channel(tmp_path, STATING[kind](len(content), content + stranger))
    np.testing.assert_array_equal(found, samples())
    assert notes == [f"{len(stranger)} bytes behind its sound were not read"]


@pytest.mark.parametrize("kind", STATING)
def test_an_mp3_behind_a_sound_is_read_as_a_second_one(tmp_path: Path, kind: str) -> None:
    content, mp3 = pcm(order(kind)), encoded("MP3", "MPEG_LAYER_III")
    found, notes = first_channel(tmp_path, STATING[kind](len(content), content + mp3))
    np.testing.assert_array_equal(found[:RATE], samples())
    assert len(found) == pytest.approx(2 * RATE, abs=3000)
    assert notes == ["2 sounds one behind the other were read as one"]


@pytest.mark.parametrize("kind", STATING)
@pytest.mark.parametrize("sound", ["falling", "rising", "noise", "falling noise"])
def test_more_of_the_sound_is_read_whatever_the_sound(
    tmp_path: Path, kind: str, sound: str
) -> None:
    time = np.arange(RATE) / RATE
    wave = {
        "falling": samples(),
        "rising": samples()[::-1],
        "noise": CHANCE.normal(size=RATE) * 0.1,
        "falling noise": CHANCE.normal(size=RATE) * 0.2 * 10 ** (-3 * time),
    }[sound]
    exact = np.clip(np.rint(wave * 32768), -32768, 32767)
    content = exact.astype(f"{order(kind)}i2").tobytes()
    for share in (2, 5):
        found, notes = first_channel(tmp_path, STATING[kind](len(content) // share, content))
        np.testing.assert_array_equal(found * 32768, exact)
        assert len(notes) == 1
        assert f"all {len(content)} were read" in notes[0]


def test_noise_at_full_scale_goes_on_with_noise_at_full_scale(tmp_path: Path) -> None:
    content = CHANCE.bytes(40_000)
    found, _ = first_channel(tmp_path, wav(20_000, content))
    assert len(found) == 20_000


def test_samples_that_are_no_numbers_do_not_go_on_with_a_sound(tmp_path: Path) -> None:
    wave = samples().astype("<f4").tobytes()
    form = struct.pack("<IHHIIHH", 16, 3, 1, RATE, 4 * RATE, 4, 32)
    head = b"RIFF" + bytes(4) + b"WAVEfmt " + form + b"data" + struct.pack("<I", len(wave))
    found, notes = first_channel(tmp_path, head + wave + CHANCE.bytes(8000))
    np.testing.assert_array_equal(found, samples())
    assert notes == ["8000 bytes behind its sound were not read"]
