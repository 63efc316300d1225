from __future__ import annotations

import pytest
import torch

from soundgan.runtime import noise as module
from soundgan.runtime.noise import normal_like


def stream(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_cpu_sees_the_streams_own_numbers() -> None:
    images = torch.zeros(2, 1, 8, 4)
    assert torch.equal(normal_like(images, stream()), torch.randn(2, 1, 8, 4, generator=stream()))


def test_another_device_draws_the_same_from_the_same_stream() -> None:
    images, cpu = torch.zeros(64, 1, 32, 32), torch.device("cpu")
    one, again = (module._drawn_on(cpu, images, stream()) for _ in range(2))
    assert torch.equal(one, again)
    assert float(one.std()) == pytest.approx(1, abs=0.02)
    advanced = stream()
    module._drawn_on(cpu, images, advanced)
    for other in (module._drawn_on(cpu, images, stream(1)), normal_like(images, advanced)):
        correlation = (one * other).mean()
        assert abs(float(correlation)) < 0.02


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_noise_is_drawn_on_the_gpu() -> None:
    images = torch.zeros(4, 1, 8, 8, device="cuda")
    noise = normal_like(images, stream())
    assert noise.device == images.device
    assert torch.equal(noise, normal_like(images, stream()))
