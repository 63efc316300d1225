"""What a file is by its bytes, whatever its name says, and where in it the sound begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from soundgan.audio.mpeg import first_mp3_frame
from soundgan.audio.parts import Read
from soundgan.audio.tags import skip_tags

HEAD_BYTES = 4096
"""Enough to recognise a file; MP3 may hide two frames behind some rubbish."""

AUDIO_SUFFIXES = frozenset(
    (
        ".wav", ".wave", ".rf64", ".w64", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".mp2",
        ".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".m4a", ".m4b", ".aac", ".wma", ".mp4",
        ".ape", ".wv", ".ac3", ".amr", ".dff", ".dsf", ".dts", ".mka", ".ra", ".tta", ".weba",
    )
)  # fmt: skip
"""Endings by which people mean a file to be audio."""

_MAGICS = (
    (b"fLaC", "flac"), (b"OggS", "ogg"), (b"caff", "caf"), (b".snd", "au"),
    (b"riff\x2e\x91\xcf\x11", "w64"), (b"Creative Voice File\x1a", "voc"), (b"NIST_1A\n", "nist"),
)  # fmt: skip

_SURE = (
    (b"fLaC\0\0\0\x22", "flac"), (b"OggS\0\x02", "ogg"), (b"caff\0\1\0\0desc", "caf"),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", "w64"), (b".snd\0\0\0", "au"),
)  # fmt: skip
"""Beginnings that chance does not make: they are believed behind rubbish, too."""

_FAR = 1 << 16
"""How far behind long rubbish, or a tag that lies about its length, frames are looked for."""

_OTHER_FILES = (
    b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ", b"\x1f\x8b",
    b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"SQLite", b"\x89HDF", b"\x93NUMPY", b"RIFF",
    b"FORM", b"BM", b"II*\0", b"MM\0*", b"<?xml", b"<!DOC", b"<html", b"bplist", b"MThd",
)  # fmt: skip
"""What begins like this is something else, even if a sound is stored inside."""


@dataclass(frozen=True)
class Found:
    """A sound in a file.

    Attributes:
        kind: Container, such as ``wav``.
        begin: Offset of its first byte.
    """

    kind: str
    begin: int


def has_audio_suffix(path: str) -> bool:
    """Whether the name claims to be audio."""
    return PurePosixPath(path).suffix.lower() in AUDIO_SUFFIXES


def container(head: bytes) -> str | None:
    """The container that ``head`` begins with.

    One of wav, flac, ogg, aiff, caf, au, w64, voc, nist and svx, or ``None``.
    """
    start, kind = head[:4], head[8:12]
    if start in (b"RIFF", b"RF64", b"RIFX") and kind == b"WAVE":
        return "wav"
    if start == b"FORM" and kind in (b"AIFF", b"AIFC"):
        return "aiff"
    if start == b"FORM" and kind in (b"8SVX", b"16SV"):
        return "svx"
    return next((name for magic, name in _MAGICS if head.startswith(magic)), None)


def is_other_file(head: bytes) -> bool:
    """Whether a file begins like something that is no sound, or like text."""
    tarred = head[257:262] == b"ustar"
    return tarred or any(head.startswith(magic) for magic in _OTHER_FILES)


def locate(read: Read, size: int) -> Found | None:
    """The first sound of a file that can be decoded here, also behind tags, zeros or rubbish."""
    head = read(HEAD_BYTES, 0)
    kind = container(head)
    if kind is not None:
        return Found(kind, 0)
    if is_other_file(head):
        return None
    begin = skip_tags(read, 0, size)
    behind = read(HEAD_BYTES, begin)
    kind = container(behind)
    if kind is not None:
        return Found(kind, begin)
    return _behind_rubbish(behind, begin) or _far_frame(read, 10 if begin else 0)


def _behind_rubbish(head: bytes, offset: int) -> Found | None:
    """The nearest sure beginning in ``head``, which stands at ``offset`` of the file."""
    places = [(head.find(magic), kind) for magic, kind in _SURE]
    places += [(_form(head, mark, b"WAVE"), "wav") for mark in (b"RIFF", b"RF64", b"RIFX")]
    places += [(_form(head, b"FORM", mark), "aiff") for mark in (b"AIFF", b"AIFC")]
    frame = first_mp3_frame(head)
    places.append((-1 if frame is None else frame, "mp3"))
    begin, kind = min(((at, kind) for at, kind in places if at >= 0), default=(-1, ""))
    return Found(kind, offset + begin) if begin >= 0 else None


def _form(head: bytes, mark: bytes, kind: bytes) -> int:
    """Offset of a form of that kind, or -1."""
    at = head.find(mark)
    return at if at >= 0 and head[at + 8 : at + 12] == kind else -1


def _far_frame(read: Read, begin: int) -> Found | None:
    """The first of four frames in a row."""
    frame = first_mp3_frame(read(_FAR, begin), least=4)
    return None if frame is None else Found("mp3", begin + frame)
