"""Model files: which there are, and copies to give away.

>>> import soundgan
>>> [model.name for model in soundgan.list_models(runs="nowhere")]
['drums']
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.arguments import checked
from soundgan.api.progress import Listener, reporter_for
from soundgan.pipelines.find_model import RUNS, find_model

if TYPE_CHECKING:
    from soundgan.pipelines.models import ExportedModel, FoundModel


@checked
def list_models(runs: str | Path = RUNS, *, progress: Listener = None) -> tuple[FoundModel, ...]:
    """The models of the runs in ``runs``, the newest first, then the bundled ones.

    Args:
        runs: Folder that holds the runs.
        progress: Called with a message for each damaged model, and each run without one.
    """
    from soundgan.pipelines import models

    return models.list_models(Path(runs), reporter_for(progress))


@checked
def export_model(
    model: str | Path,
    out: str | Path,
    *,
    half: bool = False,
    name: str | None = None,
    overwrite: bool = False,
) -> ExportedModel:
    """Write a model to one file: all that another computer needs to make its sounds.

    Args:
        model: A run folder, a model file, or the name of a bundled model.
        out: The file to write. Without ``half`` and ``name`` it is an exact copy.
        half: Store weights as float16: half the size, sounds within a tenth of a decibel.
        name: A title to keep in the file.
        overwrite: Replace a file that holds something else.

    Raises:
        UsageError: There is no such model, or ``name`` is empty.
        ArtefactError: The model is damaged.
        OutputError: ``out`` holds something else or cannot be written, or a weight is too large
            for float16.
    """
    source = find_model(Path(model), RUNS)
    from soundgan.pipelines import models

    return models.export_model(source, Path(out), half=half, title=name, overwrite=overwrite)
