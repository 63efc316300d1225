"""A ladder of transposed convolutions against the same one plainly, and against the limit.

Run with ``pytest -m benchmark -s tests/benchmarks/test_generator_speed.py`` on a quiet machine, two
threads. The ladder is that of the original SoundGAN at half its width: 1 x 1 to 256 x 256.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from soundgan.models.cost import forward_flops
from soundgan.models.dcgan import SLOPE, DCGANGenerator, DCGANGeneratorOptions
from soundgan.models.layout import placed
from soundgan.runtime.ceilings import matrix_rate
from soundgan.runtime.threads import single_threaded_pool
from tests.benchmarks.conftest import THREADS

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("two_threads")]

WIDTH, SIDE, BATCH = 64, 256, 16
REPEATS = 5


def ours() -> DCGANGenerator:
    torch.manual_seed(0)
    options = DCGANGeneratorOptions(latent_dim=100, width=WIDTH, init_std=0.0)
    generator = DCGANGenerator(options, (1, SIDE, SIDE), None).eval()
    return placed(generator, torch.device("cpu"))


def plain(generator: DCGANGenerator) -> nn.Sequential:
    """The same layers as anybody would write them, with the same weights."""
    layers: list[nn.Module] = []
    for name, weight in generator.state_dict().items():
        first = name.startswith("stages.0.")
        shape = (weight.shape[0], weight.shape[1], 4, *((1, 0) if first else (2, 1)))
        layer = nn.ConvTranspose2d(*shape, bias=False)
        layer.weight.data.copy_(weight)
        layers += [layer, nn.Tanh() if name.startswith("to_image") else nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*layers).eval()


def seconds(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def one_by_one(generator: DCGANGenerator, latents: Tensor) -> Tensor:
    """As ``soundgan generate`` does it: each sound alone, one thread each, two at a time."""

    def image(latent: Tensor) -> Tensor:
        with torch.inference_mode():
            made: Tensor = generator(latent[None])
            return made

    with single_threaded_pool(THREADS) as pool:
        return torch.cat(list(pool.map(image, latents)))


@torch.inference_mode()
def test_the_ladder_is_near_the_limit_at_any_batch() -> None:
    generator = ours()
    eager = plain(generator)
    latents = torch.randn(BATCH, 100, generator=torch.Generator().manual_seed(1))
    square = latents[:, :, None, None]
    limit = matrix_rate(torch.device("cpu"), torch.float32)
    flops = forward_flops(generator)
    error = float((one_by_one(generator, latents) - eager(square)).abs().max())

    print(f"\n  a matrix product reaches {limit / 1e9:.0f} GFLOP/s; largest difference {error:.1e}")
    rates = {}
    for name, n, work in (
        ("plain, batch 1", 1, lambda: eager(square[:1])),
        ("ours, batch 1", 1, lambda: generator(latents[:1])),
        ("plain, batch 16", BATCH, lambda: eager(square)),
        ("ours, batch 16 as one", BATCH, lambda: generator(latents)),
        ("ours, batch 16 one by one", BATCH, lambda: one_by_one(generator, latents)),
    ):
        rates[name] = n * flops / seconds(work)
        share = rates[name] / limit
        print(f"  {name:26} {rates[name] / 1e9:6.1f} GFLOP/s, {share:.0%} of a matrix product")
    assert error < 1e-4
    assert rates["ours, batch 16 as one"] >= 0.85 * limit
    assert rates["ours, batch 16 one by one"] >= 0.75 * limit
    assert rates["ours, batch 1"] >= 2.5 * rates["plain, batch 1"]
