"""Fixed draws of a prepared folder: some clips to train on, all others to measure by."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path

from soundgan.data.manifest import MANIFEST, ClipEntry, Manifest, read_manifest
from soundgan.data.split import Split

VALIDATION_SHARE = 0.1
"""Of a draw: as ``prepare`` leaves it to a person who has no more than these clips."""

_USED = ("train", "validation", "test")


def drawn(clips: list[tuple[int, ClipEntry]], n: int, seed: int) -> list[int]:
    """Positions of ``n`` clips, of every class as many as of any other where it has so many.

    Which ones follows from their names and the seed alone.

    Args:
        clips: Positions and entries to draw from.
        n: How many.
        seed: Another one draws others.
    """
    waiting: dict[int, list[int]] = defaultdict(list)
    for position, clip in sorted(clips, key=lambda item: _number(item[1], seed), reverse=True):
        waiting[clip.label].append(position)
    chosen: list[int] = []
    while len(chosen) < n and waiting:
        for label in sorted(waiting):
            chosen.append(waiting[label].pop())
            if not waiting[label]:
                del waiting[label]
    return chosen[:n]


def draw(prepared: Path, folder: Path, *, n: int, seed: int) -> Path:
    """A prepared folder with the same clips, of which ``n`` are there to learn from.

    A tenth of those is for validation. All others are its test. Clips that belong to no split
    stay out.

    Returns:
        ``folder``.
    """
    manifest, _ = read_manifest(prepared)
    used = [(i, clip) for i, clip in enumerate(manifest.clips) if clip.split in _USED]
    chosen = drawn(used, n, seed)
    # The last ones of a draw, which takes classes in turn: some of each.
    kept = set(chosen[len(chosen) - round(VALIDATION_SHARE * n) :])

    def split(position: int, clip: ClipEntry) -> Split:
        if clip.split not in _USED:
            return clip.split
        if position not in chosen:
            return "test"
        return "validation" if position in kept else "train"

    clips = [
        clip.model_copy(update={"split": split(position, clip)})
        for position, clip in enumerate(manifest.clips)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for shard in manifest.shards:
        if not (folder / shard.file).exists():
            os.link(prepared / shard.file, folder / shard.file)
    _write(folder / MANIFEST, manifest.model_copy(update={"clips": tuple(clips)}))
    return folder


def _write(path: Path, manifest: Manifest) -> None:
    document = manifest.model_dump(by_alias=True, mode="json")
    path.write_text(json.dumps(document, sort_keys=True) + "\n")


def _number(clip: ClipEntry, seed: int) -> str:
    return hashlib.sha256(f"{seed} {clip.path} {clip.start}".encode()).hexdigest()
