"""Audio that libsndfile cannot decode, recognised by its content."""

from __future__ import annotations

from dataclasses import dataclass

from soundgan.audio.ogg import ogg_codec
from soundgan.audio.parts import Read
from soundgan.audio.sniff import container
from soundgan.audio.tags import skip_tags

_HEAD_BYTES = 4096
_ADTS_BYTES = 7
_TS_PACKET = 188


@dataclass(frozen=True)
class Foreign:
    """A format of others.

    Attributes:
        name: As people call it.
        demuxer: As ffmpeg calls it; it is told, so that nothing hostile makes it guess.
    """

    name: str
    demuxer: str


_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_MAGICS: tuple[tuple[bytes, Foreign], ...] = (
    (_ASF, Foreign("Windows Media", "asf")),
    (b"\x1a\x45\xdf\xa3", Foreign("Matroska or WebM", "matroska")),
    (b"FLV\x01", Foreign("Flash video", "flv")),
    (b"wvpk", Foreign("WavPack", "wv")),
    (b"TTA1", Foreign("True Audio", "tta")),
    (b"ajkg", Foreign("Shorten", "shn")),
    (b"MPCKSH", Foreign("Musepack", "mpc8")),
    (b"MP+\x07", Foreign("Musepack", "mpc")),
    (b"MP+\x17", Foreign("Musepack", "mpc")),
    (b"tBaK", Foreign("TAK", "tak")),
    (b"#!AMR", Foreign("AMR", "amr")),
    (b"DSD ", Foreign("DSD", "dsf")),
    (b".RMF", Foreign("RealAudio", "rm")),
    (b".ra\xfd", Foreign("RealAudio", "rm")),
    (b"\x7f\xfe\x80\x01", Foreign("DTS", "dts")),
    (b"\xfe\x7f\x01\x80", Foreign("DTS", "dts")),
    (b"\x1f\xff\xe8\x00", Foreign("DTS", "dts")),
    (b"\xff\x1f\x00\xe8", Foreign("DTS", "dts")),
    (b"\x00\x00\x01\xba", Foreign("MPEG video", "mpeg")),
    (b"ADIF", Foreign("AAC", "aac")),
    (b"nut/multimedia container\0", Foreign("NUT", "nut")),
    (b".SoX", Foreign("SoX", "sox")),
    (b"XoS.", Foreign("SoX", "sox")),
    (b"EA3\1", Foreign("ATRAC", "oma")),
    (b"ea3\3", Foreign("ATRAC", "oma")),
)

_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_WAV_CODECS = frozenset((1, 2, 3, 6, 7, 0x11, 0x31, 0x38, 0x40, 0x55, 0xFFFE))
_CAF_CODECS = (b"lpcm", b"ulaw", b"alaw", b"alac")
_AIFC_CODECS = (
    b"NONE", b"none", b"sowt", b"twos", b"raw ", b"in24", b"in32", b"42ni", b"23ni", b"fl32",
    b"FL32", b"fl64", b"FL64", b"ulaw", b"ULAW", b"alaw", b"ALAW", b"ima4", b"GSM ", b"DWVW",
)  # fmt: skip


_CONTAINERS = (
    (b"RIFF", Foreign("WAV of an unusual kind", "wav")),
    (b"RF64", Foreign("WAV of an unusual kind", "wav")),
    (b"riff", Foreign("W64 of an unusual kind", "w64")),
    (b"caff", Foreign("CAF of an unusual kind", "caf")),
    (b"FORM", Foreign("AIFF of an unusual kind", "aiff")),
    (b".snd", Foreign("AU of an unusual kind", "au")),
)


def encoded_otherwise(read: Read) -> Foreign | None:
    """What to take a file for whose container libsndfile knows, but not what is in it."""
    head = read(4, 0)
    return next((kind for magic, kind in _CONTAINERS if head == magic), None)


def foreign(read: Read, size: int) -> Foreign | None:
    """The format of a file whose sound libsndfile cannot decode, or ``None``."""
    head = read(_HEAD_BYTES, 0)
    if container(head):
        return _by_codec(head)
    found = _by_magic(head, size) or _by_frames(head, size)
    if found or not head:
        return found
    begin = skip_tags(read, 0, size)
    if not begin:
        return None
    behind = read(_HEAD_BYTES, begin)
    return _by_magic(behind, size - begin) or _by_frames(behind, size - begin)


def _by_magic(head: bytes, size: int) -> Foreign | None:
    found = next((kind for magic, kind in _MAGICS if head.startswith(magic)), None)
    if found:
        return found
    if head[4:8] == b"ftyp" or (head[4:8] in _ATOMS and 8 <= int.from_bytes(head[:4]) <= size):
        return Foreign("MPEG-4 (AAC, ALAC)", "mov")
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return Foreign("AVI", "avi")
    if head[:4] == b"FRM8" and head[12:16] == b"DSD ":
        return Foreign("DSD", "iff")
    if head[:4] == b"MAC " and 3000 <= int.from_bytes(head[4:6], "little") < 5000:
        return Foreign("Monkey's Audio", "ape")
    return None


def _by_frames(head: bytes, size: int) -> Foreign | None:
    """Streams without a header of their own: one frame says where the next is."""
    length = _adts_bytes(head)
    if length and (length >= size or _adts_bytes(head[length:])):
        return Foreign("AAC", "aac")
    length = _loas_bytes(head)
    if length and (length >= size or _loas_bytes(head[length:])):
        return Foreign("AAC in LOAS", "loas")
    if head[:2] == b"\x0b\x77" and head.find(b"\x0b\x77", 64) > 0:
        return Foreign("E-AC-3", "eac3") if head[5] >> 3 > 10 else Foreign("AC-3", "ac3")
    packets = head[::_TS_PACKET][:4]
    if len(packets) == 4 and set(packets) == {0x47}:
        return Foreign("MPEG transport stream", "mpegts")
    return None


def _adts_bytes(head: bytes) -> int:
    """Length of the AAC frame that ``head`` begins with, or 0."""
    if len(head) < _ADTS_BYTES or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    if head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > _ADTS_BYTES else 0


def _loas_bytes(head: bytes) -> int:
    """Length of the LOAS frame that ``head`` begins with, or 0."""
    if len(head) < _ADTS_BYTES or head[0] != 0x56 or head[1] & 0xE0 != 0xE0:
        return 0
    return 3 + ((head[1] & 0x1F) << 8 | head[2])


def _by_codec(head: bytes) -> Foreign | None:
    """Known containers with an unknown codec inside."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        at = head.find(b"fmt ")
        codec = int.from_bytes(head[at + 8 : at + 10], "little")
        return Foreign(f"WAV with codec {codec:#06x}", "wav") if codec not in _WAV_CODECS else None
    if head[:4] == b"caff":
        at = head.find(b"desc") + 20
        return _unless(head[at : at + 4], _CAF_CODECS, "CAF", "caf")
    if head[:4] == b"FORM" and head[8:12] == b"AIFC":
        at = head.find(b"COMM") + 26
        return _unless(head[at : at + 4], _AIFC_CODECS, "AIFC", "aiff")
    codec_name = ogg_codec(head)
    return Foreign(f"{codec_name} in Ogg", "ogg") if codec_name else None


def _unless(codec: bytes, known: tuple[bytes, ...], name: str, demuxer: str) -> Foreign | None:
    if codec in known or not codec.strip(b" .").isalnum():
        return None
    return Foreign(f"{name} with {codec.decode('latin-1').strip()}", demuxer)
