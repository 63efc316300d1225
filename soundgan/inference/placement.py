"""Which device a loaded model works on."""

from __future__ import annotations

import torch

from soundgan.inference.model_file import Model
from soundgan.inference.parity import cached_parity
from soundgan.reporting import Reporter
from soundgan.runtime.device import pick_device


def device_for(model: Model, name: str, reporter: Reporter) -> torch.device:
    """The device called ``name``; ``auto`` takes a GPU only if it makes the CPU's images.

    A device asked for by its name is taken as it is.

    Args:
        model: What is to run there.
        name: ``auto``, ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.
        reporter: Told why a GPU that is present stays unused.

    Raises:
        UsageError: A device that is not known or not present.
    """
    device = pick_device(name)
    if name != "auto" or device.type == "cpu":
        return device
    parity = cached_parity(model, device)
    if parity.passed:
        return device
    reporter.warn(
        f"{device} is not used for this model: {parity.why}; "
        f"working on the CPU (--device {device} uses it all the same)"
    )
    return torch.device("cpu")
