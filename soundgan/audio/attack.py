"""How long a sound takes to begin."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

POWER_SECONDS = 0.001
"""Power is a mean over so long."""

FROM_DB, TO_DB = -20.0, -3.0
"""An attack lasts from where power first is within the one of the highest to the other."""


def attack_ms(waveforms: Tensor, sample_rate: int) -> Tensor:
    """Time in which the power of waveforms rises from -20 to -3 dB of its highest, ms [B].

    It is half a millisecond or less where sound begins at once, because power is a mean of a
    millisecond. A silent waveform has none: it is 0.

    Args:
        waveforms: float32 [B, N].
        sample_rate: Hz.
    """
    n = max(1, round(POWER_SECONDS * sample_rate))
    total = pad(waveforms.double().square(), (n // 2, n - 1 - n // 2)).unfold(1, n, 1)
    power = total.mean(dim=2)
    highest = power.amax(dim=1, keepdim=True)
    first = [
        (power >= highest * 10.0 ** (level / 10.0)).to(torch.uint8).argmax(dim=1)
        for level in (FROM_DB, TO_DB)
    ]
    samples: Tensor = (first[1] - first[0]).double()
    return 1000.0 * samples / sample_rate
