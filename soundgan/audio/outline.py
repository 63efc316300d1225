"""What is known of waveforms beside their spectrograms: their peak, how loud they start and end.

The first and the last moments of a sound are where its spectrogram knows least: the frames that
would stand before it and behind it are missing. What is rebuilt there swings at once, a click,
though recordings begin and end in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
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

_QUIET_SHARE, _QUIETEST_SHARE = 0.75, 0.5
"""Of the sounds that stay within the quiet limits, and within the quietest."""

_PRESSED, _PRESSED_FIRST = 0.004, 0.01
"""Share of its norm by which a waveform has to leave limits to be given the widest, or the next."""

_FREE = 1e9
"""A limit that is none."""

RISE_SECONDS = 0.0005
"""In which a sound of which nothing is known may rise to its peak; few recordings are faster."""

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
    quiet_start: list[Share] = Field(default_factory=list, max_length=40)
    """Limits that most sounds keep to; empty where there is one sound only."""
    quiet_end: list[Share] = Field(default_factory=list, max_length=40)
    """The same from the last sample backwards."""
    quietest_start: list[Share] = Field(default_factory=list, max_length=40)
    """Limits that half of the sounds keep to; empty where there is one sound only."""
    quietest_end: list[Share] = Field(default_factory=list, max_length=40)
    """The same from the last sample backwards."""
    peak: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Largest magnitude of every sound, where all have the same."""


@dataclass(frozen=True)
class Limits:
    """An outline for sounds of one length.

    Attributes:
        n_samples: Their length.
        start: Shares of the peak that the first samples keep to, [n], or of each sound [B, n].
        end: The same of the last samples, in the order of time, [m] or [B, m].
        most: Share of its norm by which a waveform may leave them before it needs wider ones.
    """

    n_samples: int
    start: Tensor
    end: Tensor
    most: float = _PRESSED

    def hold(self, waveforms: Tensor) -> None:
        """Bring ``waveforms`` [B, N] within the limits, in place: the nearest that are.

        A sound's peak is that of its samples without a limit. Waveforms that stop earlier are
        silent from there on.
        """
        n, m = self.start.shape[-1], self.end.shape[-1]
        if not n + m or not len(waveforms):
            return
        last = self.n_samples - m
        peaks = waveforms[:, n:last].abs().amax(dim=1, keepdim=True)
        ends = (waveforms[:, :n], self.start), (waveforms[:, last : self.n_samples], self.end)
        for part, shares in ends:
            limit = peaks * shares[..., : part.shape[1]]
            torch.clamp(part, -limit, limit, out=part)

    def pressing(self, waveforms: Tensor) -> Tensor:
        """Which of ``waveforms`` [B, N] would have to be changed much to be held, [B]."""
        held = waveforms.clone()
        self.hold(held)
        # In double precision, so that it does not matter in which order a row is summed up.
        moved, norm = ((part.double() ** 2).sum(dim=1) for part in (held - waveforms, waveforms))
        return moved > self.most**2 * norm


