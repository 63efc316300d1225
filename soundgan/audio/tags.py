"""What taggers and recorders leave before and behind the sound of a file."""

from __future__ import annotations

from soundgan.audio.parts import Read

MOST_TAGS = 1000
"""So many in a row are no accident, and not worth the time."""

_WINDOW = 1 << 16
_APE_BYTES, _ID3V1_BYTES, _ID3V1_PLUS_BYTES = 32, 128, 227
_LYRICS_BYTES = 1 << 20


def skip_tags(read: Read, position: int, size: int) -> int:
    """The first offset from ``position`` on that no tag and no zero covers, at most ``size``."""
    for _ in range(MOST_TAGS):
        if position >= size:
            break
        length = _tag_bytes(read, position, size) or _zeros(read, position, size)
        if not length:
            break
        position = min(size, position + length)
    return position


def strip_tags(read: Read, size: int) -> int:
    """Where the tags at the end of a file begin, or ``size`` when there are none."""
    while size > 0:
        length = _last_tag_bytes(read, size)
        if not 0 < length <= size:
            break
        size -= length
    return size


def id3_bytes(head: bytes) -> int:
    """Length of the ID3v2 tag that ``head`` begins with, or 0."""
    if head[:3] != b"ID3" or len(head) < 10 or head[3] == 0xFF or max(head[6:10]) >= 0x80:
        return 0
    content = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    footer = 10 if head[5] & 0x10 else 0
    return 10 + content + footer


def _tag_bytes(read: Read, position: int, size: int) -> int:
    head = read(_APE_BYTES, position)
    if head[:3] == b"ID3":
        return id3_bytes(head)
    if head[:3] == b"3DI":  # an ID3v2 footer whose tag has been passed
        return 10
    if head[:8] == b"APETAGEX" and len(head) == _APE_BYTES:
        return _ape_bytes(head)
    if head[:4] == b"TAG+" and size - position >= _ID3V1_PLUS_BYTES:
        return _ID3V1_PLUS_BYTES
    if head[:3] == b"TAG":
        return _ID3V1_BYTES if _is_text(read(_ID3V1_BYTES - 3, position + 3)) else 0
    if head[:11] == b"LYRICSBEGIN":
        content = read(_LYRICS_BYTES, position)
        ends = [content.find(mark) for mark in (b"LYRICS200", b"LYRICSEND")]
        return max((end + 9 for end in ends if end >= 0), default=0)
    return 0


def _last_tag_bytes(read: Read, size: int) -> int:
    """Length of the tag that ends at ``size``, or 0."""
    begin = max(0, size - _ID3V1_PLUS_BYTES)
    tail = read(size - begin, begin)
    if tail[-_ID3V1_BYTES:][:3] == b"TAG" and len(tail) >= _ID3V1_BYTES:
        return _ID3V1_BYTES
    if tail[:4] == b"TAG+" and len(tail) == _ID3V1_PLUS_BYTES:
        return _ID3V1_PLUS_BYTES
    if tail[-_APE_BYTES:][:8] == b"APETAGEX":
        return _ape_before(read, size, tail[-_APE_BYTES:])
    if tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
        return 15 + int(tail[-15:-9])
    if tail[-10:-7] == b"3DI":
        return 10 + id3_bytes(b"ID3" + tail[-7:])
    return 0


def _ape_before(read: Read, size: int, footer: bytes) -> int:
    """A whole APE tag, or its footer alone where its size leads to no item."""
    stated, flags = int.from_bytes(footer[12:16], "little"), int.from_bytes(footer[20:24], "little")
    if not _APE_BYTES < stated <= size:
        return _APE_BYTES
    item = read(_APE_BYTES, size - stated)
    key = item[8:].partition(b"\0")[0]
    if int.from_bytes(item[:4], "little") > stated or not (len(key) > 1 and key.isascii()):
        return _APE_BYTES
    header = read(8, size - stated - _APE_BYTES) if flags & 1 << 31 else b""
    return stated + (_APE_BYTES if header == b"APETAGEX" else 0)


def _ape_bytes(head: bytes) -> int:
    """An APE tag: its size counts items and footer; a footer that comes first stands alone."""
    stated, flags = int.from_bytes(head[12:16], "little"), int.from_bytes(head[20:24], "little")
    is_header = bool(flags & 1 << 29)
    return _APE_BYTES + stated if is_header else _APE_BYTES


def _is_text(fields: bytes) -> bool:
    """Whether the fields of an ID3v1 tag hold text and zeros, but for the genre."""
    return len(fields) == _ID3V1_BYTES - 3 and all(
        byte >= 0x20 or byte in b"\0\t\r\n" for byte in fields[:90]
    )


def _zeros(read: Read, position: int, size: int) -> int:
    count = 0
    while position + count < size:
        window = read(_WINDOW, position + count)
        rest = window.lstrip(b"\0")
        count += len(window) - len(rest)
        if rest or not window:
            break
    return count
