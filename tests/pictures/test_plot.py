from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from librosa.display import specshow
from PIL import Image, ImageDraw

from soundgan.pictures.box import Box
from soundgan.pictures.plot import find_plot, other_plots
from tests.pictures.drawn import (
    Colours,
    bare,
    chirp_levels,
    editor,
    figure,
    inside,
    jpeg,
    plot,
    rendered,
    resized,
)

LEVELS = chirp_levels()


def misfit(found: Box | None, true: Box) -> int:
    """Pixels by which the worst side is wrong."""
    assert found is not None
    return max(
        abs(found.left - true.left),
        abs(found.top - true.top),
        abs(found.right - true.right),
        abs(found.bottom - true.bottom),
    )


@pytest.mark.parametrize("colormap", ["viridis", "magma", "gray_r", "jet"])
@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("through", [None, jpeg])
def test_axes_titles_and_colour_bars_are_dropped(
    colormap: str, style: str, through: object
) -> None:
    picture, true = plot(LEVELS, colormap, style=style)
    if through is jpeg:
        picture = jpeg(picture)
    assert misfit(find_plot(picture), true) <= 2


def beside_a_bar(side: str, *, ground: int, gap: int) -> tuple[Colours, Box]:
    """A plot with a colour bar as high as it, or as wide, a few pixels away."""
    data = bare(LEVELS, "gray", zoom=2)
    height, width = data.shape[:2]
    picture = np.full((height + 120, width + 160, 3), ground, np.uint8)
    box = Box(80, 60, 80 + width, 60 + height)
    ramp = np.linspace(255, 0, height if side in ("left", "right") else width)
    bar = np.repeat(ramp[:, None, None], 12, axis=1).repeat(3, axis=2).astype(np.uint8)
    frames = [(box, data)]
    if side in ("left", "right"):
        left = box.right + gap if side == "right" else box.left - gap - 12
        frames.append((Box(left, box.top, left + 12, box.bottom), bar))
    else:
        top = box.bottom + gap
        across = bar.transpose(1, 0, 2)
        frames.append((Box(box.left, top, box.right, top + 12), across))
    pen_colour = 255 - ground
    for place, pixels in frames:
        around = (slice(place.top - 1, place.bottom + 1), slice(place.left - 1, place.right + 1))
        picture[around] = pen_colour
        picture[place.top : place.bottom, place.left : place.right] = pixels
    return picture, box


@pytest.mark.parametrize("side", ["left", "right", "bottom"])
@pytest.mark.parametrize("ground", [0, 255])
@pytest.mark.parametrize("gap", [6, 14])
def test_a_colour_bar_close_by_is_no_part_of_the_plot(side: str, ground: int, gap: int) -> None:
    picture, true = beside_a_bar(side, ground=ground, gap=gap)
    assert misfit(find_plot(picture), true) <= 1


@pytest.mark.parametrize(
    ("dpi", "size"), [(72, (6.4, 4.8)), (100, (10.0, 4.0)), (150, (6.4, 4.8)), (200, (8.0, 3.0))]
)
@pytest.mark.parametrize("mesh", [False, True])
def test_the_plot_is_found_at_any_size(dpi: int, size: tuple[float, float], mesh: bool) -> None:
    picture, true = plot(LEVELS, "magma", dpi=dpi, size=size, mesh=mesh)
    assert misfit(find_plot(picture), true) <= 2


@pytest.mark.parametrize("colormap", ["plasma", "gray"])
def test_a_plot_without_axes_is_found_to_the_pixel(colormap: str) -> None:
    picture, true = plot(LEVELS, colormap, axes_on=False)
    assert misfit(find_plot(picture), true) <= 1


def test_a_colour_bar_below_is_not_the_plot() -> None:
    picture, true = plot(LEVELS, "inferno", bar="horizontal")
    assert misfit(find_plot(picture), true) <= 2


