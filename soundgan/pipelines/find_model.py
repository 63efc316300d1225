"""Which model file a command means."""

from __future__ import annotations

from pathlib import Path

from soundgan.errors import UsageError

MODEL_NAME = "model.safetensors"


def find_model(named: Path | None, runs: Path) -> Path:
    """The model of a run folder or a file; without a name, that of the newest run.

    Args:
        named: A run folder, a model file, or ``None``.
        runs: Folder that holds the runs.

    Raises:
        UsageError: There is no such model; the message says how to get one.
    """
    if named is not None:
        path = named / MODEL_NAME if named.is_dir() else named
        if not path.is_file():
            raise UsageError(f"{named}: no model there; name a run folder or a model file")
        return path
    found = [path for path in runs.glob(f"*/{MODEL_NAME}") if path.is_file()]
    if not found:
        raise UsageError(
            f"no model in {runs}/; train one with soundgan train, or name one with --model"
        )
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path))
