"""Windows of programs that do not run without a screen, imitated from how they look."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import map_coordinates

from soundgan.pictures.box import Box
from tests.benchmarks.pictures.drawn import Drawn, Look
from tests.benchmarks.pictures.figures import NYQUIST, colours, decibels, of_tool
from tests.benchmarks.pictures.signals import RATE, SECONDS, Signal


def _pasted(
    picture: Image.Image, signal: Signal, box: Box, lut: NDArray[np.uint8], range_db: float
) -> None:
    """Draw the data, every pixel at the moment and frequency of its middle."""
    levels = decibels(signal, n_fft=1024, hop=128)
    rows = (np.arange(box.height) + 0.5) / box.height * NYQUIST / (RATE / 1024)
    columns = (np.arange(box.width) + 0.5) / box.width * SECONDS / (128 / RATE)
    drawn = map_coordinates(levels, np.meshgrid(rows, columns, indexing="ij"), order=1)
    places = np.rint((drawn / range_db + 1.0).clip(0, 1) * 255).astype(np.uint8)
    picture.paste(Image.fromarray(lut[places[::-1]]), (box.left, box.top))


def audacity(signal: Signal, path: Path) -> Drawn:
    """A track of the editor: rulers above and left of it, its panel, grey around."""
    picture = Image.new("RGB", (1100, 420), (200, 202, 214))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 1099, 60), fill=(226, 227, 232))
    for left in range(10, 330, 52):
        pen.rectangle((left, 10, left + 44, 50), fill=(238, 238, 242), outline=(150, 150, 160))
    pen.rectangle((0, 61, 1099, 84), fill=(234, 235, 240))
    box = Box(180, 88, 1080, 388)
    for i in range(5):
        x = box.left + round(i * 0.5 / SECONDS * box.width)
        pen.line((x, 76, x, 84), fill=(0, 0, 0))
        pen.text((min(x, 1070), 64), f"{i * 0.5:.1f}", fill=(0, 0, 0), anchor="ma")
    pen.rectangle((0, 86, 140, 389), fill=(206, 208, 220), outline=(90, 90, 110))
    pen.text((8, 90), "x  Audio Track", fill=(0, 0, 0))
    pen.text((8, 112), "Mono, 22050Hz", fill=(0, 0, 0))
    pen.rectangle((141, 86, box.left - 1, 389), fill=(226, 228, 236))
    for k in range(0, 11, 2):
        y = box.bottom - round(k * 1000 / NYQUIST * box.height)
        pen.line((box.left - 6, y, box.left - 1, y), fill=(0, 0, 0))
        pen.text((box.left - 9, y), f"{k}k" if k else "0", fill=(0, 0, 0), anchor="rm")
    _pasted(picture, signal, box, of_tool("roseus"), 80.0)
    picture.save(path)
    return Drawn(box, SECONDS, NYQUIST, range_db=80.0, colours=of_tool("roseus"))


def sonic_visualiser(signal: Signal, path: Path) -> Drawn:
    """A pane: green on black, frequencies printed at its left, times above."""
    picture = Image.new("RGB", (900, 460), (240, 240, 240))
    pen = ImageDraw.Draw(picture)
    box = Box(60, 30, 880, 440)
    for i in range(9):
        x = box.left + round(i * 0.25 / SECONDS * box.width)
        pen.line((x, 22, x, 29), fill=(0, 0, 0))
        pen.text((min(x + 2, 860), 8), f"{i * 0.25:.2f}s", fill=(0, 0, 0))
    for hertz in range(0, 11000, 1000):
        y = box.bottom - round(hertz / NYQUIST * box.height)
        pen.line((52, y, 59, y), fill=(0, 0, 0))
        pen.text((50, y), f"{hertz}" if hertz else "0Hz", fill=(0, 0, 0), anchor="rm")
    lut = np.zeros((256, 3), np.uint8)
    ramp = np.arange(256)
    lut[:, 1] = ramp
    lut[:, 0] = lut[:, 2] = ((ramp - 180).clip(0) * 255 / 75).astype(np.uint8)
    _pasted(picture, signal, box, lut, 80.0)
    picture.save(path)
    return Drawn(box, SECONDS, NYQUIST, range_db=80.0, colours=lut)


def spek(signal: Signal, path: Path) -> Drawn:
    """White letters on black, kHz left, m:ss below, a bar of -120 to 0 dB at the right."""
    picture = Image.new("RGB", (800, 500), (0, 0, 0))
    pen = ImageDraw.Draw(picture)
    box = Box(61, 61, 700, 440)
    white = (255, 255, 255)
    pen.text((60, 20), path.name, fill=white)
    pen.text((60, 40), "PCM signed 16-bit little-endian, 22050 Hz, 1 channel", fill=white)
    pen.rectangle((box.left - 1, box.top - 1, box.right, box.bottom), outline=white)
    for kilo in range(0, 12, 2):
        y = box.bottom - round(kilo * 1000 / NYQUIST * box.height)
        pen.line((box.left - 6, y, box.left - 2, y), fill=white)
        pen.text((box.left - 9, y), f"{kilo} kHz", fill=white, anchor="rm")
    for second in range(3):
        x = box.left + round(second / SECONDS * box.width)
        pen.line((x, box.bottom + 1, x, box.bottom + 6), fill=white)
        pen.text((x, box.bottom + 8), f"0:{second:02d}", fill=white, anchor="ma")
    lut = of_tool("sox")
    bar = Image.fromarray(np.repeat(lut[::-1][:, None], 10, axis=1))
    picture.paste(bar.resize((10, box.height)), (710, box.top))
    for i in range(7):
        y = box.top + round(i / 6 * box.height)
        pen.text((726, y), f"{-20 * i} dB", fill=white, anchor="lm")
    _pasted(picture, signal, box, lut, 120.0)
    picture.save(path)
    return Drawn(box, SECONDS, NYQUIST, range_db=120.0, colours=lut)


def bare(signal: Signal, path: Path) -> Drawn:
    """Nothing but the data, in magma."""
    picture = Image.new("RGB", (512, 256))
    box = Box(0, 0, 512, 256)
    _pasted(picture, signal, box, colours("magma"), 80.0)
    picture.save(path)
    return Drawn(box, SECONDS, NYQUIST, range_db=80.0, colours=colours("magma"))


LOOKS = [
    Look("imitated", "Audacity", audacity),
    Look("imitated", "Sonic Visualiser", sonic_visualiser),
    Look("imitated", "Spek", spek),
    Look("imitated", "bare magma", bare, printed=False),
]
