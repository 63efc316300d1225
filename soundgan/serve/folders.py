"""Folders in the working folder: those with sounds, and those that ``prepare`` has made of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from soundgan.audio.sniff import has_audio_suffix
from soundgan.data.manifest import MANIFEST
from soundgan.inference.code_file import CODES
from soundgan.pipelines.find_model import RUNS, is_run

MOST_LOOKED_AT = 5000
"""Names in a folder until it is taken for one without sounds."""


def prepared_folders() -> dict[str, Path]:
    """Prepared folders by their names."""
    return {path.name: path for path in _folders() if (path / MANIFEST).is_file()}


def sound_folders() -> dict[str, Path]:
    """Folders of recordings by their names."""
    return {
        path.name: path
        for path in _folders()
        if not (path / MANIFEST).exists() and not is_run(path) and _has_sounds(path)
    }


def _folders() -> Iterator[Path]:
    for path in sorted(Path().iterdir()):
        hidden = path.name.startswith(".") or path in (RUNS, CODES)
        if not hidden and path.is_dir() and not path.is_symlink():
            yield path


def _has_sounds(folder: Path) -> bool:
    n_seen = 0
    with suppress(OSError):
        for _, _, names in os.walk(folder):
            for name in names:
                if has_audio_suffix(name):
                    return True
                n_seen += 1
                if n_seen > MOST_LOOKED_AT:
                    return False
    return False
