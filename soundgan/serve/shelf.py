"""The models that are within reach, by the first digits of their hash, and the one in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from soundgan.assembly.networks import build_generator
from soundgan.codec.build import codec_shape
from soundgan.errors import ArtefactError
from soundgan.inference.model_file import LoadedModel, ModelDescription, describe_model, load_model
from soundgan.models.skeleton import shapes_only
from soundgan.pipelines.find_model import RUNS, bundled_models, find_model, run_models
from soundgan.runtime.files import sha256_file
from soundgan.serve.problems import Refusal, not_found

HASH_LENGTH = 16
"""Digits of a model's SHA-256 that name it here, as they do in addresses."""


@dataclass(frozen=True)
class Shelved:
    """A model that can be asked for.

    Attributes:
        sha256: Of its file.
        name: What names it on the command line.
        path: Its file.
        description: What it says of itself.
        takes: Whether one code makes many sounds.
    """

    sha256: str
    name: str
    path: Path
    description: ModelDescription
    takes: bool

    @property
    def hash(self) -> str:
        """What names it here."""
        return self.sha256[:HASH_LENGTH]


class Shelf:
    """Finds models in the working folder and keeps the one that was asked for last in memory.

    A model stays in memory when a training replaces its file, and its sounds can be had until
    another one is asked for.

    Args:
        named: A model beside those that are found.
    """

    def __init__(self, named: Path | None = None) -> None:
        self._named = named and (find_model(named, RUNS), str(named))
        self._known: dict[tuple[Path, int, int], Shelved | None] = {}
        self._held: tuple[Shelved, LoadedModel] | None = None
        self._lock = threading.Lock()

    def models(self) -> list[Shelved]:
        """All of them: the named one, those of runs with the newest first, the bundled ones.

        Damaged ones are left out.
        """
        places = [self._named] if self._named else []
        places += [(path, path.parent.as_posix()) for path in run_models(RUNS)]
        places += [(path, name) for name, path in bundled_models().items()]
        found: dict[str, Shelved] = {}
        for path, name in places:
            if shelved := self._look_at(path, name):
                found.setdefault(shelved.sha256, shelved)
        return list(found.values())

    def find(self, hash: str) -> Shelved:
        """The model of this hash.

        Raises:
            Refusal: There is none.
        """
        held = self._held
        if held and held[0].hash == hash:
            return held[0]
        for shelved in self.models():
            if shelved.hash == hash:
                return shelved
        raise not_found(f"{hash}: no model of this hash; GET /api/v1/models lists those there are")

    def hash_of(self, path: Path) -> str | None:
        """The hash of a model file as it is now; ``None`` where it is damaged or gone."""
        shelved = self._look_at(path, path.parent.as_posix())
        return None if shelved is None else shelved.hash

    def provenance_of(self, path: Path) -> dict[str, Any]:
        """What a model file says of how it was made; empty where it is damaged or gone."""
        shelved = self._look_at(path, path.parent.as_posix())
        return {} if shelved is None else shelved.description.provenance

    def load(self, hash: str) -> tuple[Shelved, LoadedModel]:
        """The model of this hash, in memory.

        Raises:
            Refusal: There is none.
            ArtefactError: It is damaged.
        """
        shelved = self.find(hash)
        with self._lock:
            if self._held is None or self._held[0].sha256 != shelved.sha256:
                model = load_model(shelved.path)
                if model.sha256 != shelved.sha256:
                    raise Refusal(
                        HTTPStatus.NOT_FOUND,
                        f"{hash}: another model is in its place now; list the models again",
                    )
                self._held = shelved, model
            return self._held

    def _look_at(self, path: Path, name: str) -> Shelved | None:
        """A model as it is now; its file is read once, until it changes."""
        try:
            stat = path.stat()
            key = path, stat.st_mtime_ns, stat.st_size
            if key not in self._known:
                self._known[key] = _shelved(path, name)
            return self._known[key]
        except OSError:  # gone in between
            return None


def _shelved(path: Path, name: str) -> Shelved | None:
    try:
        description = describe_model(path)
        sha256 = sha256_file(path)
    except ArtefactError:
        return None
    shape = codec_shape(description.config, description.clip)
    with shapes_only():
        n_classes = len(description.labels) or None
        skeleton = build_generator(description.config, shape, n_classes, str(path), seed=0)
    return Shelved(sha256, name, path, description, skeleton.noise_dim > 0)
