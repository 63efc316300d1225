"""Train the network that reads words in pictures, on words drawn here.

    python tools/train_reader.py soundgan/pictures/text/reader.safetensors

Draws in the fonts of the system, and in the bitmap fonts of sox and ffmpeg where these are
installed: the one out of titles that sox draws, the other out of ffmpeg's library. On Debian the
fonts are in ``fonts-dejavu fonts-liberation fonts-urw-base35 fonts-freefont-ttf fonts-open-sans
fonts-roboto-unhinted fonts-lato fonts-inter fonts-cantarell fonts-hack fonts-cmu``. Some ten
minutes on two cores.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from safetensors.torch import save_file
from torch.nn import functional

from soundgan.pictures.text.reader import LETTERS, Reader, features, letters_of

Ink = NDArray[np.float32]
Spans = list[tuple[float, float]]
Draw = Callable[[str, random.Random], tuple[Image.Image, Spans]]
"""Draws a word, and says where each letter begins and ends."""

USUAL = (
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "NimbusSans-Regular.otf",
    "DejaVuSans.ttf",
    "DejaVuSansMono.ttf",
    "LiberationSerif-Regular.ttf",
)
"""Fonts that most plots are lettered in; drawn as often as all others together."""

OTHERS = (
    "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansCondensed", "LiberationSans-Bold",
    "LiberationMono-Regular", "LiberationSansNarrow-Regular", "NimbusMonoPS-Regular",
    "NimbusRoman-Regular", "NimbusSans-Bold", "NimbusSansNarrow-Regular", "P052-Roman",
    "C059-Roman", "URWGothic-Book", "Cantarell-Regular", "Inter-Regular", "Inter-Medium",
    "cmunrm", "cmunss", "cmuntt", "FreeSans", "FreeSerif", "FreeMono", "Hack-Regular",
    "Lato-Regular", "NotoMono-Regular", "OpenSans-Regular", "OpenSans-Semibold",
    "Roboto-Regular", "Roboto-Medium", "RobotoCondensed-Regular", "DroidSansFallbackFull",
    "LiberationSerif-Italic", "LiberationSans-Italic", "DejaVuSans-Oblique", "URWBookman-Light",
)  # fmt: skip

WORDS = (  # noqa: SIM905 - a list of them is hard to read
    "Time time TIME Frequency frequency FREQUENCY Freq Hz kHz KHz HZ dB DB dBFS (Hz) (kHz) [Hz] "
    "[kHz] (s) [s] (ms) [ms] (sec) [sec] (dB) [dB] (dBFS) Amplitude Magnitude Power Level "
    "Intensity Spectrogram Mel mel log linear seconds Seconds sec ms min DC Mono Stereo Duration "
    "samples Pitch Formant Channel Left Right dB/Hz dBV2/Hz V Pa Energy Phase MHz Zeit Frequenz "
    "Temps Created by SoX LIBAVFILTER CREATED BY Track Mute Solo bit 32-bit float 16-bit 44100Hz "
    "Window Relative amplitude (linear) PSD Density density Octave bin Bins frame Sample"
).split()


def main() -> None:
    """Train, say how often held-out letters and words are read right, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--words", type=int, default=30_000)
    parser.add_argument("--epochs", type=int, default=12)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    torch.manual_seed(options.seed)
    fonts = _fonts()
    started = time.monotonic()
    glyphs, names = [], []
    for _ in range(options.words):
        for glyph, name in _examples(fonts, rng):
            glyphs.append(glyph)
            names.append(name)
    seen, true = torch.stack(glyphs), torch.tensor(names)
    print(f"{len(seen)} letters in {time.monotonic() - started:.0f} s", flush=True)
    reader = Reader()
    batch = 256
    steps = len(seen) // batch * options.epochs
    optimizer = torch.optim.AdamW(reader.parameters(), 2e-3, weight_decay=1e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    held = len(seen) // 20
    for step in range(steps):
        chosen = torch.randint(held, len(seen), (batch,))
        loss = functional.cross_entropy(reader(seen[chosen]), true[chosen])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        plan.step()
        if step % 1000 == 999 or step == steps - 1:
            with torch.inference_mode():
                right = (reader(seen[:held]).argmax(dim=1) == true[:held]).float().mean().item()
            print(
                f"{step + 1}: {loss.item():.3f}, {right:.2%}, {time.monotonic() - started:.0f} s",
                flush=True,
            )
    save_file({n: v.half().contiguous() for n, v in reader.state_dict().items()}, options.out)


def _examples(fonts: list[Draw], rng: random.Random) -> list[tuple[torch.Tensor, int]]:
    """The letters of a drawn word as the network sees them, and shapes that are none."""
    text = _text(rng)
    font = fonts[rng.randrange(len(USUAL) + 6)] if rng.random() < 0.6 else rng.choice(fonts)
    image, spans = font(text, rng)
    worn = _worn(image, spans, rng)
    if worn is None:
        return []
    ink, spans = worn
    found = []
    for start, stop in letters_of(ink):
        inside = [
            i for i, (a, b) in enumerate(spans) if min(stop, b) - max(start, a) > 0.4 * (b - a)
        ]
        if len(inside) == 1:
            found.append((start, stop, LETTERS.index(text[inside[0]])))
            if rng.random() < 0.08 and stop - start >= 6:  # half a letter
                middle = rng.randint(start + 2, stop - 2)
                found.append((*rng.choice([(start, middle), (middle, stop)]), len(LETTERS)))
        elif len(inside) > 1:
            found.append((start, stop, len(LETTERS)))
            for i in inside:  # cut as the reader would
                a, b = max(0, round(spans[i][0])), min(ink.shape[1], round(spans[i][1]))
                if b - a >= 2:
                    found.append((a, b, LETTERS.index(text[i])))
    examples = []
    for start, stop, name in found:
        glyph = features(ink, start, stop)
        if glyph is not None:
            examples.append((glyph, name))
    return examples


def _text(rng: random.Random) -> str:
    """A number with or without a unit, or a word."""
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(WORDS)
    if kind < 0.3:
        return "".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 6)))
    sign = rng.choice(["", "", "", "-", "-", "+"])
    kinds: list[Callable[[], str]] = [
        lambda: str(rng.randrange(10)),
        lambda: str(rng.randrange(100)),
        lambda: str(rng.randrange(10) * 10),
        lambda: str(rng.randrange(1000) * 10),
        lambda: str(rng.randrange(30000)),
        lambda: str(rng.randrange(1, 30) * 1000),
        lambda: str(rng.randrange(1, 25) * 500),
        lambda: f"{rng.random() * 10:.1f}",
        lambda: f"{rng.random() * 10:.2f}",
        lambda: f"{rng.random() * 3:.3f}",
        lambda: f"{rng.random() * 10000:.2f}",
        lambda: f"{rng.randrange(10)}:{rng.randrange(60):02d}",
        lambda: f"{rng.randrange(1, 30)},{rng.randrange(1000):03d}",
        lambda: f"{rng.randrange(10)}e{rng.choice(['-', '+', ''])}{rng.randrange(1, 13)}",
        lambda: f"{rng.random() * 9:.1f}e{rng.choice(['-', '+'])}{rng.randrange(1, 13):02d}",
        lambda: str(2 ** rng.randrange(4, 15)),
    ]
    digits = rng.choice(kinds)()
    unit = rng.choice([""] * 12 + ["k", "K", "Hz", "kHz", "dB", "s", "ms", "%", "Hz"])
    return sign + digits + unit


