"""The random streams of the process, which no call of ours may move."""

from __future__ import annotations

from typing import Any

import numpy as np


def drawn_by_numpy() -> list[int]:
    """Where numpy's global stream stands."""
    state: Any = np.random.get_state(legacy=False)  # noqa: NPY002
    return [*state["state"]["key"].tolist(), state["state"]["pos"]]
