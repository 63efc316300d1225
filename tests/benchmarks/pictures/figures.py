"""Pictures by matplotlib in its styles, librosa.display and seaborn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import librosa
import matplotlib
import numpy as np
from librosa.display import specshow
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from soundgan.pictures.box import Box
from soundgan.pictures.palettes import colours_of
from tests.benchmarks.pictures.drawn import Drawn, Look
from tests.benchmarks.pictures.signals import RATE, SECONDS, Signal

NYQUIST = RATE / 2
Painter = Callable[[Figure, Signal], Drawn]


def magnitudes(signal: Signal, *, n_fft: int, hop: int) -> NDArray[np.float64]:
    """[F, T], the loudest 1."""
    spectrum = np.abs(librosa.stft(signal.samples, n_fft=n_fft, hop_length=hop))
    return np.asarray(spectrum / spectrum.max(), np.float64)


def decibels(signal: Signal, *, n_fft: int, hop: int) -> NDArray[np.float64]:
    """[F, T], the loudest 0."""
    return 20.0 * np.log10(magnitudes(signal, n_fft=n_fft, hop=hop) + 1e-7)


def edges_of(levels: NDArray[np.float64], *, n_fft: int, hop: int) -> tuple[float, ...]:
    """First and last moment, lowest and highest frequency of levels whose cells are centred."""
    bin_hz, step = RATE / n_fft, hop / RATE
    n_bins, n_frames = levels.shape
    return -step / 2, (n_frames - 0.5) * step, -bin_hz / 2, (n_bins - 0.5) * bin_hz


def colours(name: str) -> NDArray[np.uint8]:
    """A map of matplotlib as colours [256, 3]."""
    return np.asarray(matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3], np.uint8)


def of_tool(name: str) -> NDArray[np.uint8]:
    """A map that a tool draws with, as colours [256, 3]."""
    return np.rint(colours_of(name)).astype(np.uint8)


def saved(
    signal: Signal,
    path: Path,
    paint: Painter,
    *,
    style: str = "default",
    size: tuple[float, float] = (6.4, 4.8),
    dpi: int = 100,
    quality: int | None = None,
) -> Drawn:
    """A figure in a file, a JPEG where it has a quality; its box is that of the first axes."""
    with matplotlib.style.context(style):
        figure = Figure(figsize=size, dpi=dpi)
        FigureCanvasAgg(figure)
        truth = paint(figure, signal)
        figure.savefig(path, dpi=dpi)
        extent = figure.axes[0].get_window_extent()
    height = figure.bbox.height
    edges = (extent.x0, height - extent.y1, extent.x1, height - extent.y0)
    if quality is not None:
        Image.open(path).convert("RGB").save(path, "JPEG", quality=quality)
    return replace(truth, box=Box(*(round(edge) for edge in edges)))


_ANYWHERE = Box(0, 0, 1, 1)


def mesh(
    figure: Figure,
    signal: Signal,
    *,
    colormap: str = "viridis",
    range_db: float = 80.0,
    power: float | None = None,
    kilo: bool = False,
    milli: bool = False,
    log: bool = False,
    f_max: float = NYQUIST,
    bar: str | None = None,
    grid: bool = False,
    title: bool = True,
) -> Drawn:
    """``pcolormesh`` or, on a linear axis, ``imshow``, as a notebook draws it."""
    options = {"n_fft": 1024, "hop": 128}
    levels = magnitudes(signal, **options) ** power if power else decibels(signal, **options)
    axes: Any = figure.subplots()
    hertz, seconds = (1000.0 if kilo else 1.0), (0.001 if milli else 1.0)
    limits = {"vmin": 0.0, "vmax": 1.0} if power else {"vmin": -range_db, "vmax": 0.0}
    if log:
        frequency = np.arange(len(levels)) * (RATE / options["n_fft"]) / hertz
        time = np.arange(levels.shape[1]) * (options["hop"] / RATE) / seconds
        image = axes.pcolormesh(time, frequency, levels, cmap=colormap, shading="nearest", **limits)
        axes.set_yscale("log")
        axes.set_ylim(100.0 / hertz, f_max / hertz)
        axes.set_xlim(0.0, SECONDS / seconds)
    else:
        left, right, bottom, top = edges_of(levels, **options)
        extent = (left / seconds, right / seconds, bottom / hertz, top / hertz)
        image = axes.imshow(
            levels, origin="lower", aspect="auto", extent=extent, cmap=colormap, **limits
        )
        axes.set_ylim(0.0, f_max / hertz)
        axes.set_xlim(0.0, SECONDS / seconds)
    axes.set_xlabel("Time [ms]" if milli else "Time [s]")
    axes.set_ylabel("Frequency [kHz]" if kilo else "Frequency [Hz]")
    if title:
        axes.set_title("Spectrogram")
    axes.grid(grid)
    if bar is not None:
        figure.colorbar(image, ax=axes, label=bar)
    return Drawn(
        _ANYWHERE,
        SECONDS,
        f_max,
        axis="log" if log else "linear",
        f_min=100.0 if log else 0.0,
        range_db=None if power else range_db,
        levels={None: "db", 1.0: "amplitude", 2.0: "power"}[power],
        colours=colours(colormap),
    )


def specgram(figure: Figure, signal: Signal) -> Drawn:
    """``Axes.specgram`` with a label on each axis: whatever range the sound has."""
    axes: Any = figure.subplots()
    spectrum, _, _, _ = axes.specgram(signal.samples, NFFT=512, Fs=RATE, noverlap=384)
    axes.set(xlabel="Time", ylabel="Frequency")
    level = 10 * np.log10(spectrum)
    edges = axes.get_xlim()
    return Drawn(
        _ANYWHERE,
        float(edges[1] - edges[0]),
        NYQUIST,
        range_db=float(np.ptp(level)),
        colours=colours("viridis"),
    )


def shown(
    figure: Figure, signal: Signal, *, kind: str = "linear", colormap: str | None = None,
    bar: bool = True,
) -> Drawn:  # fmt: skip
    """``librosa.display.specshow``."""
    hop = 128
    axes: Any = figure.subplots()
    options: dict[str, Any] = {"sr": RATE, "hop_length": hop, "x_axis": "time", "ax": axes}
    if colormap is not None:
        options["cmap"] = colormap
    if kind == "mel":
        power = librosa.feature.melspectrogram(
            y=signal.samples, sr=RATE, n_fft=1024, hop_length=hop, n_mels=128
        )
        levels = librosa.power_to_db(power, ref=np.max)
    else:
        spectrum = np.abs(librosa.stft(signal.samples, n_fft=1024, hop_length=hop))
        levels = librosa.amplitude_to_db(spectrum, ref=np.max)
    image = specshow(levels, y_axis=kind, **options)
    axes.set(title="Spectrogram")
    if bar:
        figure.colorbar(image, ax=axes, format="%+2.0f dB")
    return Drawn(
        _ANYWHERE,
        levels.shape[1] * hop / RATE,
        NYQUIST,
        axis={"linear": "linear", "log": "librosa_log", "mel": "librosa_mel"}[kind],
        range_db=80.0,
        colours=colours(image.get_cmap().name),
    )


def heat(figure: Figure, signal: Signal) -> Drawn:
    """``seaborn.heatmap`` with its own map, rows and columns named by frequency and time."""
    pandas: Any = import_module("pandas")  # both may be absent
    seaborn: Any = import_module("seaborn")

    levels = decibels(signal, n_fft=512, hop=128)[:-1]
    hertz = np.arange(256) * NYQUIST / 256
    times = np.round(np.arange(levels.shape[1]) * 128 / RATE, 2)
    table = pandas.DataFrame(levels, index=np.round(hertz).astype(int), columns=times)
    axes: Any = figure.subplots()
    seaborn.heatmap(table, ax=axes, vmin=-80, vmax=0, xticklabels=40, yticklabels=32)
    axes.invert_yaxis()
    axes.set(xlabel="Time (s)", ylabel="Frequency (Hz)")
    return Drawn(
        _ANYWHERE, levels.shape[1] * 128 / RATE, NYQUIST, range_db=80.0, colours=colours("rocket")
    )


def _figure(tool: str, name: str, paint: Painter, needs: str = "", **options: Any) -> Look:
    return Look(tool, name, partial(saved, paint=paint, **options), needs=needs)


def _mesh(name: str, *, figure: dict[str, Any] | None = None, **options: Any) -> Look:
    return _figure("matplotlib", name, partial(mesh, **options), **(figure or {}))


LOOKS = [
    _figure("matplotlib", "specgram", specgram),
    _mesh("viridis with bar", bar="dB"),
    _mesh("magma, 100 dB, kHz", colormap="magma", range_db=100.0, kilo=True, bar="Level [dB]"),
    _mesh("log axis, inferno", colormap="inferno", log=True, bar="dB"),
    _mesh("jet, ms", colormap="jet", milli=True, bar="dB"),
    _mesh("grey ink, 60 dB, 5 kHz", colormap="Greys", range_db=60.0, f_max=5000.0),
    _mesh("amplitude, hot", colormap="hot", power=1.0, bar="Amplitude"),
    _mesh("YlOrBr, JPEG", colormap="YlOrBr", bar="dB", figure={"quality": 80}),
    _mesh("Blues, grid", colormap="Blues", bar="dB", grid=True),
    _mesh("ggplot style", colormap="plasma", figure={"style": "ggplot"}),
    _mesh("dark style, turbo", colormap="turbo", bar="dB", figure={"style": "dark_background"}),
    _mesh(
        "wide, cubehelix", colormap="cubehelix", range_db=70.0, bar="dB", kilo=True,
        figure={"size": (10.0, 4.0), "dpi": 120},
    ),
    _figure("librosa", "linear", shown),
    _figure("librosa", "log", partial(shown, kind="log")),
    _figure("librosa", "mel", partial(shown, kind="mel")),
    _figure("librosa", "linear, no bar", partial(shown, bar=False, colormap="magma")),
    _figure("seaborn", "heatmap", heat, needs="seaborn"),
    _figure("seaborn", "darkgrid style", partial(mesh, colormap="mako", bar="dB"),
            needs="seaborn", style="seaborn-v0_8-darkgrid"),
]  # fmt: skip