def _worn(image: Image.Image, spans: Spans, rng: random.Random) -> tuple[Ink, Spans] | None:
    """Ink of a drawn word after what screens, scalers and JPEGs do to it; None where it is gone."""
    if rng.random() < 0.35:
        factor = rng.uniform(0.65, 1.6)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        spans = [(a * size[0] / image.width, b * size[0] / image.width) for a, b in spans]
        image = image.resize(
            size, rng.choice([Image.Resampling.BILINEAR, Image.Resampling.LANCZOS])
        )
    if rng.random() < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.6)))
    values = np.asarray(image, np.float32) / 255.0
    if rng.random() < 0.1:
        values = (values > 0.5).astype(np.float32)
    contrast = rng.uniform(0.4, 1.0)
    values = values * contrast
    if rng.random() < 0.4:
        buffer = io.BytesIO()
        Image.fromarray((values * 255).clip(0, 255).astype(np.uint8)).save(
            buffer, "JPEG", quality=rng.randint(50, 95)
        )
        values = np.asarray(Image.open(buffer), np.float32) / 255.0
    values = values / max(1e-3, float(values.max()))
    marked = values > 0.35
    if marked.sum() < 3:
        return None
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if rows[-1] - rows[0] < 1 and columns[-1] - columns[0] < 2:
        return None
    left = int(columns[0])
    cut = values[rows[0] : rows[-1] + 1, left : columns[-1] + 1]
    return cut, [(a - left, b - left) for a, b in spans]


