"""Facts about the installation, or about folders and files."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from soundgan.errors import UsageError
from soundgan.pipelines.info_sound import describe_product, kind_of
from soundgan.version import VERSION

LIBRARIES = (
    "torch", "torchaudio", "librosa", "numpy", "soundfile", "soxr", "safetensors", "pydantic",
    "typer", "rich", "pillow", "matplotlib", "tensorboard",
)  # fmt: skip


def describe_installation() -> dict[str, Any]:
    """Versions, devices, audio formats, the states of torch and torchaudio, presets."""
    import soundfile

    from soundgan.config.presets import preset_names
    from soundgan.runtime.installation import torch_state
    from soundgan.runtime.torchaudio_bridge import torchaudio_state

    return {
        "soundgan": VERSION,
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "devices": _devices(),
        "audio formats": sorted(soundfile.available_formats()),
        "libsndfile": soundfile.__libsndfile_version__,
        "torch state": torch_state(),
        "torchaudio state": torchaudio_state(),
        "presets": list(preset_names()),
    }


def _devices() -> list[str]:
    """What torch can compute on; nothing where it does not load."""
    try:
        import torch
    except (ImportError, OSError):
        return []
    from soundgan.runtime.device import available_devices, describe_device

    return [describe_device(torch.device(name)) for name in available_devices()]


def describe_path(path: Path) -> dict[str, Any]:
    """What ``path`` is: a prepared folder, a run, a model, or a sound or picture.

    Raises:
        UsageError: Nothing that is known, or nothing at all.
        ArtefactError: It is damaged.
    """
    if path.is_file():
        # A broken model may begin as some sound does: its name says what it should be.
        kind = None if path.suffix.lower() == ".safetensors" else kind_of(path)
        if kind is not None:
            return describe_product(path, kind)
        return {"kind": "model", "path": str(path), **_model_facts(path)}
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; check the path")
    if (path / "manifest.json").is_file():
        return _dataset_facts(path)
    if (path / "run.json").is_file():
        return _run_facts(path)
    raise UsageError(f"{path}: no prepared folder and no run; name one, or a file made here")


def _dataset_facts(path: Path) -> dict[str, Any]:
    from soundgan.data.dataset import PreparedDataset

    dataset = PreparedDataset.open(path)
    kept = {
        "validation clips": len(dataset.validation_indices),
        "test clips": len(dataset.test_indices),
    }
    if dataset.manifest.schema_number < 3:  # one split for both
        kept = {"held-out clips": len(dataset.test_indices)}
    return {
        "kind": "prepared folder",
        "path": str(path),
        "clips": len(dataset.label_ids),
        "training clips": len(dataset.train_indices),
        **kept,
        "channels": dataset.clip.channels,
        "sample rate": dataset.clip.sample_rate,
        "clip seconds": dataset.clip.seconds,
        "labels": list(dataset.labels),
        "hash": dataset.content_hash,
    }


def _run_facts(path: Path) -> dict[str, Any]:
    from soundgan.pipelines.documents import MODEL_NAME, read_run_record
    from soundgan.training.checkpoint import attempt_and_step, checkpoint_files

    record = read_run_record(path)
    checkpoints = reversed(checkpoint_files(path / "checkpoints"))
    facts: dict[str, Any] = {
        "kind": "run",
        "path": str(path),
        "made by": f"soundgan {record.get('soundgan')}",
        "dataset": record.get("dataset"),
        "checkpoints": [(attempt_and_step(file) or (0, 0))[1] for file in checkpoints],
    }
    model = path / MODEL_NAME
    return facts | (_model_facts(model) if model.is_file() else {"model": "none yet"})


def _model_facts(path: Path) -> dict[str, Any]:
    from soundgan.codec.build import codec_shape
    from soundgan.inference.model_file import describe_model
    from soundgan.runtime.files import sha256_file

    model = describe_model(path)
    config = model.config
    return {
        "model": str(path),
        "sha256": sha256_file(path),
        "bytes": path.stat().st_size,
        "sample rate": model.clip.sample_rate,
        "clip seconds": model.clip.seconds,
        "channels": model.clip.channels,
        "labels": list(model.labels),
        "generator": config.generator.name,
        "discriminator": config.discriminator.name,
        "loss": config.loss.name,
        "representation": config.representation.name,
        "image": list(codec_shape(config, model.clip)),
        "provenance": model.provenance,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
