"""``soundgan models``: which models there are, and files of them to give away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet
from soundgan.cli.plain import PlainTyper

if TYPE_CHECKING:
    from soundgan.pipelines.models import FoundModel

models_app = PlainTyper()

HEADINGS = ("model", "kind", "rate", "length", "images", "size", "sha256", "classes")
RIGHT_ALIGNED = {"rate", "length", "images", "size"}


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: Json = False, quiet: Quiet = False) -> None:
    """List the models of runs and the bundled ones, or export one.

    The runs in runs/ come first, the newest at the top. Give a name from the
    column "model" to --model of other commands.
    """
    if context.invoked_subcommand is not None:
        if as_json or quiet:
            raise typer.BadParameter(
                f"options stand after {context.invoked_subcommand}", param_hint="--json, --quiet"
            )
        return
    from soundgan.api.models import list_models

    found = list_models(progress=make_reporter(quiet=quiet))
    document = {"schema": 1, "command": "models", "models": [_facts(model) for model in found]}
    emit(document, _table([_row(model) for model in found]), as_json=as_json)


@models_app.command()
def export(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|FILE|NAME", help="A run, a model file, or the name of a bundled model."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    half: Annotated[
        bool,
        typer.Option(
            "--half",
            help="Store weights as float16: half the size, sounds within a tenth of a decibel.",
        ),
    ] = False,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="A title to keep in the file.")
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(
            "--part",
            metavar="PART",
            help="What an ONNX file makes: audio, the sounds, or image, what they are made of.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Write a model to one file.

    It is all that another computer needs to make the sounds. Without --half and
    --name the file is an exact copy. A name that ends in .onnx makes a graph for
    ONNX runtimes, which is compared with the model before it is written.
    """
    from soundgan.api.models import export_model

    made = export_model(model, out, half=half, name=name, part=part, overwrite=overwrite)
    document: dict[str, Any] = {
        "schema": 1,
        "command": "models export",
        "source": str(made.source),
        "path": str(made.path),
        "sha256": made.sha256,
        "bytes": made.n_bytes,
        "weights": "float16" if made.half else "float32",
        "written": made.written,
    }
    if made.graph is not None:
        figures = {name: round(value, 2) for name, value in made.graph.figures.items()}
        document |= {
            "part": made.graph.part,
            "opset": made.graph.opset,
            "parity": {"seeds": made.graph.seeds, **figures},
        }
    emit(document, str(made.path), as_json=as_json)


def _facts(model: FoundModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "kind": model.kind,
        "path": str(model.path),
        "title": model.title,
        "classes": list(model.classes),
        "sample_rate": model.sample_rate,
        "clip_seconds": model.clip_seconds,
        "images": model.images,
        "bytes": model.n_bytes,
        "sha256": model.sha256,
    }


def _row(model: FoundModel) -> tuple[str, ...]:
    return (
        model.name,
        model.kind,
        f"{model.sample_rate} Hz",
        f"{model.clip_seconds:.2f} s",
        "?" if model.images is None else f"{model.images:,}",
        f"{model.n_bytes / 1e6:.1f} MB",
        model.sha256[:12],
        ", ".join(model.classes) or "none",
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    """Columns under headings; the last may be as long as it likes."""
    if not rows:
        return "no models: train one with soundgan prepare FOLDER, then soundgan train"
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            f"{cell:>{width}}" if heading in RIGHT_ALIGNED else f"{cell:<{width}}"
            for heading, cell, width in zip(HEADINGS, row, widths, strict=True)
        ).rstrip()
        for row in (HEADINGS, *rows)
    )
