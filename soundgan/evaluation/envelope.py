"""Where in a clip the sound is: its power over time, and its onset."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

ENVELOPE_SECONDS = 0.001
"""Power is a mean over so long a time."""


def envelope_of(waveforms: Tensor, sample_rate: int) -> Tensor:
    """Mean power of the millisecond around each sample, float64 [B, N].

    Args:
        waveforms: [B, C, N]; of several channels the mean power is taken.
        sample_rate: Hz.
    """
    power = waveforms.double().square().mean(dim=1)
    n = max(1, round(ENVELOPE_SECONDS * sample_rate))
    padded = pad(power, (n // 2, n - 1 - n // 2))
    total = pad(padded.cumsum(dim=1), (1, 0))
    mean: Tensor = ((total[:, n:] - total[:, :-n]) / n).clamp(min=0.0)
    return mean


def onset_of(envelope: Tensor, level_db: float) -> Tensor:
    """First sample at which power is within ``level_db`` of the highest, int64 [B].

    Args:
        envelope: Power [B, N].
        level_db: Below 0.
    """
    threshold = envelope.amax(dim=1, keepdim=True) * 10.0 ** (level_db / 10.0)
    first: Tensor = (envelope >= threshold).to(torch.uint8).argmax(dim=1)
    return first


def end_of(envelope: Tensor, level_db: float) -> Tensor:
    """One past the last sample at which power is within ``level_db`` of the highest, int64 [B].

    Args:
        envelope: Power [B, N].
        level_db: Below 0.
    """
    return envelope.shape[1] - onset_of(envelope.flip(1), level_db)
