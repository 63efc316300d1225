"""The map: the same places every time, near where sounds are alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from tests.conftest import V1
from tests.serve.asking import Client


def test_sounds_have_places_that_do_not_change(client: Client) -> None:
    path = f"/models/{client.drums}/map"
    found = client.api(path, params={"n": 60})
    assert len(found["sounds"]) == 60
    assert found["clips"] == []
    client.service.maps.clear()
    assert client.api(path, params={"n": 60}) == found
    places = np.array([[sound["x"], sound["y"]] for sound in found["sounds"]])
    assert np.allclose(places.mean(axis=0), 0, atol=1e-3)
    assert client.get(found["sounds"][7]["url"]).status_code == 200
    assert found["sounds"][7]["address"].startswith("7:")


def test_classes_lie_apart(client: Client) -> None:
    found = client.api(f"/models/{client.drums}/map", params={"n": 200})["sounds"]
    places = np.array([[sound["x"], sound["y"]] for sound in found])
    labels = np.array([sound["label"] for sound in found])
    within = np.mean([places[labels == label].std(axis=0).mean() for label in set(labels)])
    assert within < 0.8 * places.std(axis=0).mean()


def test_clips_of_the_runs_dataset_lie_on_the_same_map(client: Client) -> None:
    shutil.copytree(V1 / "run", "runs/mine")
    shutil.copytree(V1 / "prepared", "prepared")
    model = client.api("/models")["models"][0]["hash"]
    found = client.api(f"/models/{model}/map", params={"n": 20})
    assert len(found["sounds"]) == 20
    assert {clip["label"] for clip in found["clips"]} == {"high", "low"}
    assert all(Path(clip["name"]).suffix == ".wav" for clip in found["clips"])