@pytest.mark.parametrize("colormap", ["magma", "gray_r"])
def test_of_a_waveform_and_a_spectrogram_the_spectrogram_is_taken(colormap: str) -> None:
    drawn = figure(figsize=(8, 6), dpi=100)
    above, below = drawn.subplots(2, 1)
    above.plot(np.sin(np.arange(2000) / 9) * np.hanning(2000))
    below.imshow(LEVELS, origin="lower", aspect="auto", cmap=colormap, vmin=0, vmax=1)
    assert misfit(find_plot(rendered(drawn)), inside(below, drawn)) <= 2


@pytest.mark.parametrize("axis", ["linear", "log", "mel"])
def test_a_plot_of_librosa_is_found(axis: str) -> None:
    drawn = figure(figsize=(6, 4), dpi=100)
    axes = drawn.subplots()
    decibels = -80.0 + 80.0 * LEVELS[: 127 if axis == "mel" else 128]
    image = specshow(
        decibels, sr=8000, hop_length=64, x_axis="time", y_axis=axis, cmap="magma", ax=axes
    )
    drawn.colorbar(image, ax=axes, format="%+2.0f dB")
    assert misfit(find_plot(rendered(drawn)), inside(axes, drawn)) <= 2


@pytest.mark.parametrize("factor", [0.6, 1.5])
@pytest.mark.parametrize("colormap", ["viridis", "gray_r"])
def test_a_scaled_screenshot_is_cropped_as_well(factor: float, colormap: str) -> None:
    picture, true = plot(LEVELS, colormap, dpi=150)
    scaled = (round(side * factor) for side in (true.left, true.top, true.right, true.bottom))
    assert misfit(find_plot(resized(picture, factor)), Box(*scaled)) <= 4


