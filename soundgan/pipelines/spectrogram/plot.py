"""A spectrogram with axes, for a paper or a web page, that still holds every point of its image."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.picture import coloured, rgb_png
from soundgan.errors import AudioError
from soundgan.pipelines.picture_text import KEY, PictureText, Plot, encode_text
from soundgan.representations.contract import Representation
from soundgan.representations.log_mel import LogMel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DEFAULT_COLORMAP = "magma"

_DPI = 144
_LEFT, _RIGHT, _TOP, _BOTTOM = 136, 206, 60, 90
"""Pixels around the data: room for labels, the title and the colour bar."""
_BAR_GAP, _BAR_WIDTH = 56, 26
"""Pixels: a gap so wide that a plot stripped of its parameters is still read without its bar."""
_SMALLEST_WIDTH, _SMALLEST_HEIGHT = 800, 480
"""Data are drawn at least this large, each point as a block of whole pixels."""
_MOST_SIDE, _MOST_PIXELS = 1 << 15, 1 << 25
"""Pixels of either side of a plot, and of all of it."""

_LONG_SECONDS = 60.0

_drawing = Lock()
"""matplotlib sets text for one figure at a time."""


def plot_png(
    levels: NDArray[np.float32],
    representation: Representation,
    entries: Mapping[str, Any],
    colormap: str,
    title: str,
    texts: Mapping[str, str] | None,
) -> bytes:
    """The PNG of a plot: each point of the image is a block of pixels of one colour.

    Args:
        levels: Image [F, T] in [-1, 1].
        representation: What the image is in.
        entries: The picture's parameters.
        colormap: Name of a colour map; empty for :data:`DEFAULT_COLORMAP`.
        title: Text above the data.
        texts: More to store in the file.

    Raises:
        AudioError: The image is too long or too high for a plot.
    """
    colormap = colormap or DEFAULT_COLORMAP
    plot = _layout(*levels.shape)
    with _drawing:
        canvas = _surroundings(plot, levels.shape, representation, colormap, title)
    blocks = np.repeat(np.repeat(levels[::-1], plot.cell_height, 0), plot.cell_width, 1)
    inner = coloured(blocks, colormap)
    canvas[_TOP : _TOP + inner.shape[0], _LEFT : _LEFT + inner.shape[1]] = inner
    text = PictureText(**entries, colormap=colormap, plot=plot)
    return rgb_png(canvas, metadata={**(texts or {}), KEY: encode_text(text)})


def _layout(height: int, width: int) -> Plot:
    """Where the points of an image [height, width] go."""
    cell_width = max(1, round(_SMALLEST_WIDTH / width))
    cell_height = max(1, round(_SMALLEST_HEIGHT / height))
    canvas_width = _LEFT + width * cell_width + _RIGHT
    canvas_height = _TOP + height * cell_height + _BOTTOM
    size = (canvas_width, canvas_height)
    if max(size) > _MOST_SIDE or canvas_width * canvas_height > _MOST_PIXELS:
        raise AudioError(
            f"{width} x {height} points are too many for a plot with axes; leave out `axes`, or "
            "raise `hop`"
        )
    return Plot(
        canvas_width=canvas_width,
        canvas_height=canvas_height,
        left=_LEFT,
        top=_TOP,
        cell_width=cell_width,
        cell_height=cell_height,
    )


def _surroundings(
    plot: Plot,
    shape: tuple[int, int],
    representation: Representation,
    colormap: str,
    title: str,
) -> NDArray[np.uint8]:
    """Pixels [H, W, 3] of the plot without its data."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second, for plots
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second, for plots

    size = (plot.canvas_width, plot.canvas_height)
    figure = Figure(figsize=(size[0] / _DPI, size[1] / _DPI), dpi=_DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    data_width, data_height = shape[1] * plot.cell_width, shape[0] * plot.cell_height
    axes = _add_axes(figure, size, (_LEFT, _TOP, data_width, data_height))
    mark_time(axes, representation.clip.seconds)
    mark_frequency(axes, representation)
    if title:
        axes.set_title(title, fontsize=11, parse_math=False)
    left = _LEFT + data_width + _BAR_GAP
    bar = _add_axes(figure, size, (left, _TOP, _BAR_WIDTH, data_height))
    _draw_levels(bar, representation, colormap)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba(), dtype=np.uint8)  # type: ignore[no-untyped-call]
    return pixels[..., :3].copy()


def _add_axes(figure: Figure, size: tuple[int, int], box: tuple[int, int, int, int]) -> Axes:
    """Axes around a box of pixels: left, top, width, height."""
    left, top, width, height = box
    below = size[1] - top - height
    return figure.add_axes((left / size[0], below / size[1], width / size[0], height / size[1]))


def mark_time(axes: Axes, seconds: float) -> None:
    """Seconds; of a long sound minutes and seconds, as librosa's plots have them."""
    axes.set_xlim(0.0, seconds)
    axes.set_xlabel("time, s")
    if seconds > _LONG_SECONDS:
        from librosa.display import TimeFormatter  # noqa: PLC0415 - for long sounds
        from matplotlib.ticker import MultipleLocator  # noqa: PLC0415 - for long sounds

        steps = (15, 30, 60, 120, 300, 600, 1800, 3600)
        step = next((step for step in steps if seconds <= 10 * step), 36_000)
        axes.xaxis.set_major_locator(MultipleLocator(step))
        axes.xaxis.set_major_formatter(TimeFormatter())
        axes.set_xlabel("time, min:s" if seconds <= 3600.0 else "time, h:min:s")


def mark_frequency(axes: Axes, representation: Representation) -> None:
    """Round frequencies, on librosa's mel scale where the rows are mel bands."""
    low_hz, top_hz = 0.0, representation.clip.sample_rate / 2
    step = next(s for s in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if top_hz <= s * 6000) * 1000.0
    step = step if top_hz >= 3000 else 500.0
    round_hz = list(np.arange(0.0, top_hz + 1.0, step))
    if isinstance(representation, LogMel):
        import librosa  # noqa: PLC0415 - for mel bands

        options = representation.options
        htk = options.mel_scale == "htk"
        scale = (partial(librosa.hz_to_mel, htk=htk), partial(librosa.mel_to_hz, htk=htk))
        axes.set_yscale("function", functions=scale)
        low_hz, top_hz = options.f_min_hz, options.f_max_hz
        round_hz = [0.0, *(250.0 * 2**k for k in range(10))]
    axes.set_ylim(low_hz, top_hz)
    axes.set_ylabel("frequency, Hz")
    shown = [hz for hz in round_hz if low_hz <= hz <= top_hz]
    axes.set_yticks(shown, [f"{hz:,.0f}".replace(",", "\N{THIN SPACE}") for hz in shown])


def _draw_levels(bar: Axes, representation: Representation, colormap: str) -> None:
    """The colour bar, in decibels where a colour means one level everywhere."""
    measured = list(representation.statistics().values())
    bottom, top = -1.0, 1.0
    label = "level, normalised by row"
    if all(len(set(values.tolist())) == 1 for values in measured):
        centre, half = (float(values[0]) for values in measured)
        bottom, top, label = centre - half, centre + half, "level, dBFS"
    ramp = np.linspace(0.0, 1.0, 256)[:, None]
    bar.imshow(ramp, cmap=colormap, aspect="auto", origin="lower", extent=(0.0, 1.0, bottom, top))
    bar.set_xticks([])
    bar.yaxis.tick_right()
    bar.yaxis.set_label_position("right")
    bar.set_ylabel(label)
