"""Prepared folders for tests, written with the package's own store."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from soundgan.data.manifest import MANIFEST, ClipEntry, Manifest, write_manifest_bytes
from soundgan.data.shards import ShardWriter
from soundgan.data.split import Split

SAMPLE_RATE = 8000
N_SAMPLES = 2048

SPLITS: dict[int, Split] = {4: "validation", 9: "test"}
"""By the last digit of a clip's position."""


def write_dataset(
    folder: Path, *, n_clips: int = 40, labels: tuple[str, ...] = ("low", "mid", "high")
) -> Path:
    """Decaying tones whose class sets the pitch; a tenth each for validation and the test."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(5)
    seconds = np.arange(N_SAMPLES) / SAMPLE_RATE
    ids = np.arange(n_clips) % max(1, len(labels))
    pitch = 300.0 * 2.0**ids * rng.uniform(0.9, 1.1, n_clips)
    waves = np.sin(2 * np.pi * pitch[:, None] * seconds) * np.exp(-8 * seconds)
    writer = ShardWriter(folder, N_SAMPLES)
    writer.add((waves * 29000).astype(np.int16)[:, None])
    manifest = Manifest(
        sample_rate=SAMPLE_RATE,
        n_samples=N_SAMPLES,
        parameters={},
        labels=labels,
        shards=tuple(writer.close()),
        clips=tuple(
            ClipEntry(
                path=f"{index}.wav",
                source_sha256=f"{index:064x}",
                decoded_sha256=f"{index:064x}",
                start=0,
                label=int(ids[index]) if labels else -1,
                split=SPLITS.get(index % 10, "train"),
            )
            for index in range(n_clips)
        ),
    )
    (folder / MANIFEST).write_bytes(write_manifest_bytes(manifest))
    return folder
