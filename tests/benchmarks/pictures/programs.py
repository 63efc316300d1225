"""Pictures by sox, ffmpeg, Praat and gnuplot."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image

from soundgan.pictures.box import Box
from soundgan.pictures.palettes import COLOUR_MAPS
from tests.benchmarks.pictures.drawn import Drawn, Look
from tests.benchmarks.pictures.figures import decibels, of_tool
from tests.benchmarks.pictures.signals import RATE, SECONDS, Signal

NYQUIST = RATE / 2


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def _wav(signal: Signal, path: Path) -> Path:
    wav = path.with_suffix(".wav")
    soundfile.write(wav, signal.samples, RATE)
    return wav


def sox(signal: Signal, path: Path, *options: str, raw: bool = False) -> Drawn:
    """640 columns and 257 rows; its margins are always the same."""
    wav = _wav(signal, path)
    _run("sox", wav, "-n", "spectrogram", "-x", 640, "-y", 257, *options, "-o", path)
    left, top = (0, 0) if raw else (58, 30)
    z = dict(zip(options[::2], options[1::2], strict=False)).get("-z", "120")
    columns = Image.open(path).width if raw else 640
    map_of = None if "-h" in options else of_tool("gray" if "-m" in options else "sox")
    if map_of is not None and "-l" in options:
        map_of = map_of[::-1]
    return Drawn(
        Box(left, top, left + columns, top + 257),
        SECONDS,
        NYQUIST,
        range_db=float(z),
        colours=map_of,
    )


def _ffmpeg_colours(color: str) -> NDArray[np.uint8] | None:
    """Of the map that ffmpeg has for a word, where it is known."""
    for name in (f"ffmpeg_{color}", color):
        if name in COLOUR_MAPS:
            return of_tool(name)
    return None


def ffmpeg(
    signal: Signal,
    path: Path,
    *,
    color: str = "intensity",
    scale: str = "log",
    fscale: str = "lin",
    legend: bool = True,
    orientation: str = "vertical",
) -> Drawn:
    """640 by 320 points of data in the middle of its legend."""
    across, down = (640, 320) if orientation == "vertical" else (320, 640)
    asked = f"s={across}x{down}:color={color}:scale={scale}:fscale={fscale}:legend={int(legend)}"
    asked += f":orientation={orientation}"
    _run("ffmpeg", "-y", "-i", _wav(signal, path), "-lavfi", f"showspectrumpic={asked}", path)
    width, height = Image.open(path).size
    left, top = (width - across) // 2, (height - down) // 2
    root = {"lin": 1.0, "sqrt": 0.5, "cbrt": 1 / 3, "4thrt": 0.25, "5thrt": 0.2}.get(scale)
    return Drawn(
        Box(left, top, left + across, top + down),
        SECONDS,
        NYQUIST,
        axis="log" if fscale == "log" else "linear",
        f_min=20.0 if fscale == "log" else 0.0,
        range_db=120.0 if root is None else None,
        levels="db" if root is None else f"power:{root:g}",
        colours=_ffmpeg_colours(color),
        turned={} if orientation == "vertical" else {"time": "down"},
    )


_PRAAT = """form draw
  sentence in a
  sentence out b
endform
Read from file: in$
To Spectrogram: {window}, {f_max}, 0.002, 20, "Gaussian"
Erase all
Select inner viewport: 1, 5.5, 0.5, 3
Paint: 0, 0, 0, 0, 100, "yes", {range_db}, 6, 0, "{garnish}"
{more}
Select outer viewport: 0, 6.5, 0, 3.8
Save as 300-dpi PNG file: out$
"""

_MARKS = """Draw inner box
Marks left every: 1, 1000, "yes", "yes", "no"
Marks bottom every: 1, 0.5, "yes", "yes", "no"
Text left: "yes", "Frequency (Hz)"
Text bottom: "yes", "Time (s)"
"""


def praat(
    signal: Signal, path: Path, *, f_max: int = 5000, range_db: int = 50, marks: bool = False
) -> Drawn:
    """Ink on paper, with numbers at the corners or at marks; not louder up high for ears."""
    script = path.with_suffix(".praat")
    script.write_text(
        _PRAAT.format(
            window=0.03 if signal.pitched else 0.005,
            f_max=f_max,
            range_db=range_db,
            garnish="no" if marks else "yes",
            more=_MARKS if marks else "",
        )
    )
    _run("praat", "--run", script, _wav(signal, path).resolve(), path.resolve())
    return Drawn(
        Box(300, 150, 1650, 900),
        SECONDS,
        float(f_max),
        range_db=float(range_db),
        colours=of_tool("gray")[::-1],
    )


_GNUPLOT = """set terminal pngcairo size 800,500
set output '{out}'
set lmargin at screen 0.125; set rmargin at screen 0.85
set bmargin at screen 0.15; set tmargin at screen 0.9
set xrange [0:{seconds}]; set yrange [0:{f_max}]; set cbrange [{low}:0]
set xlabel 'Time (s)'; set ylabel 'Frequency ({unit})'; set cblabel 'dB'; {palette}
plot '{data}' binary array=({columns},{rows}) dx={dx} dy={dy} origin=(0,0) format='%float' \\
  with image notitle
