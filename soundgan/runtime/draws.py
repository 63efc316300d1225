"""Random numbers of code that takes no generator: layers' first weights, torchaudio's phases.

Such code draws from torch's one global stream. To seed that, and to put it back afterwards, is
seen by every other thread in between, and their draws are seen by us. So each draw is handed a
generator of its own on its way to the kernel, in this thread alone.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_WITH_GENERATOR = {
    "default": "generator",
    "low": "low_generator",
    "low_dtype": "low_generator_dtype",
    "Tensor": "Tensor_generator",
}
"""Overloads that draw from the global stream, and those of the same operation that need not."""


class DrawsFrom(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Inside ``with``, what this thread draws on the CPU comes from ``seed``.

    The numbers are those after ``torch.manual_seed(seed)``. The global stream stays where it is.
    Layers that draw without any generator, which are those of dropout, are not redirected.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stream = torch.Generator().manual_seed(seed)

    def draw(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        """The operation, with our generator where it draws."""
        given = dict(kwargs or {})
        if torch.Tag.nondeterministic_seeded not in func.tags or not _on_cpu(args, given):
            return func(*args, **given)
        drawn = _with_generator(func)
        if drawn is not None and given.get("generator") is None:
            func, given["generator"] = drawn, self._stream
        return func(*args, **given)


# Defined inside the class it would be wrapped by torch, which imports a compiler for that: 2 s.
DrawsFrom.__torch_dispatch__ = DrawsFrom.draw  # type: ignore[method-assign,assignment]


def _on_cpu(args: tuple[Any, ...], given: dict[str, Any]) -> bool:
    """Whether numbers are drawn on the CPU; on ``meta`` none are."""
    for value in args:
        if isinstance(value, torch.Tensor):
            return value.device.type == "cpu"
    return torch.device(given.get("device") or "cpu").type == "cpu"


def _with_generator(func: Any) -> Any:
    """The overload of an operation that takes a generator; ``None`` where there is none."""
    if any(argument.name == "generator" for argument in func._schema.arguments):
        return func
    name = _WITH_GENERATOR.get(func._overloadname, "")
    return getattr(func.overloadpacket, name) if name in func.overloadpacket.overloads() else None
