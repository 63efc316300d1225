from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.audio.mpeg import first_mp3_frame, lay_out_mp3, mp3_frame_bytes
from tests.audio.odd_files import (
    RATE,
    encoded,
    first_channel,
    id3v2,
    reference,
    samples,
    untagged,
)

SLACK = 2 * 1152
"""What an MP3 may have more, where nothing says what its encoder put in front and behind."""


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


@pytest.mark.parametrize("mode", ["CONSTANT", "VARIABLE"])
def test_an_mp3_that_does_not_count_its_frames_is_read_to_its_end(
    tmp_path: Path, mode: str
) -> None:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples(), RATE, format="MP3", bitrate_mode=mode)
    bare = untagged(buffer.getvalue())
    for copies in (1, 3):
        found, notes = first_channel(tmp_path, bare * copies, strict=True)
        assert copies * RATE <= len(found) < copies * (RATE + SLACK)
        assert notes == []


def test_an_mp3_that_counts_too_few_frames_is_read_to_its_end(tmp_path: Path) -> None:
    content = encoded("MP3")
    at = content.index(b"Xing" if b"Xing" in content else b"Info") + 8
    found, _ = first_channel(tmp_path, content[:at] + struct.pack(">I", 9) + content[at + 4 :])
    assert RATE <= len(found) < RATE + SLACK


@pytest.mark.parametrize(
    "front",
    [
        b"ID3\3\0\0\x7f\x7f\x7f\x7f" + bytes(30),
        b"ID3\3\0\0\0\0\0\5" + b"abc" * 300,
        b"ID3\3\0\0\0\0\xff\xff" + bytes(900),
        b"no tag at all, but many words. " * 400,
        bytes(20_000),
    ],
    ids=["too long", "too short", "not in sevens", "text", "zeros"],
)
def test_an_mp3_is_found_behind_what_players_pass_over(tmp_path: Path, front: bytes) -> None:
    content = encoded("MP3")
    found, _ = first_channel(tmp_path, front + content)
    np.testing.assert_array_equal(found, reference(content))


def test_rubbish_inside_an_mp3_is_cut_out_and_named(tmp_path: Path) -> None:
    content = encoded("MP3")
    length = len(content) // 2
    found, notes = first_channel(
        tmp_path, content[:length] + b"a radio's title. " * 200 + content[length:]
    )
    assert abs(len(found) - RATE) < SLACK
    assert any("are no MP3 and were passed over" in note for note in notes)
