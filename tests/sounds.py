"""Small sounds and files of them for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 8000


def tone(
    seconds: float, *, hertz: float = 440.0, level: float = 0.5, rate: int = RATE
) -> NDArray[np.float32]:
    """A steady sine."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def silence(seconds: float, *, rate: int = RATE) -> NDArray[np.float32]:
    """Zeros."""
    return np.zeros(round(seconds * rate), np.float32)


def write(
    path: Path,
    waveform: NDArray[np.float32] | NDArray[np.int16],
    rate: int = RATE,
    *,
    format: str | None = None,
    subtype: str | None = None,
) -> Path:
    """A file of ``waveform`` [N] or [N, channels]; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, waveform, rate, format=format, subtype=subtype)
    return path
