"""Pictures as sounds, with what was assumed and how to correct it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import Run
from tests.serve.asking import API, Client

PNG = {"Content-Type": "image/png"}


@pytest.mark.slow
def test_an_own_picture_is_the_sound_of_the_command(client: Client, soundgan: Run) -> None:
    content = client.sounds("42:kick.png").content
    sent = client.ask("POST", f"{API}/pictures?name=kick.png", content=content, headers=PNG)
    assert sent.status_code == 201, sent.text
    facts = sent.json()
    assert (facts["own_picture"], facts["assumed"]) == (True, [])
    Path("kick.png").write_bytes(content)
    done = soundgan("invert", "kick.png", "--json")
    (sound,) = json.loads(done.stdout)["sounds"]
    assert client.get(facts["wav"]).content == Path(sound["path"]).read_bytes()
    assert client.api(f"/pictures/{facts['id']}") == facts


@pytest.mark.slow
def test_assumptions_name_the_parameter_that_corrects_them(
    client: Client, rng: np.random.Generator
) -> None:
    image = Image.fromarray(rng.integers(0, 255, (64, 100), dtype=np.uint8))
    image.save("found.png")
    content = Path("found.png").read_bytes()
    facts = client.ask("POST", f"{API}/pictures", content=content, headers=PNG).json()
    assumed = {one["parameter"]: one["value"] for one in facts["assumed"]}
    assert {"seconds", "f_max"} <= assumed.keys()
    corrected = client.api(f"/pictures/{facts['id']}?seconds=0.5&sample_rate=8000&f_min=0")
    assert (corrected["sample_rate"], corrected["n_samples"]) == (8000, 4000)
    assert not {"seconds", "f_min"} & {one["parameter"] for one in corrected["assumed"]}
    assert client.get(corrected["wav"]).content != client.get(facts["wav"]).content


@pytest.mark.slow
def test_what_is_no_picture_is_refused_in_the_words_of_the_command(client: Client) -> None:
    sent = client.ask("POST", f"{API}/pictures", content=b"no picture", headers=PNG)
    assert sent.status_code == 422
    assert sent.json()["exit_code"] == 1
    assert "Traceback" not in sent.text
    assert "/" not in sent.json()["detail"]


def test_corrections_out_of_range_are_refused_at_once(client: Client) -> None:
    for wrong in (
        "seconds=-1",
        "axis=bark",
        "f_max=x",
        "out=/etc",
        "overwrite=1",
        "colormap=" + "x" * 99,
    ):
        sent = client.ask("POST", f"{API}/pictures?{wrong}", content=b"x", headers=PNG)
        assert (sent.status_code, sent.json()["exit_code"]) == (422, 2)
    assert client.get(f"{API}/pictures/0123").status_code == 404
    assert client.get(f"{API}/pictures/..%2F..%2Fetc.wav").status_code == 404