def _fonts() -> list[Draw]:
    """Everything that can draw a word: usual fonts first, then bitmaps, then the others."""
    listed = subprocess.run(["fc-list", ":", "file"], capture_output=True, text=True, check=True)
    paths = {
        Path(line.split(":")[0]).name: Path(line.split(":")[0])
        for line in listed.stdout.split("\n")
        if line
    }
    usual = [_typeface(paths[name]) for name in USUAL if name in paths]
    if len(usual) < len(USUAL):
        raise SystemExit(f"missing fonts: {set(USUAL) - set(paths)}")
    bitmaps = [_bitmap(cells) for cells in (_sox_cells(), _ffmpeg_cells()) if cells]
    bitmaps += [*bitmaps, _pillow]
    others = [
        _typeface(path)
        for stem in OTHERS
        for path in [paths.get(f"{stem}.ttf") or paths.get(f"{stem}.otf")]
        if path
    ]
    print(f"{len(usual)} usual fonts, {len(bitmaps)} bitmaps, {len(others)} others")
    return [*usual, *bitmaps, *bitmaps[:1], *others]


def _typeface(path: Path) -> Draw:
    sizes = {size: ImageFont.truetype(str(path), size) for size in range(8, 34)}

    def draw(text: str, rng: random.Random) -> tuple[Image.Image, Spans]:
        # most screens show 9 to 16 pixels
        font = sizes[
            min(
                33,
                max(8, round(rng.gauss(13.5, 3.5) if rng.random() < 0.7 else rng.uniform(9, 33))),
            )
        ]
        shown = text.replace("-", rng.choice(["-", "\u2212", "\u2212", "\u2013"]))
        if rng.random() < 0.2 and shown.isdigit() and len(shown) > 4:
            shown = f"{shown[:-3]}\u2009{shown[-3:]}"
        left, top, right, bottom = font.getbbox(shown)
        image = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
        x = 4 - left + rng.random()
        ImageDraw.Draw(image).text((x, 4 - top + rng.random()), shown, 255, font)
        spans = [
            (x + font.getlength(shown[:i]), x + font.getlength(shown[: i + 1]))
            for i, letter in enumerate(shown)
            if letter != "\u2009"
        ]
        return image, spans

    return draw


def _pillow(text: str, rng: random.Random) -> tuple[Image.Image, Spans]:
    font = ImageFont.load_default_imagefont()
    width, height = (int(v) for v in font.getbbox(text)[2:])
    image = Image.new("L", (width + 8, height + 8), 0)
    ImageDraw.Draw(image).text((4, 4), text, 255, font)
    step = width / len(text)
    return image, [(4 + step * i, 4 + step * (i + 1)) for i in range(len(text))]


def _bitmap(cells: dict[str, NDArray[np.bool_]]) -> Draw:
    def draw(text: str, rng: random.Random) -> tuple[Image.Image, Spans]:
        row = np.concatenate([cells.get(c, cells["0"] & False) for c in text], axis=1)
        step = cells["0"].shape[1]
        spans = [(4.0 + step * i, 4.0 + step * (i + 1)) for i in range(len(text))]
        return Image.fromarray(np.pad(row, 4).astype(np.uint8) * 255), spans

    return draw


def _sox_cells() -> dict[str, NDArray[np.bool_]] | None:
    """The letters of sox, out of titles that it draws."""
    cells = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in _parts(LETTERS, 40):
            path = f"{folder}/title.png"
            command = [
                "sox",
                "-n",
                "-n",
                "synth",
                "0.2",
                "sine",
                "440",
                "spectrogram",
                "-t",
                f"H{part}H",
                "-o",
                path,
            ]
            try:
                subprocess.run(command, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError):
                return None
            top = np.asarray(Image.open(path).convert("L"))[8:26] > 100
            columns = np.flatnonzero(top.any(axis=0))
            start, step = (
                int(columns[0]),
                (int(columns[-1]) + 1 - int(columns[0]) - 5) // (len(part) + 1),
            )
            for i, letter in enumerate(part):
                left = start + step * (i + 1)
                cells[letter] = top[:, left : left + step]
    return cells


def _ffmpeg_cells() -> dict[str, NDArray[np.bool_]] | None:
    """The letters of ffmpeg, out of its library: 8 bytes each, found by the shape of the zero."""
    zero = bytes([0x7C, 0xC6, 0xCE, 0xDE, 0xF6, 0xE6, 0x7C, 0x00])
    for path in Path("/usr/lib").glob("*/libavutil.so*"):
        content = path.read_bytes()
        place = content.find(zero)
        if place >= 0:
            font = np.frombuffer(content[place - 48 * 8 : place + 80 * 8], np.uint8).reshape(
                128, 8, 1
            )
            bits = np.unpackbits(font, axis=2).astype(np.bool_)
            return {letter: bits[ord(letter)] for letter in LETTERS}
    return None


def _parts(text: str, size: int) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


if __name__ == "__main__":
    main()
