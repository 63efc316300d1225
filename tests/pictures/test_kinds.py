from __future__ import annotations

import pytest

from soundgan.pictures.kinds import is_read, other_kind


@pytest.mark.parametrize(
    ("head", "way"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"<?xml version='1.0'?>\n<svg xmlns=", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0", "HEIC"),
        (b"8BPS\0\1", "Photoshop"),
    ],
)
def test_pictures_of_other_kinds_are_named_with_the_way_to_a_png(head: bytes, way: str) -> None:
    said = other_kind(head)
    assert said is not None
    assert way in said
    assert "which is not read; " in said
    assert not is_read(head)


@pytest.mark.parametrize("head", [b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_pictures_that_are_read_are_no_other_kind(head: bytes) -> None:
    assert is_read(head)
    assert other_kind(head) is None


@pytest.mark.parametrize("head", [b"", b"RIFF\0\0\0\0WAVE", b"hello"])
def test_sounds_and_texts_are_no_pictures(head: bytes) -> None:
    assert not is_read(head)
    assert other_kind(head) is None
