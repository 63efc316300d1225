"""Trainings by HTTP: listed, told as they go on, begun and stopped."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from soundgan.inference.model_file import describe_model
from soundgan.pipelines.find_model import bundled_models
from soundgan.serve import runs
from soundgan.serve.settings import Settings
from tests.conftest import V1, Run
from tests.serve.asking import API, Client

RUN = Path("runs/mine")


@pytest.fixture
def mine(client: Client) -> Client:
    shutil.copytree(V1 / "run", RUN)
    return client


def told(client: Client, metrics: int = 0, happened: int = 0) -> Iterator[tuple[str, str, Any]]:
    """Events as id, kind and data, as far as there are any."""
    for text in runs._news(client.service, "mine", metrics, happened):
        if text is None:
            return
        for block in text.strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            yield fields.get("id", ""), fields["event"], json.loads(fields["data"])


def test_a_run_is_listed_with_how_far_it_is(mine: Client) -> None:
    (found,) = mine.api("/runs")["runs"]
    assert (found["name"], found["state"], found["step"]) == ("mine", "finished", 6)
    assert found["labels"] == ["high", "low"]
    assert found["health"] == "healthy: no trouble in 6 steps"
    assert found["model"] in {model["hash"] for model in mine.api("/models")["models"]}
    assert mine.api("/runs/mine") == {"schema": 1, **found}
    assert mine.get(f"{API}/runs/other").status_code == 404


def test_events_go_on_exactly_from_any_of_them(mine: Client) -> None:
    everything = list(told(mine))
    kinds = [kind for _, kind, _ in everything]
    assert kinds == ["event", *["metrics"] * kinds.count("metrics"), "state"]
    lines = (RUN / "metrics.jsonl").read_text("utf-8").splitlines()
    assert [data for _, kind, data in everything if kind == "metrics"] == list(
        map(json.loads, lines)
    )
    for number, (id, _, _) in enumerate(everything[:-1]):
        metrics, happened = map(int, id.split("-"))
        assert list(told(mine, metrics, happened)) == everything[number + 1 :]


def test_a_training_that_went_back_is_told_again(mine: Client) -> None:
    last = [id for id, kind, _ in told(mine) if kind == "metrics"][-1]
    metrics, happened = map(int, last.split("-"))
    log = RUN / "metrics.jsonl"
    log.write_text("".join(log.read_text("utf-8").splitlines(keepends=True)[:1]), "utf-8")
    after = list(told(mine, metrics, happened))
    assert [kind for _, kind, _ in after] == ["reset", "event", "metrics", "state"]
    assert after[0][0] == "0-0"


def test_what_is_told_of_a_run_ends_with_its_folder(mine: Client) -> None:
    news = runs._news(mine.service, "mine", 0, 0)
    assert next(news)
    shutil.rmtree(RUN)
    assert list(news) == []


def test_previews_and_reports_are_those_in_the_folder(mine: Client) -> None:
    (RUN / "samples").mkdir()
    for step in (30, 4):
        (RUN / f"samples/step-{step:09d}.png").write_bytes(b"png %d" % step)
        (RUN / f"samples/step-{step:09d}-a-b-seed000000.wav").write_bytes(b"wav %d" % step)
    (RUN / "evaluation/test").mkdir(parents=True)
    (RUN / "evaluation/test/evaluation.html").write_text("<p>good", "utf-8")
    (RUN / "evaluation.html").write_text("<p>better", "utf-8")
    found = mine.api("/runs/mine/previews")["previews"]
    assert [one["step"] for one in found] == [4, 30]
    assert mine.get(found[1]["url"]).content == b"png 30"
    (sound,) = found[0]["sounds"]
    assert (sound["name"], mine.get(sound["url"]).content) == ("a-b, seed 0", b"wav 4")
    pages = mine.api("/runs/mine")["reports"]
    assert [mine.get(page).text for page in pages] == ["<p>better", "<p>good"]
    shown = mine.get(pages[0])
    assert "sandbox" in shown.headers["content-security-policy"]
    for other in (
        "previews/5.png",
        "previews/x.png",
        "previews/4/run.json",
        "previews/4/..%2F..%2Frun.json",
        "previews/30/" + sound["url"].rpartition("/")[2],
        "reports/..%2Frun.json",
        "reports/model",
    ):
        assert mine.get(f"{API}/runs/mine/{other}").status_code in (404, 422)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": ""},
        {"name": "../x"},
        {"name": "-x"},
        {"name": "a/b"},
        {"name": "x", "data": "/etc"},
        {"name": "x", "data": ".."},
        {"name": "x", "preset": "/etc/passwd"},
        {"name": "x", "max_minutes": -1},
        {"name": "x", "seed": "--help"},
    ],
    ids=str,
)
def test_what_is_no_training_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    found = client.ask("POST", f"{API}/runs", json=wrong)
    assert (found.status_code, found.json()["exit_code"]) == (422, 2)
    assert client.api("/runs")["runs"] == []


def test_the_best_average_is_told_as_the_model_says_it(mine: Client) -> None:
    assert mine.api("/runs/mine")["best"] is None  # its training did not look for it
    drums = bundled_models()["drums"]
    shutil.copy(drums, RUN / "model.safetensors")
    said = describe_model(drums).provenance
    best = mine.api("/runs/mine")["best"]
    assert best == {"step": said["best_step"], "kernel_distance": said["kernel_distance"]}
    (RUN / "model.safetensors").write_bytes(b"broken")
    assert mine.api("/runs/mine")["best"] is None


def test_nothing_is_stopped_that_is_not_at_work(mine: Client) -> None:
    assert mine.ask("DELETE", f"{API}/runs/mine/process").status_code == 409
    assert mine.ask("DELETE", f"{API}/runs/other/process").status_code == 404


@pytest.mark.slow
def test_a_training_survives_its_page_and_stops_as_by_interruption(
    client: Client, soundgan: Run, tmp_path: Path
) -> None:
    soundgan("demo-data", "drums", "--per-class", "6")
    begun = client.ask("POST", f"{API}/datasets", json={"source": "drums"})
    assert begun.status_code == 202, begun.text
    child = client.service.children.newest("prepare", "prepared")
    assert child is not None
    client.service.children.wait(child, 100)
    dataset = client.api("/datasets/prepared")
    assert (dataset["state"], dataset["labels"]) == (
        "done",
        ["clap", "hat", "kick", "snare", "tom"],
    )
    assert client.get(dataset["report"]).status_code == 200
    wanted = {"name": "mine", "data": "prepared", "preset": "tiny"}
    begun = client.ask("POST", f"{API}/runs", json=wanted)
    assert begun.status_code == 202, begun.text
    assert client.ask("POST", f"{API}/runs", json=wanted).status_code == 409
    other = Client(Settings(folder=tmp_path))  # after a restart, say
    try:
        until = time.monotonic() + 100
        while other.get(begun.headers["location"]).json().get("step", 0) < 1:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert other.api("/runs/mine")["state"] == "training"
        assert other.ask("DELETE", f"{API}/runs/mine/process").status_code == 204
    finally:
        other.close()
    training = client.service.children.newest("train", "mine")
    assert training is not None
    client.service.children.wait(training, 100)
    assert training.code == 130
    assert client.api("/runs/mine")["model"] is not None
