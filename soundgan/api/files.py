"""Functions about files and folders: what they are, whether they are whole, and sounds to try."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundgan.api.arguments import checked
from soundgan.api.paths import Paths, some_paths
from soundgan.api.progress import Listener, reporter_for

if TYPE_CHECKING:
    from soundgan.pipelines.demo_data import DemoData
    from soundgan.pipelines.verify.run import VerifyResult


@checked
def demo_data(
    folder: str | Path,
    *,
    per_class: int = 60,
    seed: int = 0,
    overwrite: bool = False,
    progress: Listener = None,
) -> DemoData:
    """Write a synthesised drum kit to try things with; the same arguments give the same bytes.

    Args:
        folder: Gets one sub-folder a class.
        per_class: Hits of each drum, 1 to 9999.
        seed: Any integer; another seed, other hits.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: ``per_class`` is out of range.
        OutputError: A file cannot be written, or holds something else.
    """
    from soundgan.pipelines.demo_data import write_demo_data

    return write_demo_data(
        Path(folder),
        per_class=per_class,
        seed=seed,
        overwrite=overwrite,
        reporter=reporter_for(progress),
    )


@checked
def info(path: str | Path | None = None) -> dict[str, Any]:
    """Facts about this installation, or about a prepared folder, run, model, sound or picture.

    Raises:
        UsageError: Nothing that is known, or nothing at all.
        ArtefactError: It is damaged.
    """
    from soundgan.pipelines.info import describe_installation, describe_path

    return describe_installation() if path is None else describe_path(Path(path))


@checked
def verify(paths: Paths, *, progress: Listener = None) -> VerifyResult:
    """Recompute every hash of prepared folders, runs, models and checkpoints; writes nothing.

    Raises:
        UsageError: A path is none of these.
    """
    from soundgan.pipelines.verify.run import verify_paths

    return verify_paths(some_paths("paths", paths), reporter_for(progress))
