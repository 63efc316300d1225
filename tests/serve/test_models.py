"""The models within reach, and what becomes of one that is replaced."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import soundgan
from soundgan.serve.settings import Settings
from tests.serve.asking import API, Client

DRUMS = soundgan.load("drums").path


def test_models_are_those_of_runs_and_the_bundled_ones(client: Client) -> None:
    Path("runs/mine").mkdir(parents=True)
    soundgan.export_model("drums", "runs/mine/model.safetensors", name="Mine")
    mine, drums = client.api("/models")["models"]
    assert (mine["name"], drums["name"]) == ("runs/mine", "drums")
    assert drums["sha256"] == sha256(DRUMS.read_bytes()).hexdigest()
    assert drums["hash"] == drums["sha256"][:16]
    assert drums["labels"] == ["clap", "hat", "kick", "snare", "tom"]
    assert (drums["sample_rate"], drums["channels"], drums["takes"]) == (22050, 1, True)
    assert client.api(f"/models/{mine['hash']}")["provenance"]["title"] == "Mine"


def test_a_named_model_comes_first_and_a_damaged_one_not_at_all(tmp_path: Path) -> None:
    named, damaged = tmp_path / "a.safetensors", tmp_path / "runs" / "bad" / "model.safetensors"
    soundgan.export_model("drums", named, name="A")
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"no model")
    client = Client(Settings(folder=tmp_path, model=named))
    try:
        names = [model["name"] for model in client.api("/models")["models"]]
    finally:
        client.close()
    assert names == [str(named), "drums"]


def test_a_model_that_a_training_replaces_goes_on_until_another_is_asked_for(
    client: Client,
) -> None:
    path = Path("runs/mine/model.safetensors")
    path.parent.mkdir(parents=True)
    soundgan.export_model("drums", path, name="first")
    first = client.api("/models")["models"][0]["hash"]
    sound = f"{API}/models/{first}/sounds/1.wav"
    assert client.get(sound).status_code == 200
    soundgan.export_model("drums", path, name="second", overwrite=True)
    second = client.api("/models")["models"][0]["hash"]
    assert second != first
    assert client.get(f"{API}/models/{first}/sounds/2.wav").status_code == 200
    assert client.get(f"{API}/models/{second}/sounds/2.wav").status_code == 200
    gone = client.get(f"{API}/models/{first}/sounds/3.wav")
    assert (gone.status_code, gone.json()["exit_code"]) == (404, 2)
    shutil.rmtree("runs")
    assert client.get(f"{API}/models/{second}/sounds/4.wav").status_code == 200
