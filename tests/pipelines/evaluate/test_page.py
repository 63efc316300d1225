from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from soundgan.data.dataset import PreparedDataset
from soundgan.pipelines.evaluate import examples
from soundgan.pipelines.evaluate.request import EvaluateRequest
from soundgan.pipelines.evaluate.run import EvaluateResult, evaluate
from soundgan.pipelines.generate import GenerateRequest, generate
from soundgan.reporting import SilentReporter
from tests.datasets import write_dataset
from tests.inference.conftest import write_model
from tests.pages import Outline


def sounds_of(page: str) -> list[bytes]:
    return [base64.b64decode(text) for text in re.findall(r"data:audio/wav;base64,([^\"]+)", page)]


@pytest.fixture(scope="module")
def page(evaluated: EvaluateResult) -> str:
    return evaluated.page.read_text()


def test_the_page_is_whole_and_needs_nothing_from_outside(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert not outline.open
    assert all(link.startswith("data:") for link in outline.links)
    assert not re.search("https?://", page)
    assert not outline.tags & {"script", "iframe", "object", "link"}


def test_every_class_shows_generated_sounds_neighbours_and_recordings(page: str) -> None:
    assert page.count('<div class="group">') == 3
    assert page.count('<div class="pair">') == 6
    assert page.count(">nearest in training<") == 6
    assert page.count(">recording<") == 6
    for png in re.findall(r"data:image/png;base64,([^\"]+)", page):
        with Image.open(io.BytesIO(base64.b64decode(png))) as image:
            assert image.size == (64, 64)


def test_the_first_player_plays_the_first_seed_and_its_neighbour_is_a_training_clip(
    page: str, model: Path, dataset: PreparedDataset, tmp_path: Path
) -> None:
    request = GenerateRequest(model, tmp_path, 1, seed=0, label="low")
    (written,) = generate(request, SilentReporter()).sounds
    expected, _ = soundfile.read(written.path, dtype="int16")
    first, nearest, *_ = sounds_of(page)
    heard, rate = soundfile.read(io.BytesIO(first), dtype="int16")
    assert rate == 8000
    np.testing.assert_array_equal(heard, expected)
    neighbour, _ = soundfile.read(io.BytesIO(nearest), dtype="int16")
    train = dataset.for_models.samples(dataset.train_indices)
    assert (train == neighbour).all(axis=1).any()


def test_names_and_labels_are_text_and_nothing_else(tmp_path: Path) -> None:
    labels = ("<script>alert(1)</script>", "high&'\"", "mid")
    prepared = write_dataset(tmp_path / "prepared", n_clips=120, labels=labels)
    model = write_model(tmp_path / "model.safetensors", labels=labels)
    result = evaluate(EvaluateRequest(model, prepared, count=30), SilentReporter())
    text = result.page.read_text()
    outline = Outline()
    outline.feed(text)
    assert not outline.open
    assert "script" not in outline.tags
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_stays_small_whatever_the_clips(
    prepared: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "PAGE_BYTES", 7 * 14_140)
    request = EvaluateRequest(model, prepared, count=30, out=tmp_path)
    text = evaluate(request, SilentReporter()).page.read_text()
    # Room for seven clips: two classes with one pair and one recording each.
    assert len(sounds_of(text)) == 6


def test_a_page_without_classes_still_lets_one_listen(
    free_model: Path, unlabelled: Path, tmp_path: Path
) -> None:
    request = EvaluateRequest(free_model, unlabelled, count=12, out=tmp_path)
    text = evaluate(request, SilentReporter()).page.read_text()
    assert text.count('<div class="pair">') == 8
    assert "heard as" not in text
