"""Audio of other formats is recognised by its content."""

from __future__ import annotations

import pytest

from soundgan.audio.foreign import foreign
from tests.audio.odd_files import encoded, id3v2, wav

ADTS = bytes.fromhex("fff15080022000") + bytes(10)
"""A frame of 17 bytes."""


def name(content: bytes) -> str | None:
    found = foreign(lambda count, at: content[at : at + count], len(content))
    return found.name if found else None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "MPEG-4 (AAC, ALAC)"),
        (b"\0\0\0\x08wide\0\0\0\x10mdat" + bytes(8), "MPEG-4 (AAC, ALAC)"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1", "Matroska or WebM"),
        (b"RIFF\0\1\0\0AVI LIST", "AVI"),
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "Windows Media"),
        (b"MAC \x96\x0f\0\0", "Monkey's Audio"),
        (b"wvpk" + bytes(28), "WavPack"),
        (b"TTA1\1\0", "True Audio"),
        (b"#!AMR\n<", "AMR"),
        (b"#!AMR-WB\n<", "AMR"),
        (b"DSD \x1c" + bytes(20), "DSD"),
        (b"FRM8" + bytes(8) + b"DSD ", "DSD"),
        (b"\x0b\x77\0\0\x14\x40" + bytes(100) + b"\x0b\x77", "AC-3"),
        (b"\x0b\x77\0\0\x14\x80" + bytes(100) + b"\x0b\x77", "E-AC-3"),
        (b"\x7f\xfe\x80\x01" + bytes(50), "DTS"),
        (b".RMF\0\0\0\x12", "RealAudio"),
        (b".ra\xfd\0\3", "RealAudio"),
        (b"FLV\1\5", "Flash video"),
        ((b"G" + bytes(187)) * 4, "MPEG transport stream"),
        (ADTS * 2, "AAC"),
        (id3v2() + ADTS * 2, "AAC"),
        (id3v2() + b"wvpk" + bytes(28), "WavPack"),
        (wav(100, bytes(100)).replace(b"\x10\0\0\0\1\0\1", b"\x10\0\0\0\xff\0\1"),
         "WAV with codec 0x00ff"),
        (b"caff\0\1\0\0desc" + bytes(7) + b"\x20" + bytes(8) + b"aac ", "CAF with aac"),
        (b"FORM\0\0\0\0AIFCCOMM" + bytes(22) + b"QDMC", "AIFC with QDMC"),
        (b"caff\0\1\0\0desc" + bytes(7) + b"\x20" + bytes(8) + b".mp3", "CAF with .mp3"),
        (wav(100, bytes(100)).replace(b"\x10\0\0\0\1\0\1", b"\x10\0\0\0\x45\0\1"),
         "WAV with codec 0x0045"),
        (b"nut/multimedia container\0NM", "NUT"),
        (b".SoX\x1c\0\0\0", "SoX"),
        (b"\x56\xe0\x04abcd" * 2, "AAC in LOAS"),
        (b"OggS\0\2" + bytes(20) + b"\1\x50Speex   1.2", "Speex in Ogg"),
    ],
)  # fmt: skip
def test_a_format_is_known_by_its_bytes(content: bytes, expected: str) -> None:
    assert name(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"The free software of this folder",
        b"MAC addresses of the studio",
        b"MP+ is not said here",
        b"DTS, AAC and AC-3 are formats",
        b"V\xe0\x04abcdVery much",
        b"#EXTM3U\n/etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"MThd\0\0\0\6",
        b"\x0b\x77" + bytes(100),
        *(encoded(form) for form in ("WAV", "AIFF", "FLAC", "CAF", "AU", "W64", "RF64", "MP3")),
        encoded("WAV", "IMA_ADPCM"),
        encoded("WAVEX", "PCM_24"),
        encoded("AIFF", "FLOAT"),
        encoded("CAF", "ALAC_16"),
        encoded("OGG", "OPUS"),
    ],
)
def test_what_needs_no_ffmpeg_and_what_is_no_audio_is_left_alone(content: bytes) -> None:
    assert name(content) is None
