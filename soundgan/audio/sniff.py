"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import PurePosixPath

HEAD_BYTES = 4096
"""Enough to recognise a file; MP3 may hide two frames behind some rubbish."""

AUDIO_SUFFIXES = frozenset(
    (
        ".wav", ".wave", ".rf64", ".w64", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif",
        ".aiff", ".aifc", ".caf", ".au", ".snd", ".m4a", ".aac", ".wma", ".mp4", ".ape", ".wv",
    )
)  # fmt: skip
"""Endings by which people mean a file to be audio."""

_BITRATES_MPEG1 = {
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_BITRATES_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = (44100, 48000, 32000)


def has_audio_suffix(path: str) -> bool:
    """Whether the name claims to be audio."""
    return PurePosixPath(path).suffix.lower() in AUDIO_SUFFIXES


def sniff(head: bytes) -> str | None:
    """The container of a decodable file, or ``None``: wav, flac, ogg, aiff, mp3, caf or au.

    Args:
        head: The first :data:`HEAD_BYTES` bytes, or all when the file is shorter.
    """
    start, kind = head[:4], head[8:12]
    if start in (b"RIFF", b"RF64", b"RIFX") and kind == b"WAVE":
        return "wav"
    if start == b"FORM" and kind in (b"AIFF", b"AIFC"):
        return "aiff"
    for magic, name in (
        (b"fLaC", "flac"), (b"OggS", "ogg"), (b"caff", "caf"), (b".snd", "au"),
        (b"riff\x2e\x91\xcf\x11", "w64"), (b"ID3", "mp3"),
    ):  # fmt: skip
        if head.startswith(magic):
            return name
    return "mp3" if first_mp3_frame(head) is not None else None


def unsupported(head: bytes) -> str | None:
    """The name of an audio format that is recognised but cannot be decoded here, or ``None``."""
    if head[4:8] == b"ftyp":
        return "MPEG-4 (AAC, ALAC)"
    for magic, name in (
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"), (b"MThd", "MIDI"),
        (b"wvpk", "WavPack"), (b"MAC ", "Monkey's Audio"), (b"ADIF", "AAC"),
        (b"\xff\xf1", "AAC"), (b"\xff\xf9", "AAC"),
    ):  # fmt: skip
        if head.startswith(magic):
            return name
    return None


def first_mp3_frame(head: bytes) -> int | None:
    """Offset of the first MPEG layer II or III frame that another one follows, or ``None``.

    One header is four bytes, of which chance finds many in any file; two at the right distance
    it finds rarely.
    """
    position = head.find(b"\xff")
    while 0 <= position <= len(head) - 4:
        length = mp3_frame_bytes(head[position : position + 4])
        if length and mp3_frame_bytes(head[position + length : position + length + 4]):
            return position
        position = head.find(b"\xff", position + 1)
    return None


def mp3_frame_bytes(header: bytes) -> int:
    """Length of the MPEG layer II or III frame with this 4-byte header; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate_index, rate_index = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer not in (2, 3) or not 0 < bitrate_index < 15 or rate_index == 3:
        return 0
    first_version = version == 3
    table = _BITRATES_MPEG1[layer] if first_version else _BITRATES_MPEG2
    rate = _RATES[rate_index] >> (0 if first_version else 1 if version == 2 else 2)
    factor = 144 if first_version or layer == 2 else 72
    return factor * table[bitrate_index] * 1000 // rate + (header[2] >> 1 & 1)
