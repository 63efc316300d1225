"""Pictures: exact where promised, upright, repeatable, and careful with strangers' files."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soundgan.audio.picture import MAX_PIXELS, read_png, spectrogram_png
from soundgan.errors import ArtefactError, AudioError

METADATA = {"seed": "42", "label": "größer"}


def levels(rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(-1, 1, (12, 7)).astype(np.float32)


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)))


def test_a_grey_picture_reads_back_within_half_a_step(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    image = levels(rng)
    image[0, 0], image[1, 1] = -1, 1
    path = tmp_path / "a.png"
    path.write_bytes(spectrogram_png(image, metadata=METADATA))
    back = read_png(path)
    assert back.metadata == METADATA
    assert back.levels.dtype == np.float32
    assert np.abs(back.levels - image).max() <= 1.01 / 65535
    assert (back.levels[0, 0], back.levels[1, 1]) == (-1, 1)


def test_writing_what_was_read_gives_the_same_bytes(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    first = spectrogram_png(levels(rng), metadata=METADATA)
    path.write_bytes(first)
    back = read_png(path)
    assert spectrogram_png(back.levels, metadata=back.metadata) == first


def test_the_order_of_the_metadata_does_not_matter(rng: np.random.Generator) -> None:
    image = levels(rng)
    turned = dict(reversed(METADATA.items()))
    assert spectrogram_png(image, metadata=turned) == spectrogram_png(image, metadata=METADATA)


def test_low_frequencies_are_at_the_bottom() -> None:
    image = np.full((4, 3), -1, np.float32)
    image[0] = 1
    grey = pixels(spectrogram_png(image))
    assert grey.dtype == np.uint16
    assert grey[:, 0].tolist() == [0, 0, 0, 65535]
    coloured = pixels(spectrogram_png(image, colormap="magma"))
    assert coloured[-1].sum() > 10 * coloured[0].sum()


def test_colours_are_those_of_the_map() -> None:
    image = np.array([[-1.0, 1.0]], np.float32)
    assert pixels(spectrogram_png(image, colormap="magma")).tolist() == [
        [[0, 0, 3], [251, 252, 191]]
    ]


def test_values_beyond_the_range_saturate(tmp_path: Path) -> None:
    grey = pixels(spectrogram_png(np.array([[-5.0, 5.0]], np.float32)))
    assert grey.tolist() == [[0, 65535]]


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((0, 3)), np.full((2, 2), np.nan)])
def test_what_is_no_image_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(AudioError, match="picture"):
        spectrogram_png(bad.astype(np.float32))


def foreign(kind: str, rng: np.random.Generator) -> bytes:
    """Files that are not ours, by kind."""
    if kind == "colour":
        return spectrogram_png(levels(rng), colormap="magma")
    if kind == "truncated":
        return spectrogram_png(levels(rng))[:-30]
    if kind == "text":
        return b"not a picture"
    if kind == "gif":
        buffer = io.BytesIO()
        Image.new("L", (3, 3)).save(buffer, "GIF")
        return buffer.getvalue()
    if kind == "damaged text":
        good = spectrogram_png(levels(rng), metadata={"seed": "42"})
        return _with_text(good, b'soundgan\0{"seed": 42}')
    height = {"huge": (MAX_PIXELS >> 16) + 1, "suspicious": 2000, "bomb": 1 << 16}[kind]
    header = struct.pack(">IIBBBBB", 1 << 16, height, 16, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", b"")


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def _with_text(png: bytes, text: bytes) -> bytes:
    at = png.index(b"tEXt") - 4
    size = int.from_bytes(png[at : at + 4], "big") + 12
    return png[:at] + _png_chunk(b"tEXt", text) + png[at + size :]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("colour", "for looking only"),
        ("truncated", "cannot read picture"),
        ("text", "not a PNG"),
        ("gif", "not a PNG"),
        ("damaged text", "not a table of texts"),
        ("huge", "16842752 pixels"),
        ("suspicious", "131072000 pixels"),
        ("bomb", "too many pixels"),
    ],
)
def test_strangers_files_are_refused(
    kind: str, message: str, rng: np.random.Generator, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(foreign(kind, rng))
    with pytest.raises(ArtefactError, match=message):
        read_png(path)


def test_a_missing_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="cannot read picture"):
        read_png(tmp_path / "missing.png")
