"""Libraries that only some commands need."""

from __future__ import annotations

from importlib.util import find_spec

from soundgan.errors import DependencyError


def demand_extra(extra: str, *modules: str, what: str) -> None:
    """Refuse to go on without a library.

    Args:
        extra: Which of the package's extras brings it.
        modules: Names that have to be there to import.
        what: What needs them, for the message.

    Raises:
        DependencyError: One is missing.
    """
    for module in modules:
        if find_spec(module) is None:
            raise DependencyError(
                f"{module}: not installed; {what} needs it: pip install 'soundgan[{extra}]'"
            )
