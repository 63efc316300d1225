"""Which machine and which versions a result belongs to."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import torch

from soundgan.version import VERSION

CPU_FACTS = Path("/proc/cpuinfo")
"""Where Linux names its processor; elsewhere ``platform`` knows."""


def describe_machine() -> dict[str, Any]:
    """System, processor, cores and threads in use."""
    return {
        "system": platform.platform(terse=True),
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "threads": torch.get_num_threads(),
    }


def describe_versions() -> dict[str, str]:
    """Of what decides how fast this is."""
    return {"soundgan": VERSION, "torch": torch.__version__, "python": platform.python_version()}


def processor(facts: Path = CPU_FACTS) -> str:
    """The processor's name as its maker writes it, where the system tells."""
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name" and value.strip():
                return " ".join(value.split())
    return platform.processor() or platform.machine()
