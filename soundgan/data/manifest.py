"""What a prepared dataset holds and where each clip came from: ``manifest.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator

from soundgan.config.settings import Settings
from soundgan.data.split import Split
from soundgan.errors import ArtefactError
from soundgan.runtime.files import reason
from soundgan.shapes import ClipSpec

MANIFEST = "manifest.json"
KIND: Final = "soundgan dataset"
SCHEMA = 3
"""1 stores mono clips as [n, N] and has one split that is not trained on, ``held_out``; 2 adds the
split ``gap``. 3 stores [n, C, N] and has two, ``validation`` and ``test``."""

_OF_SCHEMA_3 = frozenset({"validation", "test"})

MAX_BYTES = 1 << 30

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ShardEntry(Settings):
    """One file of clips."""

    file: Annotated[str, Field(pattern=r"^clips-[0-9]{5}-[0-9a-f]{8}\.npy$")]
    """Name inside the dataset's folder: position, and the start of its hash."""
    sha256: Sha256
    """Hash of the whole file."""
    clips: Annotated[int, Field(ge=1)]
    """How many clips it holds."""


class ClipEntry(Settings):
    """Where one clip came from; its position in the list is its index."""

    path: str
    """Source file, relative to the source folder, bytes that are not UTF-8 escaped."""
    source_sha256: Sha256
    """Hash of the source file."""
    decoded_sha256: Sha256
    """Hash of the source's decoded mono samples and rate."""
    start: Annotated[int, Field(ge=0)]
    """First sample of the clip in the source, counted at the dataset's rate."""
    label: Annotated[int, Field(ge=-1)]
    """Position in the list of labels, or -1."""
    split: Split
    """Which split it is part of; ``gap`` and ``unlabelled`` are part of none."""


class Manifest(Settings):
    """The whole dataset, in the order of its clips."""

    model_config = ConfigDict(populate_by_name=True)

    schema_number: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)] = SCHEMA
    """Layout of this document."""
    kind: Literal["soundgan dataset"] = KIND
    """What this document describes."""
    sample_rate: Annotated[int, Field(ge=1)]
    """Hz."""
    n_samples: Annotated[int, Field(ge=1)]
    """Length of every clip."""
    channels: Annotated[int, Field(ge=1, le=2)] = 1
    """Of every clip: 1, or 2 for left and right."""
    parameters: dict[str, Any]
    """What the clips were made with: options and versions of libraries."""
    labels: tuple[str, ...]
    """Names of the classes, sorted; empty when the dataset has none."""
    shards: tuple[ShardEntry, ...]
    """Files, in the order of the clips."""
    clips: tuple[ClipEntry, ...]
    """One entry a clip."""

    @model_validator(mode="after")
    def _counts_agree(self) -> Manifest:
        stored = sum(shard.clips for shard in self.shards)
        if stored != len(self.clips):
            raise ValueError(f"shards hold {stored} clips, {len(self.clips)} are listed")
        if any(clip.label >= len(self.labels) for clip in self.clips):
            raise ValueError(f"a label beyond the {len(self.labels)} that are named")
        splits = {clip.split for clip in self.clips}
        foreign = splits & ({"held_out"} if self.schema_number >= 3 else _OF_SCHEMA_3)
        if foreign or (self.schema_number < 3 and self.channels != 1):
            what = foreign.pop() if foreign else f"{self.channels} channels"
            raise ValueError(f"schema {self.schema_number} has no {what}")
        return self

    @property
    def clip(self) -> ClipSpec:
        """Rate, length and channels of every clip."""
        return ClipSpec(self.sample_rate, self.n_samples, self.channels)

    @property
    def stored_shape(self) -> tuple[int, ...]:
        """Of one clip on disk: (N,) up to schema 2, (C, N) from 3 on."""
        return (self.n_samples,) if self.schema_number < 3 else (self.channels, self.n_samples)


class ForeignManifestError(ArtefactError):
    """The manifest of something else, or of a version that is not understood here."""


class _Header(Settings):
    """Only what tells whether the rest can be understood."""

    model_config = ConfigDict(extra="ignore")

    schema_number: Annotated[int, Field(alias="schema")]
    kind: str


def write_manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as it stands on disk."""
    return json_lines(manifest.model_dump(mode="json", by_alias=True))


def read_manifest(folder: Path) -> tuple[Manifest, bytes]:
    """The manifest of a prepared folder, and its bytes.

    Raises:
        ForeignManifestError: Of another kind, or of a newer version.
        ArtefactError: Missing or damaged.
    """
    path = folder / MANIFEST
    content = _read(path)
    _check_header(path, content)
    try:
        return Manifest.model_validate_json(content), content
    except ValidationError as error:
        raise ArtefactError(f"{path}: damaged: {_first_problem(error)}") from error


def json_lines(document: dict[str, Any]) -> bytes:
    """A JSON document with sorted keys and one line for each item of its long lists.

    Readable and comparable line by line, and an order of magnitude faster to write than a fully
    indented one.
    """
    parts = [f"{json.dumps(key)}: {_value(document[key])}" for key in sorted(document)]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _check_header(path: Path, content: bytes) -> None:
    try:
        header = _Header.model_validate_json(content)
    except ValidationError as error:
        problem = _first_problem(error)
        raise ForeignManifestError(f"{path}: not a {KIND}, or damaged: {problem}") from error
    if header.kind != KIND:
        raise ForeignManifestError(f"{path}: describes a {header.kind!r}, not a {KIND}")
    if header.schema_number > SCHEMA:
        raise ForeignManifestError(
            f"{path}: written by a newer soundgan (schema {header.schema_number}, "
            f"this one reads {SCHEMA}); update soundgan or prepare the folder again"
        )


def _value(value: Any) -> str:
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(_compact(item) for item in value) + "\n]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ArtefactError(f"{path}: larger than {MAX_BYTES} bytes; not a file of soundgan")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ArtefactError(
            f"{path.parent}: no prepared dataset here; make one with: soundgan prepare SRC"
        ) from error
    except OSError as error:
        raise ArtefactError(f"{path}: cannot read: {reason(error)}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])
