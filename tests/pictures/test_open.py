from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from soundgan.audio.picture import spectrogram_png
from soundgan.errors import PictureError
from soundgan.pictures.open import MAX_FILE_BYTES, MAX_PIXELS, open_picture
from tests.attacks.pictures import HOSTILE, encoded, png_of
from tests.pictures.drawn import bare, chirp_levels

COLOURS = bare(chirp_levels(24, 32), "viridis")
GREY = COLOURS[:, :, 1]


def saved(folder: Path, image: Image.Image, format: str = "PNG", **options: object) -> Path:
    """A picture in a file whose name says nothing."""
    path = folder / "picture.dat"
    image.save(path, format, **options)
    return path


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_formats_are_told_by_their_content(tmp_path: Path, format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {}
    picture = open_picture(saved(tmp_path, Image.fromarray(COLOURS), format, **options))
    assert (picture.format, picture.metadata) == (format, {})
    assert picture.pixels.dtype == np.uint8
    np.testing.assert_array_equal(picture.pixels, COLOURS)


def test_a_jpeg_is_near_what_was_saved(tmp_path: Path) -> None:
    flat = np.full((16, 24, 3), (200, 40, 90), np.uint8)
    picture = open_picture(saved(tmp_path, Image.fromarray(flat), "JPEG", quality=90))
    assert picture.format == "JPEG"
    assert np.abs(picture.pixels.astype(int) - flat).max() <= 4


def test_grey_stays_one_channel(tmp_path: Path) -> None:
    picture = open_picture(saved(tmp_path, Image.fromarray(GREY)))
    np.testing.assert_array_equal(picture.pixels, GREY[:, :, None])


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_are_all_kept(tmp_path: Path, format: str) -> None:
    ramp = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16
    picture = open_picture(saved(tmp_path, Image.fromarray(ramp), format))
    assert picture.pixels.dtype == np.uint16
    np.testing.assert_array_equal(picture.pixels[:, :, 0], ramp)


def test_floats_are_stretched_to_sixteen_bits(tmp_path: Path) -> None:
    ramp = np.linspace(-3.0, 5.0, 400, dtype=np.float32).reshape(20, 20)
    pixels = open_picture(saved(tmp_path, Image.fromarray(ramp), "TIFF")).pixels
    assert (pixels.min(), pixels.max()) == (0, 65535)
    assert (np.diff(pixels.reshape(-1).astype(int)) > 0).all()


def test_floats_that_are_none_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(np.full((9, 9), np.nan, np.float32)), "TIFF")
    with pytest.raises(PictureError, match="damaged picture: pixels are not finite"):
        open_picture(path)


def test_a_palette_is_looked_up(tmp_path: Path) -> None:
    few = Image.fromarray(COLOURS).quantize(16)
    picture = open_picture(saved(tmp_path, few))
    np.testing.assert_array_equal(picture.pixels, np.asarray(few.convert("RGB")))


def test_black_and_white_is_grey(tmp_path: Path) -> None:
    ink = Image.fromarray(GREY > 90)
    pixels = open_picture(saved(tmp_path, ink)).pixels
    assert pixels.shape == (*GREY.shape, 1)
    assert sorted(np.unique(pixels)) == [0, 255]


def test_four_inks_become_three_lights(tmp_path: Path) -> None:
    red = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    pixels = open_picture(saved(tmp_path, red, "JPEG", quality=95)).pixels
    assert pixels.shape == (16, 16, 3)
    assert np.abs(pixels[8, 8].astype(int) - (255, 0, 0)).max() <= 6


@pytest.mark.parametrize(("ink", "ground"), [(20, 255), (230, 0)])
def test_a_drawing_is_laid_on_the_ground_it_stands_out_from(
    tmp_path: Path, ink: int, ground: int
) -> None:
    drawn = np.zeros((16, 16, 4), np.uint8)
    drawn[4:8, 2:12] = (ink, ink, ink, 255)
    drawn[12, 2:12] = (ink, ink, ink, 128)
    pixels = open_picture(saved(tmp_path, Image.fromarray(drawn))).pixels
    assert pixels[0, 0].tolist() == [ground] * 3
    assert pixels[5, 5].tolist() == [ink] * 3
    mixed = (ink * 128 + ground * 127) / 255
    assert abs(int(pixels[12, 5, 0]) - mixed) <= 1


def test_a_transparent_palette_entry_is_laid_on_white(tmp_path: Path) -> None:
    few = Image.new("P", (12, 12), 0)
    few.putpalette([200, 0, 0, 0, 0, 90])
    few.paste(1, (2, 2, 6, 6))
    pixels = open_picture(saved(tmp_path, few, transparency=0)).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[3, 3].tolist() == [0, 0, 90]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
def test_a_rotation_that_a_camera_noted_is_carried_out(tmp_path: Path, format: str) -> None:
    lying = Image.fromarray(np.full((16, 40), 90, np.uint8))
    lying.paste(250, (0, 0, 40, 8))  # the upper half is light
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    pixels = open_picture(saved(tmp_path, lying, format, exif=exif)).pixels[:, :, 0]
    assert pixels.shape == (40, 16)
    assert pixels[20, 13] > 200 > 120 > pixels[20, 2]


def test_the_first_picture_of_several_is_taken(tmp_path: Path) -> None:
    first, second = Image.fromarray(COLOURS), Image.fromarray(255 - COLOURS)
    path = saved(tmp_path, first, "TIFF", save_all=True, append_images=[second])
    np.testing.assert_array_equal(open_picture(path).pixels, COLOURS)


def test_our_own_texts_come_along(tmp_path: Path) -> None:
    path = tmp_path / "ours.png"
    path.write_bytes(spectrogram_png(np.zeros((3, 4), np.float32), metadata={"seed": "7"}))
    picture = open_picture(path)
    assert picture.metadata == {"seed": "7"}
    assert picture.pixels.shape == (3, 4, 1)  # small, and carried by its parameters


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', "[" * 5000])
def test_damaged_texts_make_a_picture_like_any_other(tmp_path: Path, text: str) -> None:
    chunk = PngInfo()
    chunk.add_text("soundgan", text)
    assert open_picture(saved(tmp_path, Image.fromarray(GREY), pnginfo=chunk)).metadata == {}


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_one_line_and_in_little_memory(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "hostile.png"
    path.write_bytes(HOSTILE[name]())
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(PictureError) as refusal:
        open_picture(path)
    seconds, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert len(message) < 300 + len(str(path))
    assert peak < 16 << 20
    assert seconds < 2.0


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no such picture file"):
        open_picture(tmp_path / "missing.png")
    with pytest.raises(PictureError, match="no such picture file"):
        open_picture(tmp_path)


def test_a_file_of_too_many_bytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # takes no space
    with pytest.raises(PictureError, match="larger than"):
        open_picture(path)


def test_the_refusal_of_too_many_pixels_says_how_many_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png_of(8192, 8192))
    with pytest.raises(PictureError, match=f"8192 x 8192 pixels; at most {MAX_PIXELS} are read"):
        open_picture(path)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
def test_files_with_wrong_bytes_give_a_picture_or_a_refusal(tmp_path: Path, format: str) -> None:
    stream = np.random.default_rng(1)
    good = encoded(format)
    path = tmp_path / "damaged"
    for _ in range(60):
        damaged = np.frombuffer(good, np.uint8).copy()
        places = stream.integers(8, min(len(good), 600), 3)
        damaged[places] = stream.integers(0, 256, 3)
        path.write_bytes(damaged.tobytes())
        with suppress(PictureError):  # and nothing else
            assert open_picture(path).pixels.ndim == 3
