"""Verify prepared folders, runs and model files without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from soundgan.data.manifest import MANIFEST
from soundgan.errors import ArtefactError, ExitCode, UsageError
from soundgan.pipelines.documents import CONFIG, RUN_RECORD
from soundgan.pipelines.verify.dataset import verify_dataset
from soundgan.pipelines.verify.findings import Findings, Verified
from soundgan.pipelines.verify.model import verify_checkpoint, verify_model
from soundgan.pipelines.verify.training_run import CHECKPOINTS, verify_run
from soundgan.reporting import Reporter
from soundgan.runtime.locks import held_still
from soundgan.runtime.tensors import read_document
from soundgan.training.snapshot import FORMAT as CHECKPOINT_FORMAT

Kind = Literal["prepared folder", "run", "model", "checkpoint"]


@dataclass(frozen=True)
class VerifyResult:
    """What became of each path, in the order they were given."""

    paths: tuple[Verified, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Whether anything is damaged, missing or unexpected."""
        return ExitCode.CORRUPT if any(path.faults for path in self.paths) else ExitCode.OK


def verify_paths(paths: Sequence[Path], reporter: Reporter) -> VerifyResult:
    """Recompute every hash below each path, and check what carries none by its structure.

    Raises:
        UsageError: A path is nothing that soundgan made; found before any work.
        LockedError: A training or preparation is changing a folder at this moment.
    """
    kinds = [kind_of(path) for path in paths]
    return VerifyResult(
        tuple(_verify(path, kind, reporter) for path, kind in zip(paths, kinds, strict=True))
    )


def kind_of(path: Path) -> Kind:
    """What a path has to be verified as, even where its most important file is gone.

    Raises:
        UsageError: Nothing that soundgan made.
    """
    if path.is_file():
        with suppress(ArtefactError):
            if read_document(path).get("format") == CHECKPOINT_FORMAT:
                return "checkpoint"
        return "model"
    if (path / MANIFEST).exists() or any(path.glob("clips-*.npy")):
        return "prepared folder"
    if (path / RUN_RECORD).exists() or (path / CONFIG).exists() or (path / CHECKPOINTS).is_dir():
        return "run"
    raise UsageError(f"{path}: not a prepared folder, a run or a model file")


def _verify(path: Path, kind: Kind, reporter: Reporter) -> Verified:
    findings = Findings()
    with held_still(path):
        if kind == "prepared folder":
            verify_dataset(path, findings, reporter)
        elif kind == "run":
            verify_run(path, findings, reporter)
        elif kind == "model":
            verify_model(path, findings)
        elif verify_checkpoint(path, findings) is not None:
            findings.note("checkpoint by hash, all values finite")
    return findings.verified(path, kind)
