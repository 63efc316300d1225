"""A prepared dataset, opened for reading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.data.manifest import Manifest, read_manifest
from soundgan.data.shards import open_shard, verify_shard
from soundgan.runtime.files import sha256
from soundgan.shapes import ClipSpec

FULL_SCALE = 32768.0


@dataclass(frozen=True, eq=False)
class PreparedDataset:
    """Clips of one length, their labels and splits. Opening reads no clip.

    Attributes:
        path: The folder, or ``None`` for arrays in memory.
        clip: Sample rate, length and channels of every clip.
        labels: Names of the classes; empty when the dataset has none.
        label_ids: Position in ``labels`` of each clip, or -1, int64 [n].
        train_indices: Clips to learn from, int64, ascending.
        validation_indices: Clips that a training measures itself by, int64, ascending.
        test_indices: Clips that no training looks at, int64, ascending. A dataset that was
            prepared before there were two splits has the same clips in both. Clips beside them in
            a divided recording, and those without a label in a labelled dataset, are in none.
        content_hash: SHA-256 of the manifest, which in turn names the hash of every shard.
        manifest: Everything that is known about the clips.
    """

    path: Path | None
    clip: ClipSpec
    labels: tuple[str, ...]
    label_ids: NDArray[np.int64]
    train_indices: NDArray[np.int64]
    validation_indices: NDArray[np.int64]
    test_indices: NDArray[np.int64]
    content_hash: str
    manifest: Manifest
    _shards: tuple[NDArray[np.int16], ...]
    _ends: NDArray[np.int64]

    @classmethod
    def open(cls, path: Path) -> PreparedDataset:
        """Read the manifest and map the shards.

        Raises:
            ArtefactError: No dataset, damaged, or written by a newer version.
        """
        return cls.from_manifest(path, *read_manifest(path))

    @classmethod
    def from_manifest(cls, path: Path, manifest: Manifest, content: bytes) -> PreparedDataset:
        """Map the shards of ``manifest``, whose bytes are ``content``.

        Raises:
            ArtefactError: A shard is missing or damaged.
        """
        shape = manifest.stored_shape
        shards = tuple(open_shard(path, entry, shape) for entry in manifest.shards)
        return cls._of(path, manifest, content, shards)

    @classmethod
    def of_clips(
        cls, manifest: Manifest, content: bytes, clips: NDArray[np.int16]
    ) -> PreparedDataset:
        """A dataset whose clips [n, C, N] are in memory."""
        return cls._of(None, manifest, content, (clips,))

    @classmethod
    def _of(
        cls,
        path: Path | None,
        manifest: Manifest,
        content: bytes,
        shards: tuple[NDArray[np.int16], ...],
    ) -> PreparedDataset:
        splits = np.array([clip.split for clip in manifest.clips], dtype="U10")
        return cls(
            path=path,
            clip=manifest.clip,
            labels=manifest.labels,
            label_ids=np.array([clip.label for clip in manifest.clips], dtype=np.int64),
            train_indices=np.flatnonzero(splits == "train"),
            validation_indices=np.flatnonzero(np.isin(splits, ("validation", "held_out"))),
            test_indices=np.flatnonzero(np.isin(splits, ("test", "held_out"))),
            content_hash=sha256(content),
            manifest=manifest,
            _shards=shards,
            _ends=np.cumsum([entry.clips for entry in manifest.shards], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.label_ids)

    @property
    def place(self) -> str:
        """What messages call it."""
        return "arrays in memory" if self.path is None else str(self.path)

    @property
    def tests_apart(self) -> bool:
        """Whether there are clips for a test that training does not measure itself by."""
        return bool(len(np.setdiff1d(self.test_indices, self.validation_indices)))

    def waveforms(self, indices: NDArray[np.integer]) -> NDArray[np.float32]:
        """Waveforms [B, C, N] in [-1, 1] of the clips at ``indices``, in that order."""
        return self.samples(indices).astype(np.float32) / np.float32(FULL_SCALE)

    def samples(self, indices: NDArray[np.integer]) -> NDArray[np.int16]:
        """Stored samples [B, C, N] of the clips at ``indices``, in that order."""
        wanted = np.asarray(indices, dtype=np.int64)
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < len(self)):
            raise IndexError(f"clip index outside 0..{len(self) - 1}")
        shape = len(wanted), self.clip.channels, self.clip.n_samples
        result = np.empty(shape, dtype=np.int16)
        shard_of = np.searchsorted(self._ends, wanted, side="right")
        for number in np.unique(shard_of):
            here = shard_of == number
            shard = self._shards[number]
            result[here] = shard[wanted[here] - (self._ends[number] - len(shard))]
        return result

    @property
    def for_models(self) -> ModelClips:
        """The clips in the shape that models take."""
        return ModelClips(self)

    def verify(self) -> None:
        """Compare every shard with its hash.

        Raises:
            ArtefactError: A shard's bytes have changed.
        """
        if self.path is not None:
            for entry in self.manifest.shards:
                verify_shard(self.path, entry)


@dataclass(frozen=True)
class ModelClips:
    """A dataset's clips as models take them: mono without an axis for its one channel."""

    dataset: PreparedDataset

    def waveforms(self, indices: NDArray[np.integer]) -> NDArray[np.float32]:
        """Waveforms [B, N], or [B, 2, N] of stereo, in [-1, 1], of the clips at ``indices``."""
        return self._shaped(self.dataset.waveforms(indices))

    def samples(self, indices: NDArray[np.integer]) -> NDArray[np.int16]:
        """Stored samples [B, N], or [B, 2, N] of stereo, of the clips at ``indices``."""
        return self._shaped(self.dataset.samples(indices))

    def _shaped(self, clips: NDArray[Any]) -> NDArray[Any]:
        return clips[:, 0] if self.dataset.clip.channels == 1 else clips
