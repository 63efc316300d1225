"""Pictures that clients sent, and the sounds that ``soundgan invert`` made of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from soundgan.runtime.files import make_folder, move, remove, sha256, sha256_file
from soundgan.serve.children import Children
from soundgan.serve.problems import Refusal, not_found
from soundgan.serve.uploads import temporary_folder
from soundgan.spelling import DASHES, command_line

MOST_PICTURES = 32
MOST_SOUNDS = 64
PATIENCE_SECONDS = 120.0
HASH_LENGTH = 16
KIND = "invert"


@dataclass(frozen=True)
class Inverted:
    """What was made of a picture.

    Attributes:
        facts: What the command says of it.
        wav: The sound.
    """

    facts: dict[str, Any]
    wav: bytes


class PictureStore:
    """The newest pictures, by their hashes, and sounds of them.

    Args:
        children: Where commands run.
    """

    def __init__(self, children: Children) -> None:
        self._children = children
        self._folder = temporary_folder()
        self._pictures: OrderedDict[str, Path] = OrderedDict()
        self._sounds: OrderedDict[tuple[str, ...], Inverted] = OrderedDict()
        self._lock = threading.Lock()
        self._number = 0

    def new_path(self) -> Path:
        """Where the next picture may be written."""
        with self._lock:
            self._number += 1
            return Path(self._folder.name) / f"{self._number}.upload"

    def add(self, path: Path, name: str) -> str:
        """Keep a picture under a name, which its sound tells too; what names it here."""
        id = sha256(f"{sha256_file(path)} {name}".encode())[:HASH_LENGTH]
        with self._lock:
            kept = Path(self._folder.name) / id / name
            make_folder(kept.parent)
            move(path, kept)
            self._pictures[id] = kept
            self._pictures.move_to_end(id)
            while len(self._pictures) > MOST_PICTURES:
                _, oldest = self._pictures.popitem(last=False)
                remove(oldest)
        return id

    def invert(self, id: str, corrections: list[str]) -> Inverted:
        """The sound of a picture.

        Args:
            id: What names it.
            corrections: Options of ``soundgan invert``.

        Raises:
            Refusal: There is no such picture, it is none, or too much is waiting.
        """
        key = id, *corrections
        with self._lock:
            if id not in self._pictures:
                raise not_found(f"{id}: no such picture, or sent long ago; send it again")
            if key in self._sounds:
                return self._sounds[key]
            path = self._pictures[id]
        with temporary_folder() as out:
            words = [*corrections, *command_line({"out": out, "json": True}), DASHES, str(path)]
            child = self._children.start(KIND, words, id)
            self._children.wait(child, PATIENCE_SECONDS)
            if not child.ended:
                self._children.stop(child)
                raise Refusal(
                    HTTPStatus.SERVICE_UNAVAILABLE, "it takes too long; try a smaller one"
                )
            found = (child.document or {}).get("sounds") or []
            if not found:
                error = (child.error or "nothing was made of it").removeprefix(f"{path}: ")
                raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, error, exit_code=child.code)
            made = Inverted(found[0], Path(found[0]["path"]).read_bytes())
        with self._lock:
            self._sounds[key] = made
            while len(self._sounds) > MOST_SOUNDS:
                self._sounds.popitem(last=False)
        return made

    def close(self) -> None:
        """Forget all of them."""
        self._folder.cleanup()
