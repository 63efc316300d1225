from __future__ import annotations

import re

import pytest
import torch

from soundgan.config.schema import Config
from soundgan.errors import ConfigError
from soundgan.models.contract import Generator
from soundgan.models.cost import count_parameters, image_bytes, networks_bytes
from soundgan.training import estimate, footprint
from soundgan.training.batches import Batch
from soundgan.training.footprint import fitting_batch, refuse_too_large
from soundgan.training.state import TrainState
from soundgan.training.step import Metrics, generator_update
from tests.training.conftest import assembled

CPU = torch.device("cpu")


def refusal(config: Config, free: int | None, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said with so many bytes free; nothing if it may begin."""
    monkeypatch.setattr(footprint, "free_bytes", lambda _: free)
    try:
        refuse_too_large(assembled(config), CPU)
    except ConfigError as error:
        return str(error)
    return ""


def test_the_batch_that_would_fit_is_named_and_fits(
    config: Config, state: TrainState, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks = state.generator, state.discriminator
    free = networks_bytes(*networks) + 100 * image_bytes(*networks)
    large = config.model_copy(
        update={"training": config.training.model_copy(update={"batch_size": 101})}
    )
    said = refusal(large, free, monkeypatch)
    assert re.fullmatch(
        r"tiny\.toml: training\.batch_size: 101 images a step need about 0\.\d GB, "
        r"and 0\.\d GB are free on cpu; about 100 would fit",
        said,
    )
    fitting = large.model_copy(
        update={"training": config.training.model_copy(update={"batch_size": 100})}
    )
    assert refusal(fitting, free, monkeypatch) == ""
    assert refusal(large, None, monkeypatch) == ""


def test_networks_of_terabytes_are_refused_without_being_made(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = config.generator.model_copy(
        update={"options": config.generator.options | {"width": 1024, "max_channels": 65536}}
    )
    said = refusal(config.model_copy(update={"generator": generator}), 1 << 30, monkeypatch)
    assert "generator.options, discriminator.options: " in said
    assert said.endswith("choose smaller widths")


def test_the_bytes_of_networks_are_those_of_all_copies(state: TrainState) -> None:
    trained = [*state.generator.parameters(), *state.discriminator.parameters()]
    kept = 4 * sum(parameter.nbytes for parameter in trained)
    kept += sum(parameter.nbytes for parameter in state.ema.parameters())
    assert networks_bytes(state.generator, state.discriminator) == kept


def short_of_memory(above: int, error: Exception) -> object:
    """A generator update for which larger batches have no memory."""

    def update(state: TrainState, batch: Batch) -> Metrics:
        if len(batch.x) > above:
            raise error
        return generator_update(state, batch)

    return update


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        MemoryError(),
    ],
)
def test_the_batch_is_halved_until_a_step_succeeds(
    error: Exception, state: TrainState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "generator_update", short_of_memory(2, error))
    assert fitting_batch(state) == 2


def test_other_failures_are_not_taken_for_want_of_memory(
    state: TrainState, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = short_of_memory(0, RuntimeError("no kernel image"))
    monkeypatch.setattr(estimate, "generator_update", broken)
    with pytest.raises(RuntimeError, match="no kernel image"):
        fitting_batch(state)
    monkeypatch.setattr(estimate, "generator_update", short_of_memory(0, MemoryError()))
    assert fitting_batch(state) is None


def test_activations_are_the_outputs_of_all_layers(state: TrainState) -> None:
    class Two(Generator):
        def __init__(self) -> None:
            super().__init__(state.generator.shape, None)
            self.latent_dim = 4
            self.first, self.second = torch.nn.Linear(4, 7), torch.nn.Linear(7, 5)

        def forward(self, z: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
            return self.second(self.first(z))

    assert count_parameters(Two()) == 4 * 7 + 7 + 7 * 5 + 5
    assert image_bytes(Two(), Two()) == 4 * 4 * 2 * (7 + 5)  # type: ignore[arg-type]
