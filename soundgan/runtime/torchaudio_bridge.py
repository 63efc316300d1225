"""The only place that imports torchaudio, and only when somebody asks for it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from soundgan.errors import DependencyError
from soundgan.runtime.installation import installed_version, pair_command
from soundgan.words import first_line


def load_torchaudio() -> Any:
    """The torchaudio module.

    Raises:
        DependencyError: It is missing, or was built for another torch.
    """
    try:
        return import_module("torchaudio")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise DependencyError(
            f"torchaudio: cannot be imported ({first_line(error)}); choose inversion.name = "
            f"'griffin_lim', which needs none, or install the pair: {pair_command()}"
        ) from error


def torchaudio_state() -> str:
    """``2.11.0``, ``not installed; ...`` or ``2.11.0, broken: reason; ...``, with the remedy."""
    remedy = f"only inversion.name = 'torchaudio_griffin_lim' needs it: {pair_command()}"
    installed = installed_version("torchaudio")
    if installed is None:
        return f"not installed; {remedy}"
    try:
        load_torchaudio()
    except DependencyError as error:
        return f"{installed}, broken: {first_line(error.__cause__ or error)}; {remedy}"
    return installed
