"""Which model file a command means."""

from __future__ import annotations

from pathlib import Path

from soundgan.errors import UsageError
from soundgan.pipelines.documents import MODEL_NAME

PACKAGE = Path(__file__).resolve().parents[1]

RUNS = Path("runs")
"""Where the newest run is looked for."""


def bundled_folder() -> Path:
    """Where the models lie that travel with the package; it need not exist."""
    return PACKAGE / "bundled"


def bundled_models(folder: Path | None = None) -> dict[str, Path]:
    """The model files that travel with the package, by name, in alphabetical order.

    Args:
        folder: Another folder than :func:`bundled_folder`.
    """
    files = (folder or bundled_folder()).glob("*.safetensors")
    return {path.stem: path for path in sorted(files) if path.is_file()}


def run_models(runs: Path) -> list[Path]:
    """The models of the runs in ``runs``, newest first."""
    found = [path for path in runs.glob(f"*/{MODEL_NAME}") if path.is_file()]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path), reverse=True)


def find_model(
    named: Path | None, runs: Path, *, fall_back: bool = False, bundled: Path | None = None
) -> Path:
    """The model of a run folder, a file or a bundled name; without a name, of the newest run.

    A file or run called like a bundled model wins. A folder that is neither a run nor holds a
    model does not: sounds may well lie in a folder called ``drums``.

    Args:
        named: A run folder, a model file, the name of a bundled model, or ``None``.
        runs: Folder that holds the runs.
        fall_back: Without a name, and where ``runs`` holds no run at all, take the first bundled
            model.
        bundled: Another folder than :func:`bundled_folder`.

    Raises:
        UsageError: There is no such model; the message says how to get one.
    """
    shipped = bundled_models(bundled)
    if named is not None:
        return _named_model(named, shipped)
    found = run_models(runs)
    if found:
        return found[0]
    if fall_back and shipped and not any(map(is_run, runs.glob("*"))):
        return next(iter(shipped.values()))
    raise UsageError(
        f"no model in {runs}/; train one with soundgan train, or name one with `model`"
    )


def is_run(folder: Path) -> bool:
    """Whether ``soundgan train`` has begun in ``folder``."""
    return (folder / "run.json").is_file()


def _named_model(named: Path, shipped: dict[str, Path]) -> Path:
    path = named / MODEL_NAME if named.is_dir() else named
    if path.is_file():
        return path
    if str(named) in shipped and not is_run(named):
        return shipped[str(named)]
    names = f", or a bundled model: {', '.join(shipped)}" if shipped else ""
    raise UsageError(f"{named}: no model there; name a run folder or a model file{names}")
