"""Range and spread of levels against numpy's."""

from __future__ import annotations

import numpy as np
import torch

from soundgan.representations.level_meter import LevelMeter


def test_it_measures_what_numpy_measures_over_all_batches() -> None:
    levels = -80.0 * torch.rand(7, 3, 5, generator=torch.Generator().manual_seed(0))
    meter = LevelMeter(3, -80.0)
    for part in levels.split(2):
        meter.add(part)
    rows = levels.double().transpose(0, 1).flatten(1).numpy()
    assert meter.n_columns == 35
    np.testing.assert_allclose(meter.mean.numpy(), rows.mean(axis=1))
    np.testing.assert_allclose(meter.std.numpy(), rows.std(axis=1))
    np.testing.assert_allclose(meter.highest.numpy(), rows.max(axis=1))
    np.testing.assert_allclose(meter.lowest.numpy(), rows.min(axis=1))
