from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from soundgan.pictures.colours import ColourMap, detect_colormap, to_level
from soundgan.pictures.open import Picture
from soundgan.pictures.overlays import filled, overlaid
from soundgan.pictures.reading import read_levels
from tests.pictures.drawn import Colours, bare, chirp_levels, figure, inside, jpeg, rendered

LEVELS = chirp_levels()


def tone(noise: float = 0.02) -> np.ndarray:
    """A steady tone over quiet noise, [200, 300]."""
    place = (np.arange(200) + 0.5)[:, None] / 200
    levels = np.repeat(0.6 * np.exp(-(((place - 0.1) / 0.012) ** 2)), 300, axis=1)
    stream = np.random.default_rng(0)
    return (levels + noise * stream.normal(size=levels.shape)).clip(0, 1).astype(np.float32)


def with_legend(colormap: str, place: str) -> tuple[Colours, np.ndarray]:
    """A tone under a legend as matplotlib draws it, and its levels as large as the plot."""
    drawn = figure()
    axes: Any = drawn.subplots()
    axes.imshow(tone(), origin="lower", aspect="auto", cmap=colormap, vmin=0, vmax=1)
    axes.plot([], [], "c", label="pitch")
    axes.plot([], [], "r", label="formants")
    axes.legend(loc=place)
    box = inside(axes, drawn)
    return np.ascontiguousarray(box.of(rendered(drawn))), tone(0.0)


@pytest.mark.parametrize("through", [None, jpeg])
@pytest.mark.parametrize("place", ["upper right", "lower left", "center"])
@pytest.mark.parametrize("colormap", ["magma", "viridis", "gray", "jet"])
def test_a_legend_is_not_heard(colormap: str, place: str, through: object) -> None:
    drawn, true = with_legend(colormap, place)
    if through is jpeg:
        drawn = jpeg(drawn, quality=85)
    reading = read_levels(Picture(drawn, {}, "PNG"), crop="none", colormap="auto")
    assert any(item.parameter == "overlays" for item in reading.assumptions)
    rows = ((np.arange(len(reading.levels)) + 0.5) / len(reading.levels) * 200).astype(int)
    quiet = true[rows].max(axis=1) < 0.01
    assert reading.levels[quiet].max() < 0.25


@pytest.mark.parametrize("colormap", ["magma", "gray", "jet", "viridis", "hot"])
def test_a_plot_without_overlays_is_left_as_it_is(colormap: str) -> None:
    for drawn in (bare(LEVELS, colormap, zoom=2), jpeg(bare(LEVELS, colormap, zoom=2))):
        assert overlaid(drawn, detect_colormap(drawn)) is None


def test_a_line_in_another_colour_is_filled_by_what_it_hid() -> None:
    drawn = bare(tone(0.0), "magma", zoom=2).copy()
    true = to_level(drawn, ColourMap("magma", reversed=False))
    drawn[:, 300:304] = (0, 255, 255)
    mask = overlaid(drawn, ColourMap("magma", reversed=False))
    assert mask is not None
    assert mask[:, 300:304].all()
    levels = filled(to_level(drawn, ColourMap("magma", reversed=False)), mask)
    np.testing.assert_allclose(levels, true, atol=1e-6)


def test_a_line_along_time_is_filled_from_above_and_below() -> None:
    levels = np.repeat(np.linspace(0, 1, 50, dtype=np.float32)[:, None], 80, axis=1)
    mask = np.zeros(levels.shape, np.bool_)
    mask[20:23] = True
    hidden = np.where(mask, 1.0, levels).astype(np.float32)
    np.testing.assert_allclose(filled(hidden, mask), levels, atol=1e-6)


def test_where_all_is_hidden_nothing_is_made_up() -> None:
    levels = np.full((10, 10), 0.5, np.float32)
    np.testing.assert_array_equal(filled(levels, np.ones((10, 10), np.bool_)), levels)


def test_a_flat_block_without_letters_is_sound() -> None:
    levels = tone()
    levels[120:160, 100:200] = 0.8
    drawn = bare(levels, "gray")
    assert overlaid(drawn, ColourMap("gray", reversed=False)) is None


def test_a_ragged_flat_part_among_shapes_like_letters_is_sound() -> None:
    stream = np.random.default_rng(1)
    levels = np.full((200, 300), 0.4, np.float32) + 0.2 * stream.random((200, 300), np.float32)
    for row, width in enumerate(60 + (15 * stream.random(60)).astype(int)):
        levels[70 + row, 150 - width : 150 + width] = 0.3
    page = Image.fromarray(bare(levels, "gray"))
    ImageDraw.Draw(page).text((110, 95), "Hill 350", fill=(200, 200, 200))
    assert overlaid(np.asarray(page), ColourMap("gray", reversed=False)) is None


def test_black_below_a_map_is_silence_and_no_overlay() -> None:
    drawn = bare(LEVELS, "viridis", zoom=2).copy()
    drawn[40:80, 100:160] = 0
    assert overlaid(drawn, ColourMap("viridis", reversed=False)) is None


def test_a_stated_keep_takes_text_for_sound() -> None:
    page = Image.fromarray(bare(tone(), "magma", zoom=2))
    ImageDraw.Draw(page).text((200, 60), "cuckoo, Cuculus canorus", fill=(0, 255, 0))
    picture = Picture(np.asarray(page), {}, "PNG")
    kept = read_levels(picture, crop="none", overlays="keep")
    mended = read_levels(picture, crop="none")
    assert kept.levels[-80:].max() > 0.4
    assert mended.levels[-80:].max() < 0.2


def test_a_photograph_is_left_as_it_is() -> None:
    stream = np.random.default_rng(3)
    photograph = stream.integers(0, 256, (60, 90, 3), dtype=np.uint8)
    assert overlaid(photograph, detect_colormap(photograph)) is None
