from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from soundgan.runtime.draws import DrawsFrom

DRAWS: dict[str, Callable[[], Tensor]] = {
    "rand": lambda: torch.rand(3),
    "complex": lambda: torch.rand(3, dtype=torch.complex64),
    "randn": lambda: torch.randn(17),
    "randint": lambda: torch.randint(9, (8,)),
    "randint from": lambda: torch.randint(2, 9, (8,)),
    "randperm": lambda: torch.randperm(9),
    "rand_like": lambda: torch.rand_like(torch.ones(3)),
    "randn_like": lambda: torch.randn_like(torch.ones(17)),
    "randint_like": lambda: torch.randint_like(torch.ones(8), 2, 9),
    "in place": lambda: torch.empty(5).uniform_(1, 2) + torch.empty(5).normal_(),
    "bernoulli": lambda: torch.bernoulli(torch.full((9,), 0.5)),
    "multinomial": lambda: torch.multinomial(torch.ones(9), 4),
    "orthogonal": lambda: nn.init.orthogonal_(torch.empty(4, 4)),
    "truncated": lambda: nn.init.trunc_normal_(torch.empty(9)),
    "convolution": lambda: nn.Conv2d(1, 2, 3).weight,
    "spectral norm": lambda: spectral_norm(nn.Linear(4, 4))(torch.eye(4)),
    "embedding": lambda: nn.Embedding(3, 4).weight,
    "recurrent": lambda: nn.LSTM(3, 4).all_weights[0][0],
}


@pytest.mark.parametrize("name", DRAWS)
def test_numbers_are_those_after_the_seed_and_the_global_stream_stays(name: str) -> None:
    torch.manual_seed(5)
    expected = DRAWS[name]()
    before = torch.get_rng_state()
    with DrawsFrom(5):
        drawn = DRAWS[name]()
    assert torch.equal(drawn, expected)
    assert torch.equal(torch.get_rng_state(), before)


def test_threads_that_draw_at_once_do_not_hear_each_other() -> None:
    def weights(seed: int) -> Tensor:
        with DrawsFrom(seed):
            return torch.cat([nn.Linear(32, 32).weight for _ in range(20)])

    alone = {seed: weights(seed) for seed in range(4)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: weights(i % 4), range(80)))
    assert all(torch.equal(drawn, alone[i % 4]) for i, drawn in enumerate(together))


def test_an_own_generator_is_drawn_from_where_one_is_given() -> None:
    def stream() -> torch.Generator:
        return torch.Generator().manual_seed(9)

    with DrawsFrom(5):
        drawn = torch.rand(4, generator=stream())
    assert torch.equal(drawn, torch.rand(4, generator=stream()))


def test_on_the_meta_device_there_is_nothing_to_draw() -> None:
    with DrawsFrom(5), torch.device("meta"):
        assert nn.Linear(2, 2).weight.is_meta


def test_drawing_does_not_load_a_compiler() -> None:
    code = (
        "import sys, torch; from soundgan.runtime.draws import DrawsFrom\n"
        "with DrawsFrom(1): torch.rand(1)\n"
        "assert 'torch._dynamo' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
