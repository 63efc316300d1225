"""Of many cases alike, which are tried always."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet


def first_always(values: list[str], always: int = 1) -> list[ParameterSet]:
    """The first few always, the others with the slow tests."""
    return [
        pytest.param(value, marks=[pytest.mark.slow] if number >= always else [])
        for number, value in enumerate(values)
    ]
