"""Whether bytes behind the stated end of a sound are more of it, or something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundgan.audio.parts import Part, View
from soundgan.audio.parts import Read as ReadBytes

_WINDOW, _WINDOWS = 1024, 16
"""Samples that are looked at together, and how many times on either side."""

_LEAST = 256
"""From fewer samples before, nothing can be said about those behind."""

_SMOOTH = 1.0
"""Neighbouring samples differ by less than their level: chance, by which it is 1.4 times, does not
make that in a quarter of all windows, nor do programs or compressed files."""

_LOUDER = 20.0
"""A sound may grow by so much."""

_QUIET = 1e-4
_OFFSET = 0.25
"""No sound changes its constant part by so much."""

_CHANCE_LEVEL, _CHANCE_ROUGHNESS = (0.5, 0.65), (1.3, 1.5)
"""Of bytes that are equally frequent and follow no rule: 1/sqrt(3) and sqrt(2)."""


@dataclass(frozen=True)
class _Look:
    """Numbers of windows of a sound.

    Attributes:
        levels: RMS without the constant part.
        roughness: RMS of the differences of neighbours, by level, where there is a level.
        offset: Mean of all.
    """

    levels: NDArray[np.float64]
    roughness: NDArray[np.float64]
    offset: float

    @property
    def by_chance(self) -> bool:
        """Whether bytes without any order would look like this."""
        level, rough = float(np.median(self.levels)), _middle(self.roughness)
        low, high = _CHANCE_LEVEL
        smooth, wild = _CHANCE_ROUGHNESS
        return low < level < high and smooth < rough < wild


def continues(read: ReadBytes, before: Part, whole: Part) -> bool:
    """Whether a sound goes on behind ``before``, judged by its samples.

    More of a sound is smooth, as hardly anything else is, or as rough as it was and no louder, or
    hiss that is much quieter.

    Args:
        read: Gives bytes of the file.
        before: The sound up to its stated end.
        whole: The same and what lies behind it.
    """
    try:
        with soundfile.SoundFile(View(read, before.pieces)) as sound:
            n_before = sound.frames
        with soundfile.SoundFile(View(read, whole.pieces)) as sound:
            first = _look(sound, 0, n_before)
            then = _look(sound, n_before, sound.frames)
    except (soundfile.LibsndfileError, TypeError):
        return False
    if then is None:
        return False
    if first is None or n_before < _LEAST:
        return not then.by_chance
    if abs(then.offset - first.offset) > _OFFSET:
        return False
    loudest, as_loud_as = float(then.levels.max()), float(first.levels.max())
    if _lowest(then.roughness) < _SMOOTH:
        return loudest < _LOUDER * as_loud_as + _QUIET
    if then.by_chance and not first.by_chance:
        return False
    like_before = _middle(then.roughness) <= 1.25 * first.roughness.max(initial=0.0) + 0.1
    return loudest <= (2.0 if like_before else 0.25) * as_loud_as + _QUIET


def _look(sound: soundfile.SoundFile, begin: int, end: int) -> _Look | None:
    """What is between two samples, or ``None`` where there is nothing, or no numbers."""
    blocks = list(_windows(sound, begin, end))
    if not blocks or not all(np.isfinite(block).all() for block in blocks):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        levels = _levels([block - block.mean(axis=0) for block in blocks])
        steps = _levels([np.diff(block, axis=0) for block in blocks])
        offset = float(np.concatenate(blocks).mean())
    if not np.isfinite([*levels, *steps, offset]).all():
        return None
    heard = levels > 0
    return _Look(levels, steps[heard] / levels[heard], offset)


def _levels(blocks: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.array([np.sqrt(np.square(block).mean()) for block in blocks])


def _windows(sound: soundfile.SoundFile, begin: int, end: int) -> Iterator[NDArray[np.float64]]:
    """Some stretches [n, channels], from the first samples to the last."""
    last = max(begin, end - _WINDOW)
    for start in sorted({round(at) for at in np.linspace(begin, last, _WINDOWS)}):
        sound.seek(start)
        block = sound.read(min(_WINDOW, end - start), dtype="float64", always_2d=True)
        if len(block) > 1:
            yield block


def _middle(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _lowest(values: NDArray[np.float64]) -> float:
    """What a quarter stays below."""
    return float(np.quantile(values, 0.25)) if len(values) else 0.0
