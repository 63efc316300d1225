"""A model as an ONNX file that was compared with it."""

from __future__ import annotations

from pathlib import Path

from soundgan.errors import DependencyError
from soundgan.graphs.export import PARITIES, encode_graph
from soundgan.graphs.graph import OPSET
from soundgan.graphs.session import Session
from soundgan.inference.model_file import load_model
from soundgan.pipelines.models import ExportedModel, GraphFacts, demand_title
from soundgan.runtime.files import sha256, write_if_new

REMEDIES = {
    "audio": "export `part=image`, and reconstruct the phase elsewhere",
    "image": "try another release of onnxruntime",
}


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
    parity = PARITIES[part](model, Session(content))
    if parity.fault:
        raise DependencyError(f"{out}: not written: {parity.fault}; {REMEDIES[part]}")
    written = write_if_new(out, content, overwrite=overwrite)
    facts = GraphFacts(part, OPSET, parity.seeds, parity.figures)
    return ExportedModel(source, out, sha256(content), len(content), False, written, facts)
