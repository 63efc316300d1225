"""Files cut short are noticed; whole ones never are."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from soundgan.audio.sniff import sniff
from soundgan.audio.truncation import counts_its_frames, missing_bytes, walk_mp3
from tests.sounds import tone, write

FORMS = [
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("WAV", "MS_ADPCM"),
    ("WAVEX", "PCM_24"),
    ("RF64", "PCM_16"),
    ("AIFF", "PCM_16"),
    ("AIFF", "FLOAT"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("AU", "PCM_16"),
    ("CAF", "PCM_24"),
    ("W64", "PCM_16"),
]


def reader(content: bytes) -> Callable[[int, int], bytes]:
    return lambda count, position: content[position : position + count]


def fault(path: Path) -> str | None:
    content = path.read_bytes()
    return missing_bytes(reader(content), sniff(content) or "", len(content))


@pytest.mark.parametrize(("form", "subtype"), FORMS)
def test_a_whole_file_lacks_nothing(tmp_path: Path, form: str, subtype: str) -> None:
    assert fault(write(tmp_path / "a", tone(0.7), format=form, subtype=subtype)) is None


@pytest.mark.parametrize(("form", "subtype"), FORMS)
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.998])
def test_a_file_cut_short_is_noticed(tmp_path: Path, form: str, subtype: str, kept: float) -> None:
    path = write(tmp_path / "a", tone(0.7), format=form, subtype=subtype)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "truncated" in (fault(path) or "")


@pytest.mark.parametrize("seconds", [0.2, 3.0])
def test_an_mp3_that_knows_its_size_is_measured_by_it(tmp_path: Path, seconds: float) -> None:
    path = write(tmp_path / "a.mp3", tone(seconds, rate=24000), 24000, format="MP3")
    assert fault(path) is None
    content = path.read_bytes()
    path.write_bytes(content + b"TAG" + bytes(125))
    assert fault(path) is None
    path.write_bytes(content[: len(content) * 9 // 10])
    assert "truncated" in (fault(path) or "")


def test_the_missing_bytes_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.5))
    path.write_bytes(path.read_bytes()[:-100])
    assert fault(path) == ("truncated: 100 of the 8044 bytes that its header promises are missing")


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_length_that_was_never_known_is_not_missed(tmp_path: Path, length: int) -> None:
    path = write(tmp_path / "a.wav", tone(0.5))
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = struct.pack("<I", length)
    path.write_bytes(content)
    assert fault(path) is None


def test_rubbish_behind_the_samples_is_not_missed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.5))
    path.write_bytes(path.read_bytes() + b"junk")
    assert fault(path) is None


def test_a_wav_without_samples_chunk_ends_the_search(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF\xff\0\0\0WAVEfmt \x10\0\0\0" + bytes(16) + b"LIST\xff\xff\xff\xff")
    assert fault(path) is None


def test_the_frames_of_an_mp3_are_counted_without_its_tag(tmp_path: Path) -> None:
    tagged = write(tmp_path / "a.mp3", tone(2.0, rate=44100), 44100).read_bytes()
    bare = tagged[tagged.index(b"\xff\xfb", 4) :]
    assert counts_its_frames(reader(tagged))
    assert not counts_its_frames(reader(bare))
    samples = walk_mp3(reader(tagged), len(tagged))
    assert walk_mp3(reader(bare), len(bare)) == samples - 1152
    assert 2.0 * 44100 <= samples < 2.0 * 44100 + 4 * 1152
