"""Printed words to text: cut into letters, each recognised by a small network.

It was trained on letters of words that ``tools/train_reader.py`` draws, in common fonts of
plotting tools and in the bitmap fonts of sox and ffmpeg, from 5 pixels of height on. Letters that
touch are cut where the network is surest of both parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from scipy import ndimage
from torch import Tensor, nn
from torch.nn import functional

Ink = NDArray[np.float32]

LETTERS = "0123456789.,:-+()[]/%^*=_'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""What can be read; the network's output has one place more, for what is no letter."""

SIDE = 16
"""Rows and columns that a letter is scaled to."""

_MARKED = 0.45
"""Ink of a letter; fainter is the blur between two."""

_WIDEST = 0.95
"""Letters wider than so much of their height may be two that touch,"""

_NARROWEST = 0.18
"""each at least so wide."""

_DOT = 0.3
"""A decimal point is at most so high and wide."""

_WEIGHTS = Path(__file__).with_name("reader.safetensors")


@dataclass(frozen=True)
class Spelled:
    """What a word says.

    Attributes:
        text: Letters of :data:`LETTERS`.
        certainty: Of the least certain letter, 0 to 1; 0 where there is none.
    """

    text: str
    certainty: float


class Reader(nn.Module):
    """Letters from what they look like and where in their line they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.strokes = nn.Linear(SIDE * SIDE + 5, 128)
        self.shapes = nn.Linear(128, 96)
        self.letters = nn.Linear(96, len(LETTERS) + 1)

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits [B, letters + 1] of what :func:`features` gives, [B, 261]."""
        x = functional.relu(self.strokes(glyphs))
        spelled: Tensor = self.letters(functional.relu(self.shapes(x)))
        return spelled


def spell(words: Sequence[Ink]) -> list[Spelled]:
    """What words say.

    Args:
        words: Ink [H, W] of each, 0 paper and 1 ink, cut to the word.
    """
    return [_spelled(word) for word in words]


def letters_of(word: Ink) -> list[tuple[int, int]]:
    """First column and the one after the last of the shapes in a word, from left to right.

    Parts one above the other, as of ``i`` and ``:``, are one shape.
    """
    labels, _ = ndimage.label(word > _MARKED, np.ones((3, 3), np.int8))
    spans = sorted((columns.start, columns.stop) for _, columns in ndimage.find_objects(labels))
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged:
            first, last = merged[-1]
            shared = min(last, stop) - start
            if shared >= 0.5 * min(last - first, stop - start):
                merged[-1] = (first, max(last, stop))
                continue
        merged.append((start, stop))
    return merged


def features(word: Ink, start: int, stop: int) -> Tensor | None:
    """A letter as the network sees it [261]; ``None`` where there is no ink.

    Args:
        word: Ink [H, W] of the whole word.
        start: First column of the letter.
        stop: Column after its last.
    """
    part = word[:, start:stop]
    rows = np.flatnonzero((part > _MARKED).any(axis=1))
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    letter = torch.from_numpy(np.ascontiguousarray(part[top:bottom], np.float32))
    height, width = letter.shape
    scale = SIDE / max(height, width)
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    sized = functional.interpolate(
        letter[None, None], size, mode="bilinear", align_corners=False, antialias=True
    )[0, 0]
    left = (SIDE - size[1]) // 2
    square = torch.zeros(SIDE, SIDE)
    square[: size[0], left : left + size[1]] = sized
    line = len(word)
    place = torch.tensor(
        [height / line, top / line, 1.0 - bottom / line, min(2.0, width / height), width / line]
    )
    return torch.cat([square.reshape(-1), place])


def _spelled(word: Ink) -> Spelled:
    """The letters of one word, the surest cut of shapes that may be several."""
    text, certainty = "", 1.0
    spans = letters_of(word)
    rows = [_rows(word, start, stop) for start, stop in spans]
    base = min((b for t, b in rows if b - t > 0.5 * len(word)), default=0)
    for (start, stop), (top, bottom) in zip(spans, rows, strict=True):
        small = max(bottom - top, stop - start) <= _DOT * len(word)
        if small and abs(bottom - base) <= 1 and base:
            said, share = ".", 1.0  # a comma goes below the line
        elif stop - start > _WIDEST * len(word) or _recognised(word, [(start, stop)])[1][0] < 0.5:
            said, share = _parted(word, start, stop)
        else:
            letters, shares = _recognised(word, [(start, stop)])
            said, share = letters[0], shares[0]
        text += said
        certainty = min(certainty, share)
    return Spelled(text, certainty if text else 0.0)


def _rows(word: Ink, start: int, stop: int) -> tuple[int, int]:
    """First row of a letter and the one after its last."""
    marked = np.flatnonzero((word[:, start:stop] > _MARKED).any(axis=1))
    return int(marked[0]), int(marked[-1]) + 1


def _parted(word: Ink, start: int, stop: int) -> tuple[str, float]:
    """The surest letters between two columns, of all ways to cut where there is little ink."""
    columns = word[:, start:stop].sum(axis=0)
    least = max(2, round(_NARROWEST * len(word)))
    inner = range(least, len(columns) - least + 1)
    valleys = [i for i in inner if columns[i - 1 : i + 1].min() <= _least_near(columns, i) + 0.3]
    cuts = [start, *(start + i for i in valleys[:40]), stop]
    widest = 1.3 * len(word)
    pairs = [
        (a, b)
        for i, a in enumerate(cuts)
        for b in cuts[i + 1 :]
        if least <= b - a <= widest or (a, b) == (start, stop)
    ]
    letters, shares = _recognised(word, pairs)
    sure = zip(letters, shares, strict=True)
    known = dict(zip(pairs, sure, strict=True))
    best: dict[int, tuple[float, str, float]] = {start: (0.0, "", 1.0)}
    for b in cuts[1:]:
        for a in cuts:
            if a >= b or a not in best or (a, b) not in known:
                continue
            letter, share = known[a, b]
            score = best[a][0] + float(np.log(share + 1e-6))
            if b not in best or score > best[b][0]:
                best[b] = (score, best[a][1] + letter, min(best[a][2], share))
    _, text, certainty = best.get(stop, (0.0, "", 0.0))
    return text, certainty


def _least_near(columns: Ink, place: int) -> float:
    """The least ink of the columns around a place."""
    return float(columns[max(0, place - 3) : place + 3].min())


def _recognised(word: Ink, spans: Sequence[tuple[int, int]]) -> tuple[list[str], list[float]]:
    """The likeliest letter of every span, and its share."""
    seen = [features(word, start, stop) for start, stop in spans]
    glyphs = torch.stack([torch.zeros(SIDE * SIDE + 5) if one is None else one for one in seen])
    with torch.inference_mode():
        shares = _reader()(glyphs).softmax(dim=1)[:, : len(LETTERS)]
    best, places = shares.max(dim=1)
    letters = [LETTERS[place] for place in places.tolist()]
    sure = [0.0 if one is None else share for one, share in zip(seen, best.tolist(), strict=True)]
    return letters, sure


@lru_cache(maxsize=1)
def _reader() -> Reader:
    reader = Reader()
    weights = load_file(_WEIGHTS)
    reader.load_state_dict({name: value.float() for name, value in weights.items()})
    return reader.eval()
