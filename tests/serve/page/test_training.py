"""Trainings on the page: prepared for, begun, watched, compared, stopped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soundgan.audio.wav import encode_audio
from tests.serve.page.served import Served, Watched

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/v1"

pytestmark = pytest.mark.slow


@pytest.fixture
def run(folder: Path) -> Iterator[Path]:
    """A run with three previews, and pages of two evaluations."""
    made = folder / "runs/shown"
    shutil.copytree(FIXTURES / "run", made)
    for step in (2, 4, 6):
        add_preview(made, step)
    (made / "evaluation.html").write_text("<title>e</title><p>as good as real</p>", "utf-8")
    yield made
    shutil.rmtree(made)


def add_preview(run: Path, step: int) -> None:
    samples = run / "samples"
    samples.mkdir(exist_ok=True)
    for seed, label in enumerate(("high", "low")):
        tone = np.sin(np.arange(2000) * 0.05 * step).astype(np.float32)
        name = f"step-{step:09d}-{label}-seed{seed:06d}.wav"
        (samples / name).write_bytes(encode_audio(tone, 8000))
    Image.new("L", (80, 40), 40 * step).save(samples / f"step-{step:09d}.png")


def open_training(watched: Watched) -> None:
    watched.page.locator("#tab-training").click()
    watched.until("sg-training > p", "steps")


def test_a_by_turns_with_b_is_seen_and_heard_by_keys(watched: Watched, run: Path) -> None:
    page = watched.page
    open_training(watched)
    shown = page.locator("sg-previews output")
    watched.until("sg-previews output", "step 6 (B)")
    watched.press("1")
    assert "/previews/6/step-000000006-high" in watched.heard(1)[0]["url"]
    watched.press("a")
    assert "/previews/2/step-000000002-high" in watched.heard(2)[1]["url"]
    assert shown.inner_text() == "step 2 (A)"
    assert (page.locator("sg-previews img").get_attribute("src") or "").endswith("/2.png")
    watched.press(".", "Shift+B", "2")
    assert shown.inner_text() == "step 4 (B)"
    watched.heard(3)
    watched.press("a")
    watched.heard(4)
    watched.press("b")
    assert "/previews/4/step-000000004-low" in watched.heard(5)[4]["url"]


def test_previews_are_walked_and_compared_by_the_mouse(watched: Watched, run: Path) -> None:
    page = watched.page
    open_training(watched)
    watched.until("sg-previews output", "step 6 (B)")
    page.get_by_title("The preview before").click()
    page.get_by_role("button", name="Make it A").click()
    page.get_by_role("button", name="high, seed 0").click()
    assert "/previews/4/" in watched.heard(1)[0]["url"]
    page.get_by_title("Show and play B").click()
    assert "/previews/6/" in watched.heard(2)[1]["url"]
    page.get_by_title("Show and play A").click()
    assert "/previews/4/" in watched.heard(3)[2]["url"]


def test_what_a_training_does_is_seen_as_it_does_it(watched: Watched, run: Path) -> None:
    open_training(watched)
    watched.until("sg-previews output", "step 6 (B)")
    add_preview(run, 50)
    with (run / "metrics.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps({"step": 50, "generator/loss": 1.0, "discriminator/loss": 2.0}) + "\n")
    verdict = {"step": 50, "attempt": 0, "event": "verdict", "sentence": "all is quite well"}
    with (run / "events.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(verdict) + "\n")
    watched.until("sg-training > p", "50 of")
    watched.until(".health", "all is quite well")
    watched.until("sg-previews output", "step 50 (B)")


def test_an_evaluation_is_opened_inside_and_closed_again_by_keys(
    watched: Watched, run: Path
) -> None:
    page = watched.page
    open_training(watched)
    page.get_by_role("button", name="Report: evaluation").focus()
    watched.press("Enter")
    page.frame_locator("sg-training iframe").get_by_text("as good as real").wait_for()
    watched.press("Enter")  # the button that closes it has the focus
    page.locator("sg-training iframe").wait_for(state="hidden")


def test_the_model_of_a_training_comes_onto_the_pads(watched: Watched, run: Path) -> None:
    open_training(watched)
    watched.page.get_by_role("button", name="On the pads").click()
    watched.until("#said", "runs/shown is on the pads")
    assert watched.page.get_by_role("tab", selected=True).inner_text() == "Pads"
    watched.until_ready()


def test_a_kit_of_sounds_is_prepared_and_trained_on_in_a_tab_that_closes(
    watched: Watched, served: Served
) -> None:
    demo = [sys.executable, "-m", "soundgan", "demo-data", "drums", "--per-class", "6"]
    subprocess.run(demo, cwd=served.folder, check=True, capture_output=True)
    page = watched.page
    page.locator("#tab-training").click()
    page.get_by_text("Prepare sounds", exact=True).click()
    page.get_by_role("button", name="Prepare", exact=True).click()
    watched.until(".datasets li", "30 clips")
    page.get_by_role("button", name="Report of prepared").click()
    page.frame_locator("sg-training iframe").get_by_text("clips").first.wait_for()
    page.get_by_role("button", name="Close the report").click()
    page.get_by_text("Begin a training", exact=True).click()
    page.get_by_label("Name", exact=True).fill("from-page")
    page.get_by_label("Minutes").fill("3")
    page.get_by_label("Minutes").press("Enter")
    watched.until("sg-training > p", "training")
    again = Watched(page.context.new_page())
    page.close()
    again.open(served.url)
    again.page.locator("#tab-training").click()
    again.page.locator("sg-training select").first.select_option("from-page")
    again.until("sg-training > p", "training")
    again.page.get_by_role("button", name="Stop", exact=True).click()
    again.until("sg-training > p", "stopped")
    again.page.get_by_role("button", name="Go on").click()
    again.until("sg-training > p", "training")
    again.page.get_by_role("button", name="Stop", exact=True).press("Enter")
    again.until("sg-training > p", "stopped")
    assert again.complaints == []
