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
from soundgan.errors import UsageError
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.registry import did_you_mean
from soundgan.runtime.extras import demand_extra

if TYPE_CHECKING:
    from soundgan.pipelines.models import ExportedModel, FoundModel

GRAPH_SUFFIX = ".onnx"

PARTS = ("audio", "image")
"""What an ONNX graph can end with, the usual one first."""


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
    part: str | None = None,
    overwrite: bool = False,
) -> ExportedModel:
    """Write a model to one file: all that another computer needs to make its sounds.

    A file whose name ends in ``.onnx`` becomes a graph for ONNX runtimes. It is compared with the
    model first, and not written unless it makes the same.

    Args:
        model: A run folder, a model file, or the name of a bundled model.
        out: The file to write. Without ``half`` and ``name`` it is an exact copy.
        half: Store weights as float16: half the size, sounds within a tenth of a decibel.
        name: A title to keep in the file.
        part: Of an ONNX file, what its graph ends with: ``audio``, the usual, or ``image``.
        overwrite: Replace a file that holds something else.

    Raises:
        UsageError: There is no such model, ``name`` is empty, or an option does not fit the file.
        ArtefactError: The model is damaged.
        DependencyError: onnx or onnxruntime is missing, or makes something else of the graph.
        OutputError: ``out`` holds something else or cannot be written, or a weight is too large
            for float16.
    """
    as_graph = Path(out).suffix.lower() == GRAPH_SUFFIX
    _check_part(part, half=half, as_graph=as_graph)
    source = find_model(Path(model), RUNS)
    if as_graph:
        demand_extra("onnx", "onnx", "onnxruntime", what="an ONNX file")
        from soundgan.pipelines.export_graph import export_graph

        return export_graph(
            source, Path(out), part=part or PARTS[0], title=name, overwrite=overwrite
        )
    from soundgan.pipelines import models

    return models.export_model(source, Path(out), half=half, title=name, overwrite=overwrite)


def _check_part(part: str | None, *, half: bool, as_graph: bool) -> None:
    if part is not None and part not in PARTS:
        raise UsageError(f"`part={part}`: no such part; {did_you_mean(part, PARTS)}")
    if part is not None and not as_graph:
        raise UsageError(f"`part={part}`: is for ONNX files, whose names end in {GRAPH_SUFFIX}")
    if half and as_graph:
        raise UsageError("`half`: ONNX files have float32 weights; leave it out")
