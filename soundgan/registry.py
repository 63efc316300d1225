"""Names of exchangeable parts, imported only when one is asked for."""

from __future__ import annotations

import difflib
from importlib import import_module
from typing import Any, Generic, TypeVar, cast

from soundgan.errors import UsageError

T = TypeVar("T")


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """A clause that suggests the closest known word, or lists them all."""
    if not known:
        return "remove it: nothing can be set here"
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}"


class Registry(Generic[T]):
    """Maps a name, which is also the file's name, to ``module:attribute``."""

    def __init__(self, kind: str, entries: dict[str, str]) -> None:
        self.kind = kind
        self._entries = dict(entries)

    def names(self) -> tuple[str, ...]:
        """All registered names, in registration order."""
        return tuple(self._entries)

    def load(self, name: str) -> T:
        """Import and return the part called ``name``.

        Raises:
            UsageError: No such part; the message suggests the nearest name.
        """
        if name not in self._entries:
            raise UsageError(f"unknown {self.kind} {name!r}; {did_you_mean(name, self.names())}")
        module, attribute = self._entries[name].split(":")
        loaded: Any = getattr(import_module(module), attribute)
        return cast(T, loaded)
