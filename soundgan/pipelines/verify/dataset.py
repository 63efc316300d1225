"""A prepared folder: manifest, files of clips, report, and the classifier kept beside them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from soundgan.data.manifest import MANIFEST, MAX_BYTES, Manifest, ShardEntry, read_manifest
from soundgan.data.shards import open_shard, verify_shard
from soundgan.errors import ArtefactError
from soundgan.evaluation.classifier import Classifier
from soundgan.ingest.store import PAGE, REPORT, REPORT_KIND, REPORT_SCHEMA
from soundgan.pipelines.documents import EVALUATION, read_kind
from soundgan.pipelines.verify.findings import Findings
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256
from soundgan.runtime.tensors import load_tensors
from soundgan.words import counted

TASK = "verifying"
AGAIN = "run soundgan prepare again"


def verify_dataset(folder: Path, findings: Findings, reporter: Reporter) -> None:
    """Go through a prepared folder."""
    read = findings.attempt(folder / MANIFEST, lambda: read_manifest(folder))
    if read is None:
        return
    manifest, content = read
    findings.note(f"manifest of {counted(len(manifest.clips), 'clip')}")
    _shards(folder, manifest, findings, reporter)
    _report(folder, manifest, sha256(content), findings)
    for path in sorted((folder / EVALUATION).glob("*.safetensors")):
        if findings.attempt(path, partial(_check_classifier, path)):
            findings.note("the evaluation's classifier by hash")
    expected = {MANIFEST, REPORT, PAGE, EVALUATION, *(shard.file for shard in manifest.shards)}
    for path in sorted(folder.iterdir()):
        if path.name not in expected and not path.name.startswith("."):
            findings.add(path, "unexpected", "no part of this prepared folder")


def _shards(folder: Path, manifest: Manifest, findings: Findings, reporter: Reporter) -> None:
    whole = 0
    for number, entry in enumerate(manifest.shards):
        path = folder / entry.file

        if findings.attempt(path, partial(_check_shard, folder, entry, manifest.stored_shape)):
            whole += path.stat().st_size
        reporter.progress(TASK, number + 1, len(manifest.shards), entry.file)
    reporter.finish(TASK)
    if not findings.faults:
        findings.note(
            f"{counted(len(manifest.shards), 'file')} of clips by hash ({whole / 1e6:.1f} MB)"
        )


def _check_shard(folder: Path, entry: ShardEntry, shape: tuple[int, ...]) -> bool:
    verify_shard(folder, entry)
    open_shard(folder, entry, shape)
    return True


def _report(folder: Path, manifest: Manifest, digest: str, findings: Findings) -> None:
    """Whether the report is of this dataset."""
    path = folder / REPORT
    report = findings.attempt(
        path, lambda: read_kind(path, REPORT_KIND, REPORT_SCHEMA, max_bytes=MAX_BYTES)
    )
    if report is None:
        return
    try:
        stated = report.get("dataset", digest), report["summary"]["clips"], report["parameters"]
    except (KeyError, TypeError):
        findings.add(path, "damaged", f"a part is missing; {AGAIN}")
        return
    if stated != (digest, len(manifest.clips), manifest.parameters):
        findings.add(path, "damaged", f"describes another dataset than {MANIFEST}; {AGAIN}")
        return
    how = "by the manifest's hash" if "dataset" in report else "by its counts and parameters"
    findings.note(f"report {how}")


def _check_classifier(path: Path) -> bool:
    tensors, document, _ = load_tensors(path)
    if Classifier.from_tensors(tensors).hash != document.get("hash"):
        raise ArtefactError(f"{path}: its weights have changed; the next evaluation replaces it")
    return True
