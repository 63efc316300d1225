"""The program beside the package of the same name."""

from __future__ import annotations

import pytest

from tests.conftest import Run


@pytest.fixture
def run(soundgan: Run) -> Run:
    """As the fixture ``soundgan``, where that name is the package."""
    return soundgan
