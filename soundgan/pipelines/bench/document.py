"""The result as one JSON document, which a later run is compared with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from soundgan.errors import ArtefactError, OutputError, UsageError
from soundgan.inference.model_file import LoadedModel
from soundgan.models.cost import count_parameters, forward_flops
from soundgan.pipelines.bench.machine import describe_machine, describe_versions
from soundgan.pipelines.bench.request import Subject
from soundgan.pipelines.bench.rows import Row, SoundSpeed
from soundgan.pipelines.bench.training import Training
from soundgan.runtime.files import read_json

COMMAND = "bench"
SCHEMA = 1
MAX_BYTES = 1 << 24


def document_of(
    subject: Subject, model: LoadedModel, rows: list[Row], *, quick: bool
) -> dict[str, Any]:
    """Everything that was measured, times in seconds."""
    return {
        "schema": SCHEMA,
        "command": COMMAND,
        "quick": quick,
        "machine": describe_machine(),
        "versions": describe_versions(),
        "model": _model(subject, model),
        "rows": [row_document(row, model.description.clip.seconds) for row in rows],
    }


def _model(subject: Subject, model: LoadedModel) -> dict[str, Any]:
    description = model.description
    return {
        "kind": subject.kind,
        "name": subject.name,
        "sha256": model.sha256,
        "generator": description.config.generator.name,
        "inversion": description.config.inversion.name,
        "image": list(model.generator.shape),
        "parameters": count_parameters(model.generator),
        "flops_per_image": forward_flops(model.generator),
        "sample_rate": description.clip.sample_rate,
        "seconds": description.clip.seconds,
    }


def row_document(row: Row, seconds: float) -> dict[str, Any]:
    """One row; ``seconds`` is the length of a sound."""
    return {
        "device": row.device,
        "hardware": row.hardware,
        "precision": row.precision,
        "failure": row.failure,
        "parity": row.parity and asdict(row.parity),
        "rates": row.rates and asdict(row.rates),
        "sounds": row.sounds and _sounds(row.sounds, row, seconds),
        "training": row.training and _training(row.training, row),
        "training_failure": row.training_failure,
        "peak_bytes": row.peak_bytes,
    }


def _sounds(sounds: SoundSpeed, row: Row, seconds: float) -> dict[str, Any]:
    stages = sounds.stages
    return {
        "load": asdict(sounds.load),
        "latency": asdict(sounds.latency),
        "stages": asdict(stages),
        "shares": {
            "generator": stages.share(stages.generator),
            "inversion": stages.share(stages.inversion),
            "writing": stages.share(stages.writing),
        },
        "batches": [
            asdict(batch)
            | {
                "sounds_per_second": batch.sounds_per_second,
                "times_real_time": batch.sounds_per_second * seconds,
                "generator_limit_share": row.generator_limits[batch.size],
            }
            for batch in sounds.batches
        ],
        "refused": {str(size): why for size, why in sounds.refused.items()},
        "best_batch_size": sounds.best.size,
    }


def _training(training: Training, row: Row) -> dict[str, Any]:
    return asdict(training) | {
        "steps_per_second": 1 / training.seconds_per_step,
        "images_per_second": training.batch_size / training.seconds_per_step,
        "total_seconds": training.seconds_per_step * training.steps,
        "limit_share": row.training_limit,
    }


def read_document(path: Path) -> dict[str, Any]:
    """What was saved.

    Raises:
        UsageError: There is no such file.
        ArtefactError: Damaged, or something else.
    """
    if not path.is_file():
        raise UsageError(
            f"`compare={path}`: no such file; give what soundgan bench saved with `save`"
        )
    document: dict[str, Any] = read_json(path, max_bytes=MAX_BYTES)
    kind = document.get("command") if isinstance(document, dict) else None
    if kind != COMMAND or not isinstance(document.get("schema"), int):
        raise ArtefactError(
            f"{path}: not a result of soundgan bench; give what it saved with `save`"
        )
    if document["schema"] != SCHEMA:
        raise ArtefactError(
            f"{path}: bench schema {document['schema']}, this program reads {SCHEMA}; measure again"
        )
    rows, model = document.get("rows"), document.get("model")
    if not isinstance(model, dict) or not isinstance(rows, list):
        raise ArtefactError(f"{path}: damaged: a part is missing")
    if not all(isinstance(row, dict) for row in rows):
        raise ArtefactError(f"{path}: damaged: a row is missing")
    return document


def refuse_other_content(path: Path) -> None:
    """Make sure that ``path`` is free, or holds an earlier result.

    Raises:
        OutputError: It holds something else.
    """
    if not path.exists():
        return
    try:
        read_document(path)
    except (ArtefactError, UsageError):
        raise OutputError(
            f"{path}: exists and is not a result of soundgan bench; choose another place"
        ) from None
