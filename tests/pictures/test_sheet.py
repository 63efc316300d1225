from __future__ import annotations

import io
import json

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from soundgan.audio.picture import palette
from soundgan.errors import AudioError
from soundgan.pictures.sheet import sheet_png

BLACK, GREY, WHITE = (palette("magma")[i].tolist() for i in (0, 128, 255))


def sheet(
    images: NDArray[np.float32], *, columns: int = 2, left: str = "kick"
) -> tuple[NDArray[np.uint8], dict[str, str]]:
    names = [(left, f"seed {i}") for i in range(len(images))]
    content = sheet_png(images, names, columns=columns, title="step 8", metadata={"a": "b"})
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture), json.loads(picture.text["soundgan"])  # type: ignore[attr-defined]


def flat(*values: float) -> NDArray[np.float32]:
    return np.stack([np.full((4, 64), value, np.float32) for value in values])


def test_images_are_in_reading_order_and_large_enough_to_see() -> None:
    pixels, metadata = sheet(flat(-1, 0.004, 1))
    assert metadata == {"a": "b"}
    # 4x64 becomes 8x128; 8 pixels around, 18 for the title and for each name.
    assert pixels.shape == (2 * (8 + 18 + 8) + 18 + 8, 2 * (128 + 8) + 8, 3)
    top, below = 18 + 8 + 18, 18 + 8 + 18 + 8 + 8 + 18
    for y, x, colour in ((top, 8, BLACK), (top, 144, GREY), (below, 8, WHITE)):
        cell = pixels[y : y + 8, x : x + 128].reshape(-1, 3)
        assert (cell == colour).all()
    assert (pixels[below : below + 8, 144:] == 255).all()


def test_low_frequencies_are_at_the_bottom() -> None:
    image = flat(-1)
    image[0, 0] = 1
    pixels, _ = sheet(image, columns=1)
    assert pixels[44, 8].tolist() == BLACK
    assert pixels[44 + 7, 8].tolist() == WHITE


def inked(pixels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Columns of the first row of names that something is written in."""
    return np.flatnonzero((pixels[26:44] < 200).any(axis=(0, 2)))


def test_every_image_has_its_name_on_the_left_and_its_seed_on_the_right() -> None:
    columns = inked(sheet(flat(0, 0))[0])
    for start in (8, 144):
        inside = columns[(columns >= start) & (columns < start + 128)] - start
        assert inside.min() < 4
        assert inside.max() > 120
        assert np.diff(inside).max() > 30  # between name and seed


@pytest.mark.parametrize("name", ["half-open hi-hat with a long name", "a\nb\udcff", "太鼓", ""])
def test_a_name_of_any_kind_leaves_the_seed_alone(name: str) -> None:
    usual, odd = inked(sheet(flat(0), columns=1)[0]), inked(sheet(flat(0), columns=1, left=name)[0])
    assert set(usual[usual > 90]) <= set(odd)
    assert not set(odd) & set(range(89, 95))  # the gap before the seed


def test_equal_arguments_give_equal_bytes() -> None:
    first, second = (
        sheet_png(flat(0), [("kick", "seed 0")], columns=1, title="step 1") for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("bad", [np.zeros((2, 2)), np.zeros((0, 2, 2)), np.full((1, 2, 2), np.nan)])
def test_what_is_no_image_is_refused(bad: NDArray[np.float64]) -> None:
    with pytest.raises(AudioError, match="picture sheet"):
        sheet_png(bad.astype(np.float32), [("", "")], columns=1, title="")
