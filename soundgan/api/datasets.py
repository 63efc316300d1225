"""Datasets in the hands of a Python program: prepared folders, and arrays in memory.

>>> import numpy as np
>>> import soundgan
>>> noise = np.random.default_rng(0).uniform(-0.5, 0.5, (200, 2000))
>>> dataset = soundgan.dataset_from_arrays(noise, 8000, ["loud", "soft"] * 100)
>>> dataset.labels, dataset.clip.n_samples  # padded to a multiple of 128
(('loud', 'soft'), 2048)
>>> len(dataset.train_indices), len(dataset.validation_indices), len(dataset.test_indices)
(160, 20, 20)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from soundgan.api.arguments import as_samples, checked
from soundgan.data import in_memory
from soundgan.data.dataset import PreparedDataset
from soundgan.data.split import checked_shares


@checked
def open_dataset(path: str | Path = "prepared") -> PreparedDataset:
    """Open a prepared folder; no clip is read until it is asked for.

    Raises:
        ArtefactError: No dataset, damaged, or written by a newer version.
    """
    return PreparedDataset.open(Path(path))


@checked
def dataset_from_arrays(
    waveforms: Sequence[ArrayLike] | NDArray[Any],
    sample_rate: int,
    labels: Sequence[str] | None = None,
    *,
    validation: float = 0.1,
    test: float = 0.1,
) -> PreparedDataset:
    """A dataset of waveforms that are in memory already; nothing is written.

    They are taken as they are: cut, trimmed and levelled by whoever made them. Shorter ones are
    padded with silence to the longest, rounded up to a multiple of 128 samples.

    Args:
        waveforms: Float in [-1, 1], mono [N] each or stereo [N, 2]; an array [B, N] or [B, N, 2]
            will do.
        sample_rate: Of all, Hz.
        labels: Their classes, one each; ``None`` for none.
        validation: Part that a training measures itself by, drawn within each class by content.
        test: Part that no training looks at; both together at most 0.5. No part where it would
            have fewer than 10 clips.

    Raises:
        UsageError: Nothing in it, of a wrong shape, not finite, or beyond [-1, 1].
    """
    given: Sequence[Any] | NDArray[Any] = (
        np.atleast_1d(waveforms) if isinstance(waveforms, np.ndarray) else waveforms
    )
    arrays = [as_samples("waveforms", waveform, finite=False) for waveform in given]
    shares = checked_shares(validation, test)
    return in_memory.dataset_from_arrays(arrays, sample_rate, labels, shares=shares)
