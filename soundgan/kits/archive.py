"""Zip archives without compression; the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can name."""


def archive(content: Mapping[str, bytes]) -> bytes:
    """A zip of files by their names, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, inside in content.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            file.writestr(entry, inside)
    return buffer.getvalue()
