"""What a 16-bit picture shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.open import open_picture


def levels_of(path: Path) -> NDArray[np.float32]:
    """Image values [F, T] in [-1, 1] of a grey picture, row 0 the lowest frequency."""
    pixels = open_picture(path).pixels
    assert pixels.dtype == np.uint16
    upright = pixels[::-1, :, 0].astype(np.float64)
    return (upright * (2.0 / 65535.0) - 1.0).astype(np.float32)
