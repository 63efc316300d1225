from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from soundgan.pictures.box import Box
from soundgan.pictures.text.words import sideways_words, words_in
from tests.pictures.drawn import Colours, figure, jpeg, rendered, resized

WORDS = ["0", "0.25", "-80", "12000", "3.5", "64", "789", "kHz", "+10"]


def written(
    words: list[str], *, dpi: int = 100, ink: str = "black", paper: str = "white"
) -> Colours:
    """Words one below the other in the font of matplotlib."""
    drawn = figure(figsize=(2.0, 4.0), dpi=dpi, facecolor=paper)
    for i, word in enumerate(words):
        drawn.text(0.2, 0.95 - 0.1 * i, word.replace("-", "\N{MINUS SIGN}"), color=ink)
    return rendered(drawn, facecolor=paper)


def read(picture: Colours) -> list[str]:
    whole = Box(0, 0, picture.shape[1], picture.shape[0])
    return [word.text for word in sorted(words_in(picture, whole), key=lambda word: word.y)]


@pytest.mark.parametrize("dpi", [80, 100, 150, 200])
@pytest.mark.parametrize(
    "colours", [("black", "white"), ("white", "black"), ("#555555", "#e5e5e5")]
)
def test_numbers_of_matplotlib_are_read_in_any_size_and_colour(
    dpi: int, colours: tuple[str, str]
) -> None:
    assert read(written(WORDS, dpi=dpi, ink=colours[0], paper=colours[1])) == WORDS


def test_numbers_are_read_after_a_jpeg_and_a_scaling() -> None:
    assert read(jpeg(written(WORDS, dpi=120), 80)) == WORDS
    assert read(resized(written(WORDS, dpi=140), 0.8)) == WORDS


def test_a_word_stands_where_its_ink_is() -> None:
    picture = Image.new("RGB", (80, 40), "white")
    ImageDraw.Draw(picture).text((20, 10), "42", "black", ImageFont.load_default(14))
    pixels = np.asarray(picture)
    dark = np.argwhere(pixels.min(axis=2) < 160)
    (word,) = words_in(pixels, Box(0, 0, 80, 40))
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0) + 1
    assert max(abs(word.x - (left + right) / 2), abs(word.y - (top + bottom) / 2)) <= 1.0


def test_lines_are_no_words() -> None:
    picture = np.full((200, 300, 3), 255, np.uint8)
    picture[30] = 0
    picture[:, 50] = 0
    assert read(picture) == []


def test_titles_that_run_upwards_are_read() -> None:
    drawn = figure(figsize=(1.0, 4.0), dpi=100)
    drawn.text(0.4, 0.3, "Frequency [kHz]", rotation=90)
    picture = rendered(drawn)
    texts = sideways_words(picture, Box(0, 0, 100, 400))
    assert any("kHz" in text for text in texts)
