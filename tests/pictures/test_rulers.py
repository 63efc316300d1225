from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from soundgan.pictures.box import Box
from soundgan.pictures.rulers import without_rulers

HEIGHT, WIDTH, DEPTH = 220, 300, 40


def ink_map(*colours: str) -> NDArray[np.uint8]:
    """A rising tone on noise in the colours of paper and ink, [HEIGHT, WIDTH, 3]."""
    f, t = np.arange(HEIGHT)[:, None] / HEIGHT, np.arange(WIDTH)[None] / WIDTH
    noise = 0.05 * np.random.default_rng(0).normal(size=(HEIGHT, WIDTH))
    levels = np.clip(0.8 * np.exp(-(((f - 0.15 - 0.5 * t) / 0.02) ** 2)) + noise, 0.0, 1.0)
    shown = LinearSegmentedColormap.from_list("ink", colours)(levels[::-1], bytes=True)
    return np.asarray(shown, np.uint8)[:, :, :3]


def with_ruler(data: NDArray[np.uint8], side: str, *, ticks: bool = True) -> Image.Image:
    """Data with a white ruler at one side; numbers stand evenly in it."""
    across = side in ("left", "right")
    size = (WIDTH + DEPTH * across, HEIGHT + DEPTH * (not across))
    picture = Image.new("RGB", size, "white")
    start = DEPTH if side in ("left", "top") else 0
    picture.paste(Image.fromarray(data), (start, 0) if across else (0, start))
    pen = ImageDraw.Draw(picture)
    edge = start if start else (WIDTH if across else HEIGHT)
    for i, place in enumerate(range(15, (HEIGHT if across else WIDTH) - 20, 40)):
        mark = (edge - 5, edge - 1) if start else (edge, edge + 4)
        text = edge - 30 if start else edge + 12
        pen.text((text, place - 5) if across else (place - 5, text), f"{i + 1}k", fill="black")
        if ticks:
            line = (mark[0], place, mark[1], place) if across else (place, mark[0], place, mark[1])
            pen.line(line, fill="black")
    return picture


def found(picture: Image.Image) -> Box:
    rgb = np.asarray(picture)
    return without_rulers(rgb, Box(0, 0, rgb.shape[1], rgb.shape[0]))


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_white_ruler_beside_white_silence_is_no_data(side: str) -> None:
    picture = with_ruler(ink_map("#ffffff", "#ffe080", "#a04000", "#301000"), side)
    box = found(picture)
    cut = DEPTH if side in ("left", "top") else {"right": WIDTH, "bottom": HEIGHT}[side]
    assert abs(getattr(box, side) - cut) <= 1
    assert (box.width, box.height) == pytest.approx((WIDTH, HEIGHT), abs=1)


def test_a_ruler_without_ticks_ends_where_something_stirs() -> None:
    picture = with_ruler(ink_map("#ffffff", "#ff90c0", "#400060"), "left", ticks=False)
    assert abs(found(picture).left - DEPTH) <= 1


def test_a_jpeg_of_a_ruler_is_one_too() -> None:
    file = io.BytesIO()
    with_ruler(ink_map("#ffffff", "#a0e0a0", "#104010"), "left").save(file, "JPEG", quality=85)
    assert abs(found(Image.open(file)).left - DEPTH) <= 3


def test_silence_without_numbers_is_data() -> None:
    data = ink_map("#ffffff", "#ffe080", "#301000")
    data[:, :DEPTH] = 255
    assert found(Image.fromarray(data)) == Box(0, 0, WIDTH, HEIGHT)


def test_words_that_stand_in_one_corner_are_no_ruler() -> None:
    data = ink_map("#ffffff", "#ffe080", "#301000")
    data[:, :DEPTH] = 255
    picture = Image.fromarray(data)
    ImageDraw.Draw(picture).text((4, 4), "kick\n12.wav\n44k", fill="black")
    assert found(picture) == Box(0, 0, WIDTH, HEIGHT)


def test_silence_behind_a_ruler_is_kept() -> None:
    silent = np.full((HEIGHT, 80, 3), 255, np.uint8)
    data = np.concatenate([silent, ink_map("#ffffff", "#000000")], axis=1)[:, :WIDTH]
    assert found(with_ruler(data, "left")).left <= DEPTH + 1


def test_small_and_flat_pictures_have_no_ruler() -> None:
    for shape in ((1, 1), (1, 40), (40, 1), (9, 60), (60, 60)):
        flat = np.zeros((*shape, 3), np.uint8)
        whole = Box(0, 0, shape[1], shape[0])
        assert without_rulers(flat, whole) == whole


def test_a_known_map_beside_a_ruler_loses_nothing() -> None:
    levels = np.random.default_rng(2).random((HEIGHT, WIDTH))
    data = np.asarray(mpl.colormaps["magma"](levels, bytes=True), np.uint8)[:, :, :3]
    box = found(with_ruler(data, "left"))
    assert (box.left, box.right) == (DEPTH, DEPTH + WIDTH)
