"""One seed, many independent random streams, each addressed by name and position.

A stream is not carried along: the numbers of step 500 follow from (seed, name, 500) alone. A
resumed run therefore draws exactly what the uninterrupted one would have drawn, and there is
no generator state to save or to lose.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import torch


def derive_seed(seed: int, *address: str | int) -> int:
    """A 63-bit seed for the stream at ``address``, the same on every machine."""
    text = "/".join([str(seed), *map(str, address)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def torch_stream(seed: int, *address: str | int) -> torch.Generator:
    """A CPU generator for one address; draw on CPU so that every device sees the same numbers."""
    import torch

    return torch.Generator().manual_seed(derive_seed(seed, *address))


def numpy_stream(seed: int, *address: str | int) -> np.random.Generator:
    """A numpy generator for one address."""
    import numpy as np

    return np.random.default_rng(derive_seed(seed, *address))
