"""``/api/v1/models/{hash}/map``: sounds and training clips in two dimensions.

The two are those in which the model's sounds differ most, of what ``soundgan evaluate`` measures:
mean and spread of patches of their images. The same question has the same answer.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import torch
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from torch import Tensor

from soundgan.addresses.address import Address
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ArtefactError, UsageError
from soundgan.evaluation.patches import PatchFeatures
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.points import full_address
from soundgan.pipelines.find_model import is_run
from soundgan.pipelines.remembered import data_of
from soundgan.reporting import SilentReporter
from soundgan.runtime.threads import map_in_threads, one_thread
from soundgan.serve.documents import Document
from soundgan.serve.service import service_of
from soundgan.serve.shelf import Shelved
from soundgan.serve.sounds import sound_url

router = APIRouter(prefix="/models/{hash}", tags=["models"])

MOST = 1000
MOST_CLIPS = 500
MOST_KEPT = 8
_AT_ONCE = 25


class MapSound(BaseModel):
    """A sound of the model and its place."""

    address: str
    label: str | None
    url: str
    x: float
    y: float


class MapClip(BaseModel):
    """A clip that the model was trained on and its place."""

    name: str
    label: str | None
    x: float
    y: float


class Map(Document):
    """Sounds of the model, of seeds from 0 on, and clips, where the run's dataset is there."""

    sounds: list[MapSound]
    clips: list[MapClip]


@router.get("/map")
def map_of(request: Request, hash: str, n: Annotated[int, Query(ge=10, le=MOST)] = 300) -> Map:
    """The sounds of the first seeds, near each other where they sound alike."""
    service = service_of(request)
    shelved, model = service.shelf.load(hash)
    key = shelved.sha256, n
    with service.one_at_a_time:
        if key not in service.maps:
            while len(service.maps) >= MOST_KEPT:
                del service.maps[next(iter(service.maps))]
            service.maps[key] = _made(shelved, model, n)
        made: Map = service.maps[key]
    return made


def _made(shelved: Shelved, model: LoadedModel, n: int) -> Map:
    images = _images(model, n)
    with one_thread():
        features = PatchFeatures.fit(images)
        places = _places(features, images)
    addresses = [full_address(model, Address(seed), {}) for seed in range(n)]
    sounds = [
        MapSound(
            address=str(address),
            label=address.classes[0].label if address.classes else None,
            url=sound_url(shelved.hash, address),
            x=x,
            y=y,
        )
        for address, (x, y) in zip(addresses, places, strict=True)
    ]
    return Map(sounds=sounds, clips=_clips(shelved, model, features))


def _images(model: LoadedModel, n: int) -> Tensor:
    """The images [N, F, T] of the first seeds, each made alone."""
    n_classes = len(model.description.labels)

    def work(start: int) -> Tensor:
        seeds = range(start, min(start + _AT_ONCE, n))
        latents = draw_latents(seeds, model.generator.latent_dim)
        labels = draw_labels(seeds, n_classes) if n_classes else None
        made = [
            model.generator(latents[i : i + 1], None if labels is None else labels[i : i + 1])
            for i in range(len(seeds))
        ]
        return model.codec.corrected(torch.cat(made))[:, 0]

    return torch.cat(map_in_threads(work, range(0, n, _AT_ONCE)))


def _clips(shelved: Shelved, model: LoadedModel, features: PatchFeatures) -> list[MapClip]:
    """Clips evenly from the dataset; none where it is not there, or another one."""
    run = shelved.path.parent
    if not is_run(run):
        return []
    try:
        dataset = PreparedDataset.open(data_of(run, None, SilentReporter()))
    except (UsageError, ArtefactError):
        return []
    if dataset.clip != model.description.clip or not len(dataset.train_indices):
        return []
    steps = np.linspace(0, len(dataset.train_indices) - 1, MOST_CLIPS).round().astype(int)
    rows = dataset.train_indices[np.unique(steps)]
    images = model.codec.encode(torch.from_numpy(dataset.for_models.waveforms(rows)))[:, 0]
    with one_thread():
        places = _places(features, images)
    found: list[dict[str, Any]] = []
    for row, (x, y) in zip(rows.tolist(), places, strict=True):
        number = int(dataset.label_ids[row])
        label = dataset.labels[number] if number >= 0 else None
        name = dataset.manifest.clips[row].path
        found.append({"name": name, "label": label, "x": x, "y": y})
    return [MapClip(**one) for one in found]


def _places(features: PatchFeatures, images: Tensor) -> list[tuple[float, float]]:
    found = features.features(images)[:, :2]
    if found.shape[1] < 2:
        found = torch.cat([found, torch.zeros(len(found), 2 - found.shape[1])], dim=1)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in found]