"""


def _formulae(red: int, green: int, blue: int) -> NDArray[np.uint8]:
    """Colours [256, 3] of gnuplot's ``rgbformulae``."""
    x = np.linspace(0, 1, 256)
    curves = {
        7: np.sqrt(x),
        5: x**3,
        15: np.sin(2 * np.pi * x),
        33: np.abs(2 * x - 0.5),
        13: np.sin(np.pi * x),
        10: np.cos(np.pi / 2 * x),
    }
    channels = [curves[number].clip(0.0, 1.0) for number in (red, green, blue)]
    return np.rint(255.0 * np.stack(channels, axis=1)).astype(np.uint8)


def gnuplot(
    signal: Signal, path: Path, *, palette: str = "", kilo: bool = False, range_db: float = 70.0
) -> Drawn:
    """With a colour box at the right."""
    levels = decibels(signal, n_fft=1024, hop=128)
    rows, columns = levels.shape
    data = path.with_suffix(".bin")
    levels.astype("<f4").tofile(data)
    f_max = NYQUIST / (1000 if kilo else 1)
    script = path.with_suffix(".gp")
    dx, dy = 128 / RATE, RATE / 1024 / (1000 if kilo else 1)
    script.write_text(
        _GNUPLOT.format(
            out=path,
            seconds=SECONDS,
            f_max=f_max,
            low=-range_db,
            unit="kHz" if kilo else "Hz",
            palette=palette,
            data=data,
            columns=columns,
            rows=rows,
            dx=dx,
            dy=dy,
        )
    )
    _run("gnuplot", script)
    if "gray" in palette:
        map_of = of_tool("gray")
    else:
        map_of = _formulae(33, 13, 10) if "33,13,10" in palette else _formulae(7, 5, 15)
    box = Box(100, 50, 680, 425)
    return Drawn(box, SECONDS, NYQUIST, range_db=range_db, colours=map_of)


_FFMPEG: dict[str, dict[str, Any]] = {
    "intensity": {},
    "magma log axis": {"color": "magma", "fscale": "log"},
    "viridis": {"color": "viridis"},
    "fire": {"color": "fire"},
    "rainbow": {"color": "rainbow"},
    "nebulae": {"color": "nebulae"},
    "channel": {"color": "channel"},
    "cool, square root": {"color": "cool", "scale": "sqrt"},
    "sideways": {"orientation": "horizontal"},
    "bare": {"legend": False},
}

LOOKS = [
    Look("sox", "default", sox, needs="sox"),
    Look("sox", "monochrome, light", lambda s, p: sox(s, p, "-m", "-l"), needs="sox"),
    Look("sox", "high colour, 90 dB", lambda s, p: sox(s, p, "-z", "90", "-h"), needs="sox"),
    Look("sox", "raw", lambda s, p: sox(s, p, "-r", raw=True), needs="sox", printed=False),
    *(
        Look(
            "ffmpeg",
            name,
            partial(ffmpeg, **options),
            needs="ffmpeg",
            printed=bool(options.get("legend", True)),
        )
        for name, options in _FFMPEG.items()
    ),
    Look("Praat", "default", praat, needs="praat"),
    Look("Praat", "marks, 8 kHz, 70 dB", partial(praat, f_max=8000, range_db=70, marks=True),
         needs="praat"),
    Look("gnuplot", "default", gnuplot, needs="gnuplot"),
    Look("gnuplot", "grey", partial(gnuplot, palette="set palette gray", kilo=True),
         needs="gnuplot"),
    Look("gnuplot", "rainbow", partial(gnuplot, palette="set palette rgbformulae 33,13,10"),
         needs="gnuplot"),
]  # fmt: skip
