"""Arguments of the Python functions: each must be of its type, and is named where it is not."""

from __future__ import annotations

import os
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, wraps
from inspect import signature
from pathlib import Path
from types import NoneType, SimpleNamespace, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from soundgan.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

WORDS = {bool: "True or False", int: "a whole number", float: "a number", str: "a text"}
"""What people call a type."""

PLURALS = {int: "whole numbers", str: "texts", str | Path: "texts or paths"}

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, which refuses arguments of a wrong type by their names.

    Numbers and texts of numpy become Python's, and what can be gone through becomes a tuple.
    """
    known = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        given = known.bind(*args, **kwargs)
        for name, hint in _hints(function).items():
            if name in given.arguments:
                given.arguments[name] = accepted(name, given.arguments[name], hint)
        return function(*given.args, **given.kwargs)

    return call


@cache
def _hints(function: Callable[..., object]) -> Mapping[str, Any]:
    """Types of the parameters; what the result is made of may be known to type checkers only."""
    texts = {name: hint for name, hint in function.__annotations__.items() if name != "return"}
    holder, names = SimpleNamespace(__annotations__=texts), dict[str, Any]()
    while True:
        try:
            return get_type_hints(holder, function.__globals__, names)
        except NameError as error:  # imported for type checkers only: a class of this name
            names[str(error.name)] = type(str(error.name), (), {})


def as_samples(name: str, value: object, *, finite: bool = True) -> NDArray[np.float32]:
    """An array of float32; finite and no PCM, unless the caller looks at that itself.

    Raises:
        UsageError: It holds something else.
    """
    import numpy as np

    try:
        given = np.asarray(value)
        real = given.dtype.kind in "biuf"
        samples = given.astype(np.float32) if real else None
    except (TypeError, ValueError):  # rows of several lengths
        samples = None
    if samples is None or (finite and not np.isfinite(samples).all()):
        raise UsageError(f"`{name}`: {shown(value)}; give an array of finite numbers")
    if finite and given.dtype.kind in "iu" and (abs(samples) > 1).any():
        raise UsageError(f"`{name}`: whole numbers beyond 1; scale samples to [-1, 1]")
    return samples


def accepted(name: str, value: object, hint: Any) -> Any:
    """``value`` as the type that is wanted.

    Raises:
        UsageError: It is none.
    """
    try:
        return _taken(value, hint)
    except (TypeError, ValueError):
        raise UsageError(f"`{name}`: {shown(value)} is not {_told(hint)}") from None


def shown(value: object) -> str:
    """A value in one short line."""
    return " ".join(_SHORT.repr(value).split())


def _taken(value: Any, hint: Any) -> Any:
    """``value`` as ``hint`` wants it; otherwise a TypeError or ValueError."""
    kind = get_origin(hint)
    if kind in (Union, UnionType):
        return _first(value, get_args(hint))
    if hint is Any:
        return value
    if kind in (Sequence, Iterable):
        return _several(value, kind, *get_args(hint))
    if kind is Callable:
        return _if(callable(value), value)
    if kind is Literal:
        return _taken(value, str)
    if getattr(hint, "_is_protocol", False):
        return _if(all(hasattr(value, part) for part in vars(hint) if part[0] != "_"), value)
    if getattr(kind or hint, "__module__", "") == "numpy":
        return _if(_array_like(value), value)
    return _one(value, kind or hint)


def _first(value: Any, hints: Sequence[Any]) -> Any:
    """As the first type that will do; texts that may be paths must be some that could exist."""
    for hint in hints:
        try:
            taken = _taken(value, hint)
        except (TypeError, ValueError):
            continue
        if Path in hints and isinstance(taken, str):
            return _if("\0" not in taken and os.fsencode(taken) is not None, taken)
        return taken
    raise TypeError


def _several(value: Any, kind: Any, inner: Any) -> Any:
    """A tuple of those in ``value``."""
    unordered = isinstance(value, set | frozenset) and kind is Sequence
    if isinstance(value, str | bytes | Mapping) or unordered:
        raise TypeError
    if isinstance(value, range):
        return value
    if _of_arrays(inner):  # they are looked at where they are used
        return tuple(value)
    return tuple(_taken(one, inner) for one in value)


def _of_arrays(hint: Any) -> bool:
    """Whether a type is that of arrays, or holds some."""
    inside = any(map(_of_arrays, get_args(hint)))
    return inside or getattr(get_origin(hint) or hint, "__module__", "") == "numpy"


def _one(value: Any, kind: type) -> Any:
    """One number, text, path or object."""
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
    if kind is float:
        return _if(isinstance(value, int | float) and not isinstance(value, bool), value)
    if kind is Path:
        path = Path(_if(isinstance(value, os.PathLike), value))
        return _if("\0" not in str(path) and os.fsencode(path) is not None, path)
    named = kind.__name__ in {base.__name__ for base in type(value).__mro__}
    right = isinstance(value, kind) or named
    return _if(right and (kind is not int or not isinstance(value, bool)), value)


def _array_like(value: Any) -> bool:
    """Whether numpy may make an array of it."""
    arrays = any(hasattr(value, f"__array{kind}__") for kind in ("", "_interface"))
    return arrays or isinstance(value, list | tuple)


def _if(right: bool, value: Any) -> Any:
    if not right:
        raise TypeError
    return value


def _told(hint: Any) -> str:
    """What is wanted, for people: ``a text, a path or None``."""
    hints = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    *others, last = dict.fromkeys(map(_word, hints))
    return f"{', '.join(others)} or {last}" if others else last


def _word(hint: Any) -> str:
    kind = get_origin(hint) or hint
    if kind is NoneType:
        return "None"
    if kind in (Sequence, Iterable):
        return f"several {PLURALS.get(get_args(hint)[0], 'of them')}"
    if kind is Callable:
        return "a function"
    if kind is Mapping:
        return "a dict"
    if kind is Literal:
        return "a text"
    if kind is Path:
        return "a path"
    if getattr(kind, "__module__", "") == "numpy":
        return "an array"
    return WORDS.get(kind, f"a {kind.__name__}")
