from __future__ import annotations

import matplotlib
import numpy as np
import pytest

from soundgan.errors import UsageError
from soundgan.pictures.colours import (
    ColourMap,
    detect_colormap,
    looks_reversed,
    named_colormap,
    to_level,
)
from soundgan.pictures.palettes import COMMON
from tests.pictures.drawn import bare, chirp_levels, error, jpeg, resized
from tests.sampling import first_always

NAMES = [name + suffix for name in COMMON for suffix in ("", "_r")]
LEVELS = chirp_levels()


@pytest.mark.parametrize("name", NAMES)
def test_every_map_and_its_direction_are_recognised_and_undone(name: str) -> None:
    colours = bare(LEVELS, name)
    found = detect_colormap(colours)
    assert str(found) == name
    assert found.error < 0.002
    # 256 colours for the range: half a step is 0.002
    assert np.abs(to_level(colours, found)[::-1] - LEVELS).mean() < 0.003


@pytest.mark.parametrize("name", first_always(NAMES, 6))
def test_every_map_survives_a_jpeg(name: str) -> None:
    colours = jpeg(bare(LEVELS, name, zoom=3))
    found = detect_colormap(colours)
    assert str(found) == name
    assert error(to_level(colours, found)[::-1], LEVELS) < 0.02


@pytest.mark.parametrize("name", first_always(NAMES, 6))
def test_a_jpeg_without_a_pixel_to_spare_is_read_within_its_own_error(name: str) -> None:
    colours = jpeg(bare(LEVELS, name))
    found = detect_colormap(colours)
    assert str(found) == name
    assert error(to_level(colours, found)[::-1], LEVELS) < 0.04


@pytest.mark.parametrize("name", ["magma", "viridis_r", "gray", "jet"])
def test_colours_mixed_by_scaling_are_still_near_the_map(name: str) -> None:
    smooth = np.repeat(np.linspace(0, 1, 200, dtype=np.float32)[:, None], 300, axis=1)
    colours = resized(bare(smooth, name), 1.37)
    levels = to_level(colours, named_colormap(name))
    assert error(levels[::-1], smooth) < 0.005


def test_levels_between_the_corners_of_a_curve_are_interpolated() -> None:
    """Halfway between two colours of the map lies half a step above the lower one."""
    table = matplotlib.colormaps["viridis"](np.array([128, 129]), bytes=True)[:, :3]
    lower, upper = table.astype(np.int64)
    middle = ((lower + upper) // 2).astype(np.uint8)
    level = float(to_level(middle[None, None], ColourMap("viridis", reversed=False))[0, 0])
    assert 128 / 255 < level < 129 / 255


def test_one_channel_would_not_do() -> None:
    """Red in jet is 0 for a third of the range, and falls again at its end."""
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[:, None].repeat(16, axis=1)
    levels = to_level(bare(ramp, "jet"), ColourMap("jet", reversed=False))[::-1]
    assert (np.diff(levels[:, 0]) >= 0).all()
    assert np.abs(levels - ramp).max() < 3.1 / 255  # jet has a few equal colours in a row


def test_a_reversed_map_gives_one_minus_the_level() -> None:
    colours = bare(LEVELS, "hot")
    forward, backward = (to_level(colours, ColourMap("hot", reversed=r)) for r in (False, True))
    np.testing.assert_allclose(forward + backward, 1.0, atol=1e-6)


def test_a_photograph_is_grey() -> None:
    stream = np.random.default_rng(3)
    coarse = stream.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    found = detect_colormap(jpeg(resized(coarse, 20)))
    assert found.name == "gray"
    assert found.error > 0.02


def test_grey_levels_are_luma() -> None:
    green = np.zeros((8, 8, 3), np.uint8)
    green[..., 1] = 255
    assert to_level(green, ColourMap("gray", reversed=False)).max() == pytest.approx(0.587)


@pytest.mark.parametrize("value", [0, 127, 255])
def test_a_picture_of_one_colour_has_levels(value: int) -> None:
    flat = np.full((16, 16, 3), value, np.uint8)
    levels = to_level(flat, detect_colormap(flat))
    assert np.isfinite(levels).all()
    assert np.ptp(levels) == 0


def test_ink_on_paper_sounds_and_the_paper_does_not() -> None:
    page = np.full((64, 64, 3), 255, np.uint8)
    page[30:34, 10:50] = 0
    found = detect_colormap(page)
    assert str(found) == "gray_r"
    assert to_level(page, found)[0, 0] == 0.0


def test_the_floor_decides_what_is_silence() -> None:
    assert not looks_reversed(LEVELS[::-1], grey=True)
    assert looks_reversed(1.0 - LEVELS[::-1], grey=True)


@pytest.mark.parametrize("grey", [False, True])
def test_dips_tell_the_direction_where_nothing_else_does(grey: bool) -> None:
    """Noise in decibels, as loud at all frequencies and times, in the middle of the range."""
    power = np.random.default_rng(2).exponential(size=(128, 200))
    decibels = 10.0 * np.log10(power / np.log(2.0))  # the median of the power is 0 dB
    levels = (0.5 + decibels / 80.0).clip(0, 1).astype(np.float32)
    assert not looks_reversed(levels, grey=grey)
    assert looks_reversed(1.0 - levels, grey=grey)


def test_maps_are_named_as_matplotlib_names_them() -> None:
    assert [str(named_colormap(name)) for name in NAMES] == NAMES


def test_an_unknown_map_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"`colormap=magna`: no such colour map; did you mean 'ma"):
        named_colormap("magna")


def tones(colormap: str) -> np.ndarray:
    """Three thin tones, most of the picture on the map's darkest colour."""
    place = (np.arange(300) + 0.5)[:, None] / 300
    levels = np.zeros((300, 400), np.float32)
    for middle, level in ((0.2, 0.75), (0.5, 0.5), (0.8, 0.25)):
        levels = np.maximum(levels, level * np.exp(-(((place - middle) / 0.003) ** 2)))
    return bare(levels.astype(np.float32), colormap)


@pytest.mark.parametrize("colormap", ["magma", "inferno", "plasma", "viridis"])
def test_a_map_is_told_by_the_few_pixels_that_have_a_hue(colormap: str) -> None:
    on_black = tones(colormap)
    on_black[np.abs(on_black.astype(int) - on_black[0, 0]).max(axis=2) < 6] = 0
    assert str(detect_colormap(on_black)) == colormap
    gridded = tones(colormap)
    gridded[::40] = gridded[::40] // 2 + 90
    gridded[:, ::30] = gridded[:, ::30] // 2 + 90
    assert str(detect_colormap(gridded)) == colormap


@pytest.mark.parametrize("ink", [(255, 0, 0), (0, 255, 255), (255, 255, 0)])
def test_a_line_in_colour_over_grey_leaves_the_picture_grey(ink: tuple[int, int, int]) -> None:
    drawn = bare(LEVELS, "gray", zoom=2).copy()
    drawn[100:104] = ink
    assert detect_colormap(drawn).name == "gray"
    assert detect_colormap(jpeg(drawn)).name == "gray"
