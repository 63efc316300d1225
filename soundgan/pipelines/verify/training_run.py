"""A run: each file by its hash, and all of them telling of the same training."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from soundgan.config.dump import differences
from soundgan.config.load import check, load_config
from soundgan.config.schema import Config
from soundgan.errors import ArtefactError, ConfigError
from soundgan.pipelines.documents import CONFIG, MAY_CHANGE, MODEL_NAME, RUN_RECORD, read_run_record
from soundgan.pipelines.verify.findings import Findings
from soundgan.pipelines.verify.model import verify_checkpoint, verify_model
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256_file
from soundgan.training.checkpoint import attempt_and_step, checkpoint_files
from soundgan.words import counted

CHECKPOINTS = "checkpoints"
LOGS = ("metrics.jsonl", "events.jsonl")
TASK = "verifying"


def verify_run(run: Path, findings: Findings, reporter: Reporter) -> None:
    """Go through a run folder."""
    record = findings.attempt(run / RUN_RECORD, lambda: read_run_record(run))
    config = findings.attempt(run / CONFIG, lambda: _config(run / CONFIG, record or {}))
    if config is not None:
        hashed = record is not None and "config_sha256" in record
        findings.note("config by hash" if hashed else "config by its keys and ranges")
    same = _Same(record or {}, config)
    steps = _checkpoints(run / CHECKPOINTS, same, findings, reporter)
    if (run / MODEL_NAME).is_file():
        model = verify_model(run / MODEL_NAME, findings)
        if model is not None:
            found = model.description
            same.compare(run / MODEL_NAME, found.provenance.get("dataset"), found.config, findings)
    elif any(steps):
        findings.add(run / MODEL_NAME, "missing", "the same soundgan train writes it again")
    for name in LOGS:
        path = run / name
        if path.is_file():
            lines = findings.attempt(path, partial(_count_lines, path))
            if lines is not None:
                findings.note(f"{name} of {counted(lines, 'line')}")


def _config(path: Path, record: dict[str, Any]) -> Config:
    stated = record.get("config_sha256")
    if stated is not None and stated != sha256_file(path):
        raise ArtefactError(f"{path}: not the bytes that {RUN_RECORD} has the hash of")
    return load_config(str(path)).config


class _Same:
    """What all files of a run have to agree on."""

    def __init__(self, record: dict[str, Any], config: Config | None) -> None:
        self._dataset = record.get("dataset")
        self._config = config

    def compare(self, path: Path, dataset: object, config: Config, findings: Findings) -> None:
        """Note where one of them does not."""
        if self._dataset is not None and dataset != self._dataset:
            findings.add(path, "damaged", f"of another dataset than {RUN_RECORD} names")
        if self._config is None:
            return
        differ = [key for key in differences(self._config, config) if key not in MAY_CHANGE]
        if differ:
            findings.add(path, "damaged", f"made with another {differ[0]} than {CONFIG} says")


def _checkpoints(folder: Path, same: _Same, findings: Findings, reporter: Reporter) -> list[int]:
    """Go through the checkpoints; the steps of those that are whole."""
    files, steps, known = checkpoint_files(folder), [], set()
    for number, path in enumerate(files):
        known |= {path.name, path.with_suffix(".json").name}
        checkpoint = verify_checkpoint(path, findings)
        reporter.progress(TASK, number + 1, len(files), path.name)
        if checkpoint is None:
            continue
        steps.append(checkpoint.step)
        named = attempt_and_step(path)
        if named is not None and named[1] != checkpoint.step:
            findings.add(path, "damaged", f"named like another step than its {checkpoint.step}")
        config = findings.attempt(path, partial(_config_of, path, checkpoint.document))
        if config is not None:
            same.compare(path, checkpoint.document.get("dataset"), config, findings)
    reporter.finish(TASK)
    if steps:
        listed = ", ".join(f"{step:,}" for step in sorted(steps))
        findings.note(f"{counted(len(steps), 'checkpoint')} by hash (step {listed})")
    for path in sorted(folder.glob("*")):
        if path.name not in known and not path.name.startswith("."):
            lone = attempt_and_step(path.with_suffix(".safetensors")) is not None
            why = "a record without its checkpoint" if lone else "no part of this run"
            findings.add(path, "unexpected", why)
    return steps


def _config_of(path: Path, document: dict[str, Any]) -> Config:
    try:
        return check(Config, document.get("config", {}), str(path))
    except ConfigError as error:
        raise ArtefactError(f"{path}: damaged config inside: {error}") from error


def _count_lines(path: Path) -> int:
    """Number of lines of JSON; one that a killed process cut short at the end does not count."""
    whole = path.read_bytes().split(b"\n")[:-1]
    for number, line in enumerate(whole):
        try:
            json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ArtefactError(f"{path}: line {number + 1} is not JSON") from error
    return len(whole)
