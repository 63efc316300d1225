"""Names of classes as parts of file names, on every file system."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence

MOST_BYTES = 80
"""Of a class in a file name, in UTF-8; file systems allow 255 for the whole name."""

_FORBIDDEN = frozenset('<>:"/\\|?*')
"""What Windows refuses; Unix forbids the slash alone."""

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices, whatever follows behind a dot."""


def file_names(labels: Sequence[str]) -> tuple[str, ...]:
    """One part of a file name for each class, no two alike where case does not count."""
    names: list[str] = []
    taken: set[str] = set()
    for label in labels:
        name = plain = file_name(label)
        number = 2
        while name.casefold() in taken:
            name = f"{plain}_{number}"
            number += 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def file_name(label: str) -> str:
    """A class as the beginning of a file name: readable, and harmless in a shell and on a disk."""
    composed = unicodedata.normalize("NFC", label)
    kept = "".join(character if _is_harmless(character) else "_" for character in composed)
    short = kept.encode("utf-8")[:MOST_BYTES].decode("utf-8", "ignore")
    # A dot in front hides a file, a dash makes it an option, spaces and dots at the end vanish.
    name = short.lstrip(" .-").rstrip(" .") or "class"
    return f"_{name}" if _DEVICE.match(name) else name


def _is_harmless(character: str) -> bool:
    if character in _FORBIDDEN or not character.isprintable():
        return False
    try:
        character.encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        return False
    return True
