"""Which device to compute on, and what devices there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soundgan.errors import UsageError

if TYPE_CHECKING:
    import torch


def available_devices() -> tuple[str, ...]:
    """Names that work here: ``cpu``, each ``cuda:i``, ``mps``."""
    import torch

    cuda = [f"cuda:{index}" for index in range(torch.cuda.device_count())]
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return ("cpu", *(name for name in [*cuda, *mps] if _works(name)))


def pick_device(name: str) -> torch.device:
    """The device called ``name``; ``auto`` takes CUDA, then MPS, then the CPU.

    Raises:
        UsageError: A device that is not known or not present; there is no silent fallback.
    """
    import torch

    if name == "cpu":
        return torch.device("cpu")
    if not re.fullmatch(r"auto|mps|cuda(:\d{1,3})?", name):
        raise UsageError(f"`device={name}`: write auto, cpu, cuda, cuda:0 or mps")
    present = available_devices()
    if name == "auto":
        return torch.device(present[1] if len(present) > 1 else "cpu")
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in present:
        raise UsageError(f"`device={name}`: not present; choose from {', '.join(present)}")
    return torch.device(wanted)


def describe_device(device: torch.device) -> str:
    """A name a person recognises."""
    import torch

    if device.type == "cuda":
        return f"{device} ({torch.cuda.get_device_name(device)})"
    if device.type == "cpu":
        return f"cpu ({torch.get_num_threads()} threads)"
    return str(device)


def _works(name: str) -> bool:
    """Whether one small operation runs: with too old a driver a device is listed but fails."""
    import torch

    try:
        return float(torch.ones(2, device=name).sum().item()) == 2.0
    except RuntimeError:
        return False
