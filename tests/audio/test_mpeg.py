from __future__ import annotations

import pytest

from soundgan.audio.mpeg import first_mp3_frame, lay_out_mp3, mp3_frame_bytes
from tests.audio.odd_files import encoded, id3v2, untagged


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (b"\xff\xfb\x90\x00", 417),  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 144 * 128000 / 44100
        (b"\xff\xfb\x92\x00", 418),  # the same, padded
        (b"\xff\xf3\x80\xc4", 208),  # MPEG-2, 64 kbit/s, 22.05 kHz: 72 * 64000 / 22050
        (b"\xff\xe3\x18\xc4", 72),  # MPEG-2.5, 8 kbit/s, 8 kHz: 72 * 8000 / 8000
        (b"\xff\xfb\xf0\x00", 0),  # forbidden bit rate
        (b"\xff\xfb\x9c\x00", 0),  # forbidden rate
        (b"\xff\xeb\x90\x00", 0),  # reserved version
        (b"\xff\xff\x90\x00", 0),  # layer I
        (b"\xff\xfb\x90", 0),
    ],
)
def test_frame_length_follows_the_standard(header: bytes, length: int) -> None:
    assert mp3_frame_bytes(header) == length


def test_a_row_of_frames_is_found_where_it_begins() -> None:
    content = encoded("MP3")
    assert first_mp3_frame(content) == 0
    assert first_mp3_frame(b"\xff\xfb\x90\0" + bytes(50) + content, least=4) == 54
    assert first_mp3_frame(content[:3]) is None


def test_every_frame_is_counted_and_none_is_the_tag_that_counts_them() -> None:
    content = encoded("MP3")
    layout = lay_out_mp3(lambda count, at: content[at : at + count], len(content))
    [part] = layout.parts
    assert part.pieces[0] == content[: len(content) - len(untagged(content))]
    assert part.pieces[1] == (len(part.pieces[0]), len(content))


def test_a_tag_between_frames_is_left_out() -> None:
    bare = untagged(encoded("MP3"))
    glued = bare + id3v2() + bare
    layout = lay_out_mp3(lambda count, at: glued[at : at + count], len(glued))
    [part] = layout.parts
    assert part.pieces[1:] == ((0, len(bare)), (len(bare) + len(id3v2()), len(glued)))
    assert not layout.notes
