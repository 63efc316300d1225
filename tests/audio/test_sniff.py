from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundgan.audio.mpeg import first_mp3_frame
from soundgan.audio.sniff import HEAD_BYTES, has_audio_suffix, locate
from tests.sounds import tone, write


def sniff(head: bytes) -> str | None:
    found = locate(lambda count, position: head[position : position + count], len(head))
    return found.kind if found else None


@pytest.mark.parametrize(
    ("form", "subtype", "rate", "kind"),
    [
        ("WAV", "PCM_16", 8000, "wav"),
        ("WAV", "FLOAT", 8000, "wav"),
        ("WAVEX", "PCM_24", 8000, "wav"),
        ("RF64", "PCM_16", 8000, "wav"),
        ("W64", "PCM_16", 8000, "w64"),
        ("FLAC", "PCM_16", 8000, "flac"),
        ("OGG", "VORBIS", 8000, "ogg"),
        ("OGG", "OPUS", 8000, "ogg"),
        ("AIFF", "PCM_16", 8000, "aiff"),
        ("AIFF", "FLOAT", 8000, "aiff"),
        ("MP3", "MPEG_LAYER_III", 8000, "mp3"),
        ("MP3", "MPEG_LAYER_III", 22050, "mp3"),
        ("MP3", "MPEG_LAYER_III", 44100, "mp3"),
        ("CAF", "PCM_16", 8000, "caf"),
        ("AU", "PCM_16", 8000, "au"),
        ("VOC", "PCM_16", 8000, "voc"),
        ("NIST", "PCM_16", 8000, "nist"),
        ("SVX", "PCM_16", 8000, "svx"),
    ],
)
def test_a_format_is_known_by_its_bytes(
    tmp_path: Path, form: str, subtype: str, rate: int, kind: str
) -> None:
    path = write(tmp_path / "named.txt", tone(0.4, rate=rate), rate, format=form, subtype=subtype)
    assert sniff(path.read_bytes()[:HEAD_BYTES]) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"R",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"RIFF\x10\0\0\0AVI LIST",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 500,
        b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\xff\xfb\x90" * 9,
        b"PK\x03\x04",
        "just a text with an ÿ".encode("utf-16"),
        b"\xff" * 4096,
        b"\0" * 4096,
    ],
)
def test_other_content_is_not_audio(head: bytes) -> None:
    assert sniff(head) is None


def test_noise_is_practically_never_taken_for_mp3(rng: np.random.Generator) -> None:
    taken = sum(first_mp3_frame(rng.bytes(HEAD_BYTES)) is not None for _ in range(300))
    assert taken == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.wav", True), ("b/c.FLAC", True), ("a.m4a", True), ("README.md", False), ("wav", False)],
)
def test_a_name_claims_audio_by_its_ending(name: str, expected: bool) -> None:
    assert has_audio_suffix(name) is expected
