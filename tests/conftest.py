"""Fixtures that several tests share."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a fixed seed."""
    return np.random.default_rng(20240607)


@pytest.fixture(scope="session")
def fsdd() -> Path:
    """Folder of real spoken digits, or a skip where it is not installed."""
    folder = os.environ.get("SOUNDGAN_FSDD")
    if not folder:
        pytest.skip("SOUNDGAN_FSDD does not name a folder of spoken digits")
    return Path(folder)
