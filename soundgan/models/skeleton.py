"""Networks whose weights are not drawn: of shapes alone, or to be filled from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_DRAW = {"normal_", "uniform_", "trunc_normal_"}


class _WithoutDrawing(TorchFunctionMode):
    """Leaves out random weights: for tensors without memory they would import a compiler."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        initialises = getattr(func, "__module__", "") == "torch.nn.init"
        if initialises or getattr(func, "__name__", "") in _DRAW:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)


@contextmanager
def shapes_only() -> Iterator[None]:
    """Networks that are built inside have parameters on the meta device."""
    with torch.device("meta"), _WithoutDrawing():
        yield


@contextmanager
def without_drawing() -> Iterator[None]:
    """Networks that are built inside have weights of whatever was in memory: fill all of them."""
    with _WithoutDrawing():
        yield
