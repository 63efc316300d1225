"""Codes that were found rather than drawn, in small files named by their hash."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soundgan.addresses.address import HASH_LENGTH, MAX_SEED, Code
from soundgan.errors import ArtefactError
from soundgan.runtime.files import read_json, sha256, write_json

CODES = Path("codes")
"""Where code files lie, seen from the working folder, as runs lie in ``runs``."""

FORMAT = "soundgan code"
VERSION = 1
MOST_NUMBERS = 1 << 16


@dataclass(frozen=True)
class CodeNumbers:
    """The numbers of a sound, instead of a seed.

    Attributes:
        model: SHA-256 of the model file whose sound it is.
        code: float32 numbers.
        grain: Seed of the noise, and of what is random about finding the phase.
    """

    model: str
    code: tuple[float, ...]
    grain: int

    @property
    def hash(self) -> str:
        """What its file and its address are called after."""
        text = json.dumps([self.model, self.packed, self.grain])
        return sha256(text.encode())[:HASH_LENGTH]

    @property
    def packed(self) -> str:
        """The numbers as little-endian float32 in base64."""
        return base64.b64encode(np.asarray(self.code, "<f4").tobytes()).decode()

    @property
    def source(self) -> Code:
        """How an address names it."""
        return Code(self.hash)

    def document(self) -> dict[str, Any]:
        """What files keep of it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "model": self.model,
            "code": self.packed,
            "grain": self.grain,
        }


def code_path(hash: str, folder: Path = CODES) -> Path:
    """Where the file of a code lies."""
    return folder / f"code{hash}.json"


def write_code(numbers: CodeNumbers, folder: Path = CODES) -> Path:
    """Keep a code; the same numbers are the same file.

    Raises:
        OutputError: It cannot be written.
    """
    path = code_path(numbers.hash, folder)
    if not path.exists():
        write_json(path, numbers.document())
    return path


def read_code(path: Path) -> CodeNumbers:
    """What :func:`write_code` wrote.

    Raises:
        ArtefactError: Missing, damaged, or of a newer version.
    """
    numbers = unpack(read_json(path), str(path))
    if path.name != code_path(numbers.hash).name:
        raise ArtefactError(f"{path}: damaged: its name is not the hash of its numbers")
    return numbers


def unpack(document: object, place: str) -> CodeNumbers:
    """What :meth:`CodeNumbers.document` gave.

    Raises:
        ArtefactError: Damaged, or of a newer version.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ArtefactError(f"{place}: not a {FORMAT}, or damaged")
    if document.get("version") != VERSION:
        raise ArtefactError(
            f"{place}: code version {str(document.get('version'))[:20]!r}, this program reads "
            f"{VERSION}; update soundgan"
        )
    model, packed, grain = (document.get(key) for key in ("model", "code", "grain"))
    whole = isinstance(grain, int) and not isinstance(grain, bool) and 0 <= grain <= MAX_SEED
    if not (isinstance(model, str) and isinstance(packed, str) and whole):
        raise ArtefactError(f"{place}: damaged: model, code or grain")
    try:
        content = base64.b64decode(packed, validate=True)
        numbers = np.frombuffer(content, "<f4")
    except (binascii.Error, ValueError):
        raise ArtefactError(f"{place}: damaged: its numbers cannot be read") from None
    if not (0 < len(numbers) <= MOST_NUMBERS and np.isfinite(numbers).all()):
        raise ArtefactError(f"{place}: damaged: no numbers, or not finite ones")
    return CodeNumbers(model, tuple(map(float, numbers)), int(str(grain)))


def known_codes(wanted: Iterable[str], folder: Path = CODES) -> dict[str, CodeNumbers]:
    """The codes of these hashes that lie in ``folder``.

    Raises:
        ArtefactError: One of the files is damaged.
    """
    return {
        hash: read_code(code_path(hash, folder))
        for hash in sorted(wanted)
        if code_path(hash, folder).is_file()
    }