@pytest.mark.parametrize("colormap", ["inferno", "jet", "gray", "gray_r"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_spectrogram_is_found_in_the_window_of_an_editor(colormap: str, dark: bool) -> None:
    picture, true = editor(LEVELS, colormap, dark=dark)
    assert misfit(find_plot(picture), true) <= 1


def drum(silence: float) -> Colours:
    """Silence, then a stroke over all frequencies at once: as straight an edge as any panel's."""
    levels = np.full((128, 200), silence, np.float32)
    levels[:, 80:] = chirp_levels(128, 120) * 0.5 + 0.4
    return bare(levels, "magma", zoom=3)


@pytest.mark.parametrize(
    "picture",
    [
        bare(LEVELS, "magma", zoom=3),
        bare(LEVELS, "gray_r"),
        jpeg(bare(LEVELS, "jet", zoom=3)),
        drum(0.0),
        jpeg(drum(0.0)),
        np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8),
        np.full((40, 60, 3), 255, np.uint8),
        np.zeros((8, 8, 3), np.uint8),
    ],
    ids=["magma", "grey", "jpeg", "drum", "drum-jpeg", "noise", "white", "smallest"],
)
def test_a_picture_of_data_alone_is_not_cropped(picture: Colours) -> None:
    assert find_plot(picture) is None


def test_silence_inside_a_frame_is_not_cropped() -> None:
    levels = LEVELS.copy()
    levels[:, :60] = 0.0
    levels[:, 150:] = 0.0
    picture, true = plot(levels, "magma", mesh=True)
    assert misfit(find_plot(picture), true) <= 2


def test_any_picture_has_a_plot_inside_it_or_none() -> None:
    """Small pictures of a few flat rectangles, over noise or nothing."""
    stream = np.random.default_rng(1)
    for _ in range(150):
        height, width = stream.integers(1, 60, 2)
        picture = stream.integers(0, stream.choice([1, 3, 256]), (height, width, 3), np.uint8)
        for _ in range(stream.integers(0, 6)):
            top, left = stream.integers(0, height), stream.integers(0, width)
            picture[top : stream.integers(top, height + 1), left:] = stream.integers(0, 256)
        found = find_plot(picture)
        if found is not None:
            assert 0 <= found.left < found.right <= width
            assert 0 <= found.top < found.bottom <= height


def on_page(data: Colours, *, frame: str | None = None) -> tuple[Colours, Box]:
    """Data in the middle of a white page, with or without a line around it."""
    height, width = data.shape[:2]
    page = Image.new("RGB", (width + 120, height + 80), "white")
    if frame:
        corners = (59, 29, 60 + width, 30 + height)
        ImageDraw.Draw(page).rectangle(corners, outline=frame)
    page.paste(Image.fromarray(data), (60, 30))
    return np.asarray(page), Box(60, 30, 60 + width, 30 + height)


@pytest.mark.parametrize("floor", [0.0, 0.15, 0.3])
@pytest.mark.parametrize("colormap", ["magma", "viridis", "plasma"])
def test_clicks_over_all_frequencies_do_not_cut_the_plot(floor: float, colormap: str) -> None:
    levels = np.full((200, 300), floor, np.float32)
    levels[:, 60:63] = levels[:, 200:203] = 0.9
    picture, true = on_page(bare(levels, colormap))
    assert misfit(find_plot(picture), true) <= 1


def test_quiet_data_inside_a_black_frame_is_no_frame() -> None:
    levels = np.zeros((200, 300), np.float32)
    levels[14:17] = 1.0
    picture, true = on_page(bare(levels, "magma"), frame="black")
    assert find_plot(picture) == true


def test_another_plot_of_a_figure_is_found() -> None:
    drawn = figure(figsize=(6.4, 4.8), dpi=100)
    upper, lower = drawn.subplots(2, 1)
    for axes in (upper, lower):
        axes.imshow(LEVELS, origin="lower", aspect="auto", cmap="magma")
    picture = rendered(drawn)
    box = find_plot(picture)
    assert misfit(box, inside(upper, drawn)) <= 2
    assert box is not None
    (other,) = other_plots(picture, box)
    assert misfit(other, inside(lower, drawn)) <= 3


def test_a_plot_with_a_colour_bar_or_a_waveform_is_alone() -> None:
    picture, true = plot(LEVELS, "magma")
    assert other_plots(picture, true) == []
    drawn = figure(figsize=(8, 6), dpi=100)
    above, below = drawn.subplots(2, 1)
    above.plot(np.sin(np.arange(2000) / 9) * np.hanning(2000))
    below.imshow(LEVELS, origin="lower", aspect="auto", cmap="magma")
    assert other_plots(rendered(drawn), inside(below, drawn)) == []


@pytest.mark.slow
def test_clicks_between_the_panels_of_an_editor_and_the_busiest_part_are_data() -> None:
    """The clicks divide the data, and the part beside the panels is not the busiest."""
    quiet = 0.1 * np.random.default_rng(0).random((220, 500))
    phase = np.arange(500)[None] / 100 % 1.0
    fading = np.exp(-np.arange(220)[::-1, None] / 220.0)
    levels = np.clip(0.7 * (np.abs(phase - 0.5) < 0.02) * fading + quiet, 0.0, 1.0)
    window = Image.new("RGB", (660, 250), (214, 222, 240))
    ImageDraw.Draw(window).rectangle((0, 0, 149, 249), fill=(212, 226, 255), outline="black")
    data = (mpl.colormaps["magma"](levels)[:, :, :3] * 255).astype(np.uint8)
    window.paste(Image.fromarray(data), (150, 15))
    assert misfit(find_plot(np.asarray(window)), Box(150, 15, 650, 235)) <= 2


@pytest.mark.parametrize("upright", [False, True])
def test_grainy_silence_beside_a_straight_band_is_data(upright: bool) -> None:
    """It has a few colours next to each other, as a panel has, but they are inside too."""
    levels = 0.025 + 0.025 * np.random.default_rng(0).random((200, 300))
    levels[60:90] = 0.6 + 0.3 * np.random.default_rng(1).random((30, 300))
    levels[:, 140:] += 0.01
    colours = (mpl.colormaps["magma"](levels)[:, :, :3] * 255).astype(np.uint8)
    assert find_plot(colours.transpose(1, 0, 2) if upright else colours) is None
