"""``soundgan.evaluate``: how near sounds are to recordings that no model has heard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from soundgan.api.arguments import checked
from soundgan.api.paths import as_path
from soundgan.api.progress import Listener, reporter_for
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import UsageError
from soundgan.pipelines.evaluate.request import EvaluateRequest, Kept, find_target
from soundgan.ranges import EVALUATE, demand

if TYPE_CHECKING:
    from soundgan.api.model import Model
    from soundgan.pipelines.evaluate.run import EvaluateResult


@checked
def evaluate(
    target: str | Path | Model | None = None,
    data: str | Path | PreparedDataset | None = None,
    *,
    count: int | None = None,
    seed: int = 0,
    truncation: float = 1.0,
    out: str | Path | None = None,
    compare: str | Path | None = None,
    device: str = "auto",
    split: Literal["test", "validation"] = "test",
    progress: Listener = None,
) -> EvaluateResult:
    """Measure a model, or a folder of sounds, and write the report, as ``soundgan evaluate`` does.

    ``print(result.text())`` shows what the command shows; ``result.document`` has all numbers.

    Args:
        target: A run folder, a model or its file, the name of a bundled model, or a folder of WAV
            and FLAC; ``None``: the newest run.
        data: A prepared folder or an open dataset; ``None``: what the run was trained on, else
            ``prepared``.
        count: Sounds to make, 10 to 5000; of a folder, the most to take. ``None``: 500; of a
            folder, all.
        seed: Of the first generated sound; sound i has ``seed + i``.
        truncation: 0 to 2; below 1 gives more typical, less varied sounds.
        out: Folder for the results; ``None``: the run, else ``evaluation``.
        compare: An earlier ``evaluation.json`` to set the numbers against.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
        split: Reference clips to measure against: ``test``, which no training looks at, or
            ``validation``, by which a training chooses its model. Where there is no test split,
            the validation clips are taken, and the report says so.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: There is nothing to evaluate, the dataset is too small or of another kind, or
            the evaluation to compare with was made under other conditions.
        NothingUsableError: The folder holds no usable sound.
        ArtefactError: Model, dataset or the other evaluation are damaged.
        OutputError: The results cannot be written.
    """
    demand(EVALUATE, {"count": count, "seed": seed, "truncation": truncation})
    if split not in get_args(Kept):
        raise UsageError(f"`split`: {split!r} is not {' or '.join(get_args(Kept))}")
    request = EvaluateRequest(
        target=as_path(target if isinstance(target, str | Path | None) else target.path),
        data=Path(data) if isinstance(data, str) else data,
        count=count,
        seed=seed,
        truncation=truncation,
        out=as_path(out),
        compare=as_path(compare),
        device=device,
        split=split,
    )
    find_target(request.target, request.runs)
    # Only now is torch needed: what is wrong with the arguments is said at once.
    from soundgan.pipelines.evaluate.run import evaluate as run

    return run(request, reporter_for(progress))
