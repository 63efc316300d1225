"""``/api/v1/models``: which models there are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from soundgan.inference.directions import NAMES
from soundgan.serve.documents import Document
from soundgan.serve.service import service_of
from soundgan.serve.shelf import Shelved

router = APIRouter(tags=["models"])


class ModelFacts(BaseModel):
    """A model.

    Attributes:
        hash: What names it in URLs.
        sha256: Of its file.
        name: What names it on the command line.
        labels: Its classes; empty where it was trained without.
        without_label: Whether it makes sounds of no class too.
        sample_rate: Of its sounds, Hz.
        channels: 1, or 2 for stereo.
        seconds: Length of its sounds.
        takes: Whether one sound has other takes.
        directions: What its sounds may be made more of; see ``/directions``.
        provenance: What its file says about its making, licence and title among it.
        licence: Under which it may be used, where its file says so.
    """

    hash: str
    sha256: str
    name: str
    labels: list[str]
    without_label: bool
    sample_rate: int
    channels: int
    seconds: float
    takes: bool
    directions: list[str]
    provenance: dict[str, Any]
    licence: str | None


class Models(Document):
    """All models: the one that was named at the start, those of runs, the bundled ones."""

    models: list[ModelFacts]


class OneModel(Document, ModelFacts):
    """One model."""


@router.get("/models")
def list_models(request: Request) -> Models:
    """The models within reach."""
    return Models(models=[ModelFacts(**_facts(one)) for one in service_of(request).shelf.models()])


@router.get("/models/{hash}")
def one_model(request: Request, hash: str) -> OneModel:
    """One model."""
    return OneModel(**_facts(service_of(request).shelf.find(hash)))


def _facts(shelved: Shelved) -> dict[str, Any]:
    description = shelved.description
    licence = description.provenance.get("licence")
    return {
        "hash": shelved.hash,
        "sha256": shelved.sha256,
        "name": shelved.name,
        "labels": list(description.labels),
        "without_label": description.free_label is not None,
        "sample_rate": description.clip.sample_rate,
        "channels": description.clip.channels,
        "seconds": description.clip.seconds,
        "takes": shelved.takes,
        "directions": list(NAMES) if description.clip.channels == 1 else [],
        "provenance": description.provenance,
        "licence": licence if isinstance(licence, str) else None,
    }
