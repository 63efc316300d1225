"""Which device a model works on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from soundgan.assembly.assembly import Assembly
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.parity import Parity, cached_parity, check_generator
from soundgan.reporting import Reporter
from soundgan.runtime.device import pick_device


def device_for(model: LoadedModel, name: str, reporter: Reporter) -> torch.device:
    """The device called ``name``; ``auto`` takes a GPU only if it makes the CPU's images.

    A device asked for by its name is taken as it is.

    Args:
        model: What is to run there.
        name: ``auto``, ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.
        reporter: Told why a GPU that is present stays unused.

    Raises:
        UsageError: A device that is not known or not present.
    """
    return _trusted(name, partial(cached_parity, model), reporter)


def device_to_train_on(assembly: Assembly, name: str, reporter: Reporter) -> torch.device:
    """:func:`device_for`, of a generator with fresh weights; gradients are not compared.

    Args:
        assembly: Of the run.
        name: As of :func:`device_for`.
        reporter: As of :func:`device_for`.

    Raises:
        UsageError: A device that is not known or not present.
        ConfigError: The config's generator does not exist or refuses its options.
    """

    def check(device: torch.device) -> Parity:
        return check_generator(assembly.generator().eval(), device)

    return _trusted(name, check, reporter)


def _trusted(
    name: str, check: Callable[[torch.device], Parity], reporter: Reporter
) -> torch.device:
    device = pick_device(name)
    if name != "auto" or device.type == "cpu":
        return device
    parity = check(device)
    if parity.passed:
        return device
    reporter.warn(
        f"{device} is not used for this model: {parity.why}; "
        f"working on the CPU (`device={device}` uses it all the same)"
    )
    return torch.device("cpu")
