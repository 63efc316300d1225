"""What may lie in a folder after its command was stopped half-way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from soundgan.data.manifest import MANIFEST, read_manifest
from soundgan.data.shards import verify_shard
from soundgan.ingest.store import WORK
from soundgan.runtime.files import TEMPORARY_MARK, sha256_file
from tests.faults.conftest import Whole


def artefacts(out: Path) -> dict[str, str]:
    """Name and hash of everything that is not marked as unfinished, and of the lock."""
    return {
        str(path.relative_to(out)): sha256_file(path)
        for path in sorted(out.rglob("*"))
        if path.is_file()
        and TEMPORARY_MARK not in path.name
        and WORK not in path.parts
        and path.name != ".lock"
    }


def damages(out: Path, whole: Whole) -> Iterator[str]:
    """Whatever is half-written, and a dataset that was there and is no more."""
    for name, digest in artefacts(out).items():
        if name.endswith(".jsonl"):  # grows by lines; the last may have been cut short
            for line in (out / name).read_text().splitlines()[:-1]:
                json.loads(line)
        elif (name, digest) not in whole.versions:
            yield f"{name} is half-written"
    if whole.job.before is not None or (out / MANIFEST).exists():
        manifest, _ = read_manifest(out)
        for shard in manifest.shards:
            verify_shard(out, shard)
