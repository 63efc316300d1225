"""A model as an ONNX file that was compared with it."""

from __future__ import annotations

from pathlib import Path

from soundgan.errors import DependencyError
from soundgan.graphs.export import encode_graph
from soundgan.graphs.graph import OPSET
from soundgan.graphs.parity import WORST_IMAGE_DB, image_parity
from soundgan.graphs.session import Session
from soundgan.inference.model_file import load_model
from soundgan.pipelines.models import ExportedModel, GraphFacts, demand_title
from soundgan.runtime.files import sha256, write_if_new


def export_graph(
    source: Path, out: Path, *, part: str, title: str | None = None, overwrite: bool
) -> ExportedModel:
    """Write the graph of a model, once it makes what the model makes.

    Args:
        source: The model file.
        out: The file to write.
        part: What the graph ends with.
        title: What to call it.
        overwrite: Replace a file with other content.

    Raises:
        ArtefactError: The model is damaged.
        DependencyError: ONNX Runtime makes something else of the graph; nothing is written.
        OutputError: ``out`` holds something else and ``overwrite`` is off, or cannot be written.
        UsageError: The model has something that has no ONNX form.
    """
    demand_title(title)
    model = load_model(source)
    content = encode_graph(model, part, title=title)
    parity = image_parity(model, Session(content))
    if not parity.passed:
        raise DependencyError(
            f"{out}: not written: the error of its images is {parity.error_db:.0f} dB, above "
            f"{WORST_IMAGE_DB:.0f} dB; try another release of onnxruntime"
        )
    written = write_if_new(out, content, overwrite=overwrite)
    facts = GraphFacts(part, OPSET, parity.seeds, parity.error_db)
    return ExportedModel(source, out, sha256(content), len(content), False, written, facts)
