"""What is known of waveforms beside their spectrograms: their peak, how loud they start and end.

The first and the last moments of a sound are where its spectrogram knows least: the frames that
would stand before it and behind it are missing. What is rebuilt there swings at once, a click,
though recordings begin and end in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from soundgan.audio.finish import QUIETEST
from soundgan.config.settings import Settings

EDGE_SECONDS = 0.005
"""How much of either end is looked at; the silence that ``prepare`` leaves before a sound."""

_SHARE = 0.95
"""Of the sounds that stay within the limits; one that starts late is not held back by one early."""

_DIGITS = 1e4
"""Limits are rounded up to a step of one over this."""

_SAME_PEAK = 0.012
"""Relative; 0.1 dB."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Outline(Settings):
    """Limits on the samples of sounds, as shares of the peak of each.

    Entry i of ``start`` is the limit of the samples from ``steps()[i - 1]`` to ``steps()[i]``,
    counted from the first, and likewise ``end`` from the last. 1 is no limit.
    """

    start: list[Share] = Field(default_factory=list, max_length=40)
    """Limits from the first sample on; none behind the last entry."""
    end: list[Share] = Field(default_factory=list, max_length=40)
    """Limits from the last sample backwards."""
    peak: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Largest magnitude of every sound, where all have the same."""


@dataclass(frozen=True)
class Limits:
    """An outline for sounds of one length.

    Attributes:
        n_samples: Their length.
        start: Shares of the peak that the first samples keep to, [n].
        end: The same of the last samples, in the order of time, [m].
    """

    n_samples: int
    start: Tensor
    end: Tensor

    def hold(self, waveforms: Tensor) -> None:
        """Bring ``waveforms`` [B, N] within the limits, in place: the nearest that are.

        A sound's peak is that of its samples without a limit. Waveforms that stop earlier are
        silent from there on.
        """
        n, m = len(self.start), len(self.end)
        if not n + m or not len(waveforms):
            return
        last = self.n_samples - m
        peaks = waveforms[:, n:last].abs().amax(dim=1, keepdim=True)
        ends = (waveforms[:, :n], self.start), (waveforms[:, last : self.n_samples], self.end)
        for part, shares in ends:
            limit = peaks * shares[: part.shape[1]]
            torch.clamp(part, -limit, limit, out=part)


def limits(outline: Outline | None, n_samples: int) -> Limits:
    """The limits of sounds of ``n_samples``; at least half of the samples are free."""
    if outline is None:
        return Limits(n_samples, torch.zeros(0), torch.zeros(0))
    start, end = (_spread(side)[: n_samples // 4] for side in (outline.start, outline.end))
    return Limits(n_samples, start, end.flip(0).contiguous())


def measure_outline(
    batches: Iterable[Tensor], sample_rate: int, *, with_peak: bool = True
) -> Outline | None:
    """The outline of the sounds in batches of waveforms [B, N] of one length.

    Nineteen of twenty sounds begin and end within the limits, a single one does exactly.

    Args:
        batches: The waveforms; silent ones are passed over.
        sample_rate: Hz.
        with_peak: Whether to note the peak, if they have it in common.

    Returns:
        ``None`` where there is no sound.
    """
    sides: tuple[list[Tensor], list[Tensor]] = ([], [])
    peaks = []
    for waveforms in batches:
        heights = waveforms.abs()
        peak = heights.amax(dim=1)
        heights, peak = heights[peak > 0], peak[peak > 0]
        peaks.append(peak)
        most = min(round(EDGE_SECONDS * sample_rate), heights.shape[1])
        at = torch.tensor(list(_steps(most))) - 1
        most = int(at[-1]) + 1
        for rows, way in zip(sides, (heights[:, :most], heights.flip(1)[:, :most]), strict=True):
            rows.append(way.cummax(dim=1).values[:, at] / peak[:, None])
    if not sum(map(len, peaks)):
        return None
    start, end = (_limits_within(torch.cat(rows).numpy()) for rows in sides)
    return Outline(start=start, end=end, peak=_common(torch.cat(peaks)) if with_peak else None)


def at_peak(waveforms: Tensor, outline: Outline | None) -> Tensor:
    """Waveforms [B, N] as loud as the sounds of the outline, and never beyond full scale."""
    heights = waveforms.abs().amax(dim=1, keepdim=True)
    if outline is None or outline.peak is None:
        return waveforms / heights.clamp(min=1.0)
    wanted = torch.where(heights >= QUIETEST, outline.peak, heights)
    return waveforms * (wanted / heights.clamp(min=1e-30))


def _steps(most: int) -> Iterator[int]:
    """1, 2, 4, 5, 8, 11, 16, 22, ... at most ``most``: two to an octave, rounded down; 1 anyway."""
    yield 1
    for half_octaves in count(2):
        step = math.isqrt(1 << half_octaves)
        if step > most:
            return
        if half_octaves != 3:  # rounded down, 2.8 is 2 again
            yield step


def _spread(shares: list[float]) -> Tensor:
    """The share that holds for each sample, up to the first without a limit."""
    spread: list[float] = []
    for share, step in zip(shares, _steps(1 << 20), strict=False):
        if share >= 1.0:
            break
        spread += [share] * (step - len(spread))
    return torch.tensor(spread, dtype=torch.float32)


def _limits_within(rows: NDArray[np.float32]) -> list[float]:
    """What a share of the rows [N, K] keep to, rounded up."""
    found = np.quantile(rows, _SHARE, axis=0, method="higher").astype(np.float64)
    return [min(1.0, float(np.ceil(value * _DIGITS) / _DIGITS)) for value in found]


def _common(peaks: Tensor) -> float | None:
    """The peak [N] of nearly all sounds, if they have one."""
    middle = peaks.median()
    alike = (peaks - middle).abs() <= _SAME_PEAK * middle
    if float(alike.float().mean()) < _SHARE or float(middle) < QUIETEST:
        return None
    return min(1.0, round(float(middle), 4))
