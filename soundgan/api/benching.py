"""``soundgan.bench``: how fast this machine is, beside what it could do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.arguments import checked
from soundgan.api.paths import as_path
from soundgan.api.progress import Listener, reporter_for
from soundgan.pipelines.bench.request import BenchRequest, find_subject, in_order
from soundgan.runtime.imports import leaving_no_trace

if TYPE_CHECKING:
    from soundgan.pipelines.bench.run import BenchResult


@checked
def bench(
    model: str | Path | None = None,
    *,
    device: str = "auto",
    quick: bool = False,
    batch_sizes: Sequence[int] = (1, 8, 32),
    save: str | Path | None = None,
    compare: str | Path | None = None,
    progress: Listener = None,
) -> BenchResult:
    """Measure how fast this machine makes sounds and trains, as ``soundgan bench`` does.

    ``print(result.text())`` shows what the command shows; ``result.document`` has all numbers.

    Args:
        model: A run folder, a model file, a bundled model, or a preset, untrained; ``None``: the
            newest run in ``runs/``, else a bundled model.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``; ``all`` measures each one.
        quick: A first impression in about ten seconds.
        batch_sizes: Numbers of sounds to compute at a time, up to 16 of them from 1 to 4096.
        save: File to write the result to, as JSON.
        compare: A saved result to compare with.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: There is no such model, preset or device, sizes are out of range, or
            ``compare`` is of another model.
        ArtefactError: The model or the result to compare with is damaged.
        OutputError: ``save`` holds something else, or cannot be written.
    """
    request = BenchRequest(
        model=as_path(model),
        device=device,
        quick=quick,
        batch_sizes=in_order(batch_sizes),
        save=as_path(save),
        compare=as_path(compare),
    )
    find_subject(request.model, request.runs)
    # Only now is torch needed: what is wrong with the arguments is said at once.
    with leaving_no_trace():
        from soundgan.pipelines.bench.run import bench as run

    return run(request, reporter_for(progress))
