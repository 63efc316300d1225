"""The only place that imports torchaudio, and only when somebody asks for it."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from soundgan.errors import DependencyError


def load_torchaudio() -> Any:
    """The torchaudio module.

    Raises:
        DependencyError: It is missing, or was built for another torch.
    """
    try:
        return import_module("torchaudio")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise DependencyError(
            f"torchaudio: cannot be imported ({_first_line(error)}); install the release made for "
            f"torch {version('torch')}, or choose inversion.name = 'griffin_lim', which needs none"
        ) from error


def torchaudio_state() -> str:
    """``2.11.0``, ``not installed`` or ``2.11.0, broken: reason``."""
    try:
        installed = version("torchaudio")
    except PackageNotFoundError:
        return "not installed"
    try:
        load_torchaudio()
    except DependencyError as error:
        return f"{installed}, broken: {_first_line(error.__cause__ or error)}"
    return installed


def _first_line(error: BaseException) -> str:
    """What went wrong, in one line."""
    return next(iter(str(error).splitlines()), type(error).__name__)
