from __future__ import annotations

import pytest
import torch

from soundgan.augmentations.noise import Noise, NoiseOptions


def test_is_white_with_the_stated_deviation() -> None:
    images = torch.full((8, 1, 100, 100), -1.0)
    noise = Noise(NoiseOptions())(images, torch.Generator().manual_seed(0)) - images
    assert noise.mean().item() == pytest.approx(0.0, abs=5e-4)
    assert noise.std().item() == pytest.approx(0.03, rel=0.01)
    assert (noise[..., 1:] * noise[..., :-1]).mean().item() == pytest.approx(0.0, abs=2e-5)
    assert (noise[1:] * noise[:-1]).mean().item() == pytest.approx(0.0, abs=2e-5)
