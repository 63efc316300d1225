"""A model file or a checkpoint: its hash where it carries one, and everything inside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from soundgan.errors import ArtefactError
from soundgan.health.history import History
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.pipelines.verify.findings import Findings
from soundgan.runtime.files import read_json
from soundgan.training.checkpoint import read_checkpoint
from soundgan.training.snapshot import Snapshot


def verify_model(path: Path, findings: Findings) -> LoadedModel | None:
    """Load a model completely, and throw it away."""
    model = findings.attempt(path, lambda: load_model(path))
    if model is not None:
        tensors = len(model.generator.state_dict())
        how = "by hash" if model.hashed else "without a hash of its own"
        findings.note(
            f"model {how}: {tensors} tensors finite, of the types and shapes of its "
            f"{model.description.config.generator.name}"
        )
    return model


def verify_checkpoint(path: Path, findings: Findings) -> Snapshot | None:
    """Compare a checkpoint with the record beside it."""
    record = path.with_suffix(".json")
    if not record.is_file():
        findings.add(record, "missing", f"so {path.name} is no checkpoint; training passes it over")
        return None
    checkpoint = findings.attempt(path, partial(_read, path))
    if checkpoint is not None:
        findings.attempt(record, partial(_compare, path, record, checkpoint))
    return checkpoint


def _read(path: Path) -> Snapshot:
    checkpoint = read_checkpoint(path)
    for name, tensor in checkpoint.tensors.items():
        if not bool(tensor.isfinite().all()):
            raise ArtefactError(f"{path}: {name} holds values that are not finite")
    return checkpoint


def _compare(path: Path, record: Path, checkpoint: Snapshot) -> None:
    """Refuse a record that says anything else than its checkpoint."""
    health = checkpoint.document.get("health")
    history = History() if health is None else History.from_dict(health)
    known = {
        "step": checkpoint.step,
        "bytes": path.stat().st_size,
        "sound": history.sound,
        "kernel_distance": history.kernel_distance,
    }
    stated = read_json(record)
    differ = [name for name, value in known.items() if stated.get(name, "") != value]
    if differ:
        raise ArtefactError(f"{record}: says another {differ[0]} than its checkpoint")
