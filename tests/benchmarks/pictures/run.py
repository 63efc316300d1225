"""Draw the zoo, invert it without options and told, and measure what comes back."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import soundgan
from soundgan.errors import SoundGANError
from soundgan.pictures.colours import named_colormap, to_level
from tests.benchmarks.pictures import figures, imitated, programs
from tests.benchmarks.pictures.drawn import Drawn, Look
from tests.benchmarks.pictures.measures import distance
from tests.benchmarks.pictures.others import WAYS
from tests.benchmarks.pictures.signals import RATE, Signal, signals

LOOKS: list[Look] = [*programs.LOOKS, *figures.LOOKS, *imitated.LOOKS]

_NEAR_BOX, _NEAR_LEVEL, _NEAR_SHARE = 2, 0.03, 0.02
_SOURCES = Path(soundgan.__file__).parent


@dataclass(frozen=True)
class Heard:
    """What one way made of one picture.

    Attributes:
        cents: As of :class:`~tests.benchmarks.pictures.measures.Distance`.
        onset_ms: Likewise.
        spectral_db: Likewise.
        near: Whether pitch and onsets are near.
        wrong: What was read wrongly: box, colours, axis, duration, range.
        seconds: It took.
        error: Why nothing came back.
    """

    cents: float | None
    onset_ms: float | None
    spectral_db: float
    near: bool
    wrong: tuple[str, ...]
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class Animal:
    """One picture of the zoo and what became of it.

    Attributes:
        tool: That drew it.
        look: Of the tool's.
        signal: That was drawn.
        printed: Whether its axes are printed.
        ways: By name: ``bare`` and ``told`` are ours.
    """

    tool: str
    look: str
    signal: str
    printed: bool
    ways: dict[str, Heard]


def there(look: Look) -> bool:
    """Whether what a look needs is installed."""
    return (
        not look.needs
        or shutil.which(look.needs) is not None
        or importlib.util.find_spec(look.needs) is not None
    )


def jobs() -> list[tuple[Look, Signal]]:
    """All pictures that can be drawn here."""
    return [(look, signal) for look in LOOKS if there(look) for signal in signals()]


def file_name(look: Look, signal: Signal) -> str:
    """Of a picture, for reading."""
    text = f"{look.tool} {look.name} {signal.name}".lower()
    return "".join(c if c.isalnum() else "-" for c in text).replace("--", "-")


def code_hash(parts: tuple[str, ...]) -> str:
    """Of the sources that decide a result, so that nothing is measured twice."""
    digest = hashlib.sha256()
    for part in parts:
        for path in sorted((_SOURCES / part).rglob("*.py")):
            digest.update(path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name not in ("run.py", "table.py", "__main__.py"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


OURS = ("pictures", "pipelines/invert", "inversion", "representations", "audio")


def work(number: int, folder: Path, ours: str, theirs: str) -> Animal:
    """Draw, invert and measure one picture; from the cache where it has been done."""
    look, signal = jobs()[number]
    name = file_name(look, signal)
    path = folder / f"{name}.png"
    truth = look.draw(signal, path)
    rgb = np.asarray(Image.open(path).convert("RGB"))
    picture = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    cached = folder / "cache"
    cached.mkdir(exist_ok=True)
    ways: dict[str, Heard] = {}
    for way in ("bare", "told", *WAYS):
        code = theirs if way in WAYS else ours
        store = cached / f"{name} {way.replace(' ', '-')} {picture} {code}.json"
        if store.exists():
            entry = json.loads(store.read_text())
            ways[way] = Heard(**{**entry, "wrong": tuple(entry["wrong"])})
            continue
        ways[way] = _heard(way, path, rgb, truth, signal)
        store.write_text(json.dumps(asdict(ways[way])))
    return Animal(look.tool, look.name, signal.name, look.printed, ways)


def _heard(way: str, path: Path, rgb: NDArray[np.uint8], truth: Drawn, signal: Signal) -> Heard:
    started = time.perf_counter()
    wrong: tuple[str, ...] = ()
    try:
        if way in WAYS:
            samples: NDArray[Any] = WAYS[way](rgb, truth)
            rate = RATE
        else:
            options = truth.told() if way == "told" else {}
            made = soundgan.invert(path, **options)
            samples, rate = made.waveform, made.sample_rate
            said = {entry.name: entry.value for entry in made.assumptions}
            wrong = misread(said, truth, rgb)
    except SoundGANError as error:
        took = time.perf_counter() - started
        return Heard(999.0, 999.0, 60.0, False, ("error",), took, str(error))
    took = time.perf_counter() - started
    far = distance(signal, samples, rate)
    return Heard(far.cents, far.onset_ms, far.spectral_db, far.near(), wrong, took)


def misread(said: dict[str, str], truth: Drawn, rgb: NDArray[np.uint8]) -> tuple[str, ...]:
    """What of the readings and assumptions is wrong."""
    wrong = []
    edges = said.get("crop", "none")
    height, width = rgb.shape[:2]
    box = (0, 0, width, height) if edges == "none" else tuple(map(int, edges.split(",")))
    true = (truth.box.left, truth.box.top, truth.box.right, truth.box.bottom)
    if max(abs(a - b) for a, b in zip(box, true, strict=True)) > _NEAR_BOX:
        wrong.append("box")
    if not _same_colours(said, truth):
        wrong.append("colours")
    kind = said.get("frequency axis", truth.axis)
    if kind != truth.axis:
        wrong.append("axis")
    top = float(said.get("highest frequency, Hz", truth.f_max))
    if abs(top / truth.f_max - 1.0) > _NEAR_SHARE:
        wrong.append("top")
    duration = float(said.get("duration, s", truth.seconds))
    if abs(duration / truth.seconds - 1.0) > _NEAR_SHARE:
        wrong.append("duration")
    ranged = said.get("level range, dB")
    if ranged is not None and truth.range_db and abs(float(ranged) / truth.range_db - 1) > 0.1:
        wrong.append("range")
    if ranged is not None and not truth.range_db:
        wrong.append("range")
    return tuple(wrong)


def _same_colours(said: dict[str, str], truth: Drawn) -> bool:
    """Whether the map that was read tells the levels of the true one's colours."""
    if truth.colours is None:
        return True
    name = said.get("colormap", "")
    try:
        colormap = named_colormap(name)
    except SoundGANError:
        return True  # sampled from the picture: the distance tells
    levels = to_level(truth.colours[None], colormap)[0]
    even = np.linspace(0, 1, len(truth.colours))
    return float(np.abs(levels - even)[13:-13].mean()) <= _NEAR_LEVEL