def limits(outline: Outline | None, n_samples: int) -> tuple[Limits, ...]:
    """The limits of sounds of ``n_samples``, the narrowest first; at least one.

    What nearly all sounds keep to comes last. At least half of the samples are free.

    Args:
        outline: What is known; nothing is limited without it.
        n_samples: Length of the sounds.
    """
    if outline is None:
        return (Limits(n_samples, torch.zeros(0), torch.zeros(0)),)
    widths = [
        (outline.quietest_start, outline.quietest_end),
        (outline.quiet_start, outline.quiet_end),
        (outline.start, outline.end),
    ]
    widths = [width for width in widths[:-1] if any(width)] + widths[-1:]
    starts, ends = (_spread(side, n_samples // 4) for side in zip(*widths, strict=True))
    most = [_PRESSED_FIRST] * (len(widths) - 2) + [_PRESSED] * 2
    return tuple(
        Limits(n_samples, start, end.flip(0).contiguous(), share)
        for start, end, share in zip(starts, ends, most[-len(widths) :], strict=True)
    )


def wider_where(pressed: Tensor, wide: Limits, narrow: Limits) -> Limits:
    """The ``wide`` limits for sounds that are ``pressed`` [B], the ``narrow`` ones for others."""
    start, end = (
        torch.where(pressed[:, None], one, other)
        for one, other in ((wide.start, narrow.start), (wide.end, narrow.end))
    )
    return Limits(wide.n_samples, start, end, wide.most)


class OutlineMeter:
    """Measures the outline of sounds of one length, batch by batch.

    Nineteen of twenty sounds begin and end within the limits, a single one does exactly. Silent
    ones are passed over.

    Args:
        sample_rate: Hz.
        with_peak: Whether to note the peak, if they have it in common.
    """

    def __init__(self, sample_rate: int, *, with_peak: bool = True) -> None:
        self._edge = round(EDGE_SECONDS * sample_rate)
        self._with_peak = with_peak
        self._start: list[Tensor] = []
        self._end: list[Tensor] = []
        self._peaks: list[Tensor] = []

    def add(self, waveforms: Tensor, *, peaks: Tensor | None = None) -> None:
        """Look at waveforms [B, N].

        Args:
            waveforms: How they begin and end counts.
            peaks: Of the sounds that they belong to, [B], if they are not those themselves.
        """
        heights = waveforms.abs()
        peak = heights.amax(dim=1)
        self._peaks.append(peak if peaks is None else peaks)
        at = torch.tensor(list(_steps(min(self._edge, heights.shape[1])))) - 1
        most = int(at[-1]) + 1
        ends = (self._start, heights[:, :most]), (self._end, heights.flip(1)[:, :most])
        for rows, way in ends:
            rows.append(way.cummax(dim=1).values[:, at] / peak[:, None])

    def passing(self, batches: Iterable[Tensor]) -> Iterator[Tensor]:
        """The batches, each looked at on its way."""
        for waveforms in batches:
            self.add(waveforms)
            yield waveforms

    def outline(self, *, most: int | None = None) -> Outline | None:
        """What the sounds have in common, or ``None`` where there is none.

        Args:
            most: Of more sounds, an even sample counts.
        """
        count = sum(map(len, self._peaks))
        if not count:
            return None
        step = 1 if most is None else math.ceil(count / most)
        peaks = torch.cat(self._peaks)[::step]
        heard = peaks > 0
        if not heard.any():
            return None
        start, end = (torch.cat(rows)[::step][heard].numpy() for rows in (self._start, self._end))
        several = len(start) > 1
        return Outline(
            start=_limits_within(start, _SHARE),
            end=_limits_within(end, _SHARE),
            quiet_start=_limits_within(start, _QUIET_SHARE) if several else [],
            quiet_end=_limits_within(end, _QUIET_SHARE) if several else [],
            quietest_start=_limits_within(start, _QUIETEST_SHARE) if several else [],
            quietest_end=_limits_within(end, _QUIETEST_SHARE) if several else [],
            peak=_common(peaks[heard]) if self._with_peak else None,
        )


def measure_outline(
    batches: Iterable[Tensor], sample_rate: int, *, with_peak: bool = True
) -> Outline | None:
    """The outline of the sounds in batches of waveforms [B, N]; see :class:`OutlineMeter`."""
    meter = OutlineMeter(sample_rate, with_peak=with_peak)
    for waveforms in batches:
        meter.add(waveforms)
    return meter.outline()


def gentle_outline(sample_rate: int) -> Outline:
    """An outline for sounds of which nothing is known: no click at either end."""
    rise = RISE_SECONDS * sample_rate
    shares = [min(1.0, (step - 1) / rise) for step in _steps(math.ceil(rise))]
    return Outline(start=shares, end=shares)


def at_peak(waveforms: Tensor, outline: Outline | None) -> Tensor:
    """Waveforms [B, N] as loud as the sounds of the outline, and never beyond full scale.

    Of stereo ones [B, 2, N] the louder channel decides for both.
    """
    heights = waveforms.abs().amax(dim=tuple(range(1, waveforms.ndim)), keepdim=True)
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


def _spread(widths: Sequence[list[float]], most: int) -> list[Tensor]:
    """For each list the shares of single samples, at most ``most``, as far as any of them limits.

    Returns:
        Tensors of one length.
    """
    lasting = max(len(_limiting(width)) for width in widths)
    spread = []
    for width in widths:
        shares: list[float] = []
        for number, step in zip(range(lasting), _steps(1 << 20), strict=False):
            share = width[number] if number < len(width) else 1.0
            shares += [share if share < 1.0 else _FREE] * (step - len(shares))
        spread.append(torch.tensor(shares[:most], dtype=torch.float32))
    return spread


def _limiting(shares: list[float]) -> list[float]:
    """All up to the first that is no limit."""
    return list(takewhile(lambda share: share < 1.0, shares))


def _limits_within(rows: NDArray[np.float32], share: float) -> list[float]:
    """What a share of the rows [N, K] keep to, rounded up."""
    found = np.quantile(rows, share, axis=0, method="higher").astype(np.float64)
    return [min(1.0, float(np.ceil(value * _DIGITS) / _DIGITS)) for value in found]


def _common(peaks: Tensor) -> float | None:
    """The peak [N] of nearly all sounds, if they have one."""
    middle = peaks.median()
    alike = (peaks - middle).abs() <= _SAME_PEAK * middle
    if float(alike.float().mean()) < _SHARE or float(middle) < QUIETEST:
        return None
    return min(1.0, round(float(middle), 4))
