"""Pieces of a file are read as one file of their bytes would be."""

from __future__ import annotations

import io
import random

import pytest

from soundgan.audio.parts import Part, Piece, View

FILE = bytes(range(256)) * 4


def read(count: int, position: int) -> bytes:
    return FILE[position : position + count]


PIECES: tuple[Piece, ...] = (b"front", (10, 20), b"", (700, 1000), (5, 6), b"end")
WHOLE = b"front" + FILE[10:20] + FILE[700:1000] + FILE[5:6] + b"end"


def test_a_view_answers_as_a_file_of_the_same_bytes() -> None:
    chance = random.Random(3)
    view, file = View(read, PIECES), io.BytesIO(WHOLE)
    assert view.size == len(WHOLE)
    for _ in range(2000):
        if chance.random() < 0.5:
            whence = chance.randrange(3)
            offset = chance.randrange(len(WHOLE)) if whence == 0 else chance.randrange(-200, 1)
            place = {0: 0, 1: file.tell(), 2: len(WHOLE)}[whence] + offset
            if 0 <= place <= len(WHOLE):
                assert view.seek(offset, whence) == file.seek(place)
        count = chance.choice([0, 1, 7, 300, 2000])
        buffer = bytearray(count)
        done = view.readinto(memoryview(buffer))
        assert bytes(buffer[:done]) == file.read(count)
        assert view.tell() == file.tell()


def test_a_view_tells_how_far_it_has_been_read() -> None:
    view = View(read, PIECES)
    view.readinto(memoryview(bytearray(12)))
    view.seek(2)
    view.readinto(memoryview(bytearray(3)))
    assert view.reached == 12


def test_what_a_disk_refuses_ends_the_view_and_is_kept() -> None:
    def broken(count: int, position: int) -> bytes:
        raise OSError("gone")

    view = View(broken, PIECES)
    assert view.readinto(memoryview(bytearray(50))) == len(b"front")
    assert isinstance(view.failure, OSError)


@pytest.mark.parametrize("offset", [0, 11])
def test_a_shifted_part_has_the_same_bytes_of_a_file_with_more_in_front(offset: int) -> None:
    part = Part(PIECES, promised=9).shifted(offset)
    view = View(lambda count, at: (bytes(offset) + FILE)[at : at + count], part.pieces)
    buffer = bytearray(len(WHOLE))
    view.readinto(memoryview(buffer))
    assert (bytes(buffer), part.promised) == (WHOLE, 9)
