"""Spectrograms with known levels, and pictures of them as others would draw them."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from soundgan.pictures.box import Box

Levels = NDArray[np.float32]
Colours = NDArray[np.uint8]


def chirp_levels(n_bins: int = 128, n_frames: int = 200, seed: int = 0) -> Levels:
    """A rising tone over noise that falls with frequency, [F, T] in [0, 1]."""
    stream = np.random.default_rng(seed)
    frequency = np.arange(n_bins)[:, None] / n_bins
    time = np.arange(n_frames)[None] / n_frames
    tone = 0.6 * np.exp(-(((frequency - 0.15 - 0.6 * time) / 0.02) ** 2))
    body = 0.45 * np.exp(-2 * frequency) * np.exp(-(((time - 0.5) / 0.4) ** 2))
    noise = 0.05 * np.log(stream.exponential(size=(n_bins, n_frames)) + 1e-3)
    return np.clip(tone + body + noise + 0.1, 0.0, 1.0).astype(np.float32)


def bare(levels: Levels, colormap: str, *, zoom: int = 1) -> Colours:
    """Levels in colour, nothing around them."""
    large = np.kron(levels[::-1], np.ones((zoom, zoom), np.float32))
    return np.ascontiguousarray(matplotlib.colormaps[colormap](large, bytes=True)[:, :, :3])


def jpeg(colours: Colours, quality: int = 75) -> Colours:
    """The same after a JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(colours).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def resized(colours: Colours, factor: float) -> Colours:
    """The same, scaled as an image viewer does it."""
    height, width = colours.shape[:2]
    size = (round(width * factor), round(height * factor))
    return np.asarray(Image.fromarray(colours).resize(size, Image.Resampling.LANCZOS))


def figure(style: str = "default", **options: Any) -> Figure:
    """A figure of its own, without pyplot."""
    with matplotlib.style.context(style):
        made = Figure(**options)
    FigureCanvasAgg(made)
    return made


def rendered(drawn: Figure, **options: Any) -> Colours:
    """A figure's pixels [H, W, 3]."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", **options)
    return np.asarray(Image.open(buffer).convert("RGB"))


def inside(axes: Any, drawn: Figure) -> Box:
    """Where matplotlib says that the axes are."""
    extent = axes.get_window_extent()
    height = drawn.bbox.height
    return Box(
        round(extent.x0), round(height - extent.y1), round(extent.x1), round(height - extent.y0)
    )


def plot(
    levels: Levels,
    colormap: str,
    *,
    dpi: int = 100,
    size: tuple[float, float] = (6.4, 4.8),
    style: str = "default",
    mesh: bool = False,
    axes_on: bool = True,
    bar: str | None = "vertical",
) -> tuple[Colours, Box]:
    """A plot with title, labels and colour bar, and where its data is."""
    with matplotlib.style.context(style):
        drawn = figure(style, figsize=size, dpi=dpi)
        axes = drawn.subplots()
        if mesh:
            times, hertz = (np.linspace(0, end, n + 1) for end, n in _extents(levels))
            image: Any = axes.pcolormesh(times, hertz, levels, cmap=colormap, vmin=0, vmax=1)
        else:
            image = axes.imshow(
                levels, origin="lower", aspect="auto", cmap=colormap, vmin=0, vmax=1
            )
        if axes_on:
            axes.set(title="Spectrogram", xlabel="Time [s]", ylabel="Frequency [Hz]")
            if bar:
                drawn.colorbar(image, ax=axes, orientation=bar)
        else:
            axes.axis("off")
        return rendered(drawn), inside(axes, drawn)


def _extents(levels: Levels) -> tuple[tuple[float, int], tuple[float, int]]:
    return (2.0, levels.shape[1]), (4000.0, levels.shape[0])


def editor(levels: Levels, colormap: str, *, dark: bool) -> tuple[Colours, Box]:
    """The window of an audio editor: tool bar, time ruler, track panel, and the spectrogram."""
    window, bar, ruler, panel, scale = (
        ((40, 42, 50), (60, 62, 70), (80, 82, 90), (100, 104, 120), (70, 72, 80))
        if dark
        else ((214, 216, 224), (235, 235, 240), (245, 245, 250), (190, 196, 215), (228, 230, 240))
    )
    ink = (230, 230, 230) if dark else (0, 0, 0)
    picture = Image.new("RGB", (1000, 500), window)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 999, 60), fill=bar)
    for left in range(10, 490, 40):
        pen.ellipse((left, 15, left + 30, 45), fill=(90, 140, 90), outline=ink)
    pen.rectangle((0, 61, 999, 90), fill=ruler)
    for x in range(140, 1000, 50):
        pen.line((x, 75, x, 90), fill=ink)
        pen.text((x + 2, 62), f"{x / 50:.1f}", fill=ink)
    pen.rectangle((0, 92, 120, 420), fill=panel, outline=ink)
    pen.text((10, 100), "Audio Track", fill=ink)
    pen.rectangle((10, 130, 60, 150), outline=ink)
    pen.rectangle((121, 92, 150, 420), fill=scale)
    for y in range(95, 420, 40):
        pen.text((123, y), f"{(420 - y) * 20}", fill=ink)
    data = Box(153, 93, 993, 419)
    pen.rectangle((152, 92, 993, 419), outline=(0, 0, 0))
    large = Image.fromarray(bare(levels, colormap)).resize((data.width, data.height))
    picture.paste(large, (data.left, data.top))
    return np.asarray(picture), data


def error(read: Levels, true: Levels) -> float:
    """Mean absolute error of levels that were read from a larger or smaller picture of them."""
    rows, columns = (
        ((np.arange(n) + 0.5) / n * m).astype(int)
        for n, m in zip(true.shape, read.shape, strict=True)
    )
    return float(np.abs(read[rows][:, columns] - true).mean())
