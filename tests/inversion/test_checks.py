"""What no inversion begins with."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from soundgan.audio.mel import Bands
from soundgan.audio.stft import STFTSettings
from soundgan.errors import AudioError
from soundgan.inversion.checks import check_bands, check_magnitude

STFT = STFTSettings(64, 16, 64, "hann")
GOOD = torch.rand(2, 33, 5)


def spoilt(value: float) -> torch.Tensor:
    magnitude = GOOD.clone()
    magnitude[1, 32, 4] = value
    return magnitude


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"magnitude": GOOD[0]}, r"^magnitude: expected \[B, 33, T\], got \[33, 5\]$"),
        ({"magnitude": GOOD[:, :32]}, r"^magnitude: expected \[B, 33, T\], got \[2, 32, 5\]$"),
        ({"magnitude": GOOD[:, :, :0]}, r"^magnitude: expected \[B, 33, T\]"),
        ({"seeds": [1]}, r"^seeds: expected 2, one per item, got 1$"),
        ({"n_samples": 0}, r"^n_samples: must be at least 1, got 0$"),
        ({"magnitude": spoilt(math.nan)}, r"^magnitude: not finite"),
        ({"magnitude": spoilt(math.inf)}, r"^magnitude: not finite"),
        ({"magnitude": spoilt(-1e-9)}, r"^magnitude: negative"),
    ],
)
def test_what_is_no_magnitude_of_this_analysis_is_refused(
    changed: dict[str, Any], message: str
) -> None:
    good: dict[str, Any] = {"magnitude": GOOD, "seeds": [1, 2], "n_samples": 1}
    check_magnitude(good.pop("magnitude"), STFT, **good)
    given = {"magnitude": GOOD, **good, **changed}
    with pytest.raises(AudioError, match=message):
        check_magnitude(given.pop("magnitude"), STFT, **given)


@pytest.mark.parametrize(
    "bands",
    [
        Bands(torch.ones(8, 32), torch.ones(2, 8, 5)),  # of another analysis
        Bands(torch.ones(8, 33), torch.ones(2, 7, 5)),  # of another filterbank
        Bands(torch.ones(8, 33), torch.ones(1, 8, 5)),  # of fewer sounds
        Bands(torch.ones(8, 33), torch.ones(2, 8, 4)),  # of fewer moments
        Bands(torch.ones(8, 33), torch.full((2, 8, 5), -1.0)),
        Bands(torch.ones(8, 33), torch.full((2, 8, 5), math.nan)),
    ],
)
def test_bands_that_do_not_fit_are_refused(bands: Bands) -> None:
    check_bands(Bands(torch.ones(8, 33), torch.ones(2, 8, 5)), GOOD)
    with pytest.raises(AudioError, match=r"^bands: (expected|negative or not finite)"):
        check_bands(bands, GOOD)
