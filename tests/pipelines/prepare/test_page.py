"""The report's page, and the ceiling it lets one hear."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from soundgan.data.dataset import PreparedDataset
from soundgan.ingest.options import PrepareOptions
from soundgan.pipelines.prepare.ceiling import measure_ceiling
from soundgan.pipelines.prepare.page import make_page
from soundgan.pipelines.prepare.run import PrepareResult, prepare_folder
from soundgan.reporting import SilentReporter
from tests.pages import Outline
from tests.sounds import silence, tone, write


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[PrepareResult, str]:
    """A small dataset with names that try to break out of the page."""
    folder = tmp_path_factory.mktemp("page")
    for number in range(6):
        write(folder / "src" / "<b>low" / f"<i>{number}.wav", tone(0.2, hertz=200 + 9 * number))
        write(folder / "src" / "high&'\"" / f"{number}.wav", tone(0.2, hertz=900 + 9 * number))
    write(folder / "src" / "high&'\"" / "<script>alert(1)<" / "script>.wav", silence(0.3))
    options = PrepareOptions(jobs=1, sample_rate=8000, clip_seconds=0.256)
    result = prepare_folder(folder / "src", folder / "out", options, SilentReporter())
    return result, (folder / "out" / "report.html").read_text()


def test_the_page_is_whole_and_needs_nothing_from_outside(
    prepared: tuple[PrepareResult, str],
) -> None:
    outline = Outline()
    outline.feed(prepared[1])
    assert not outline.open
    assert outline.links
    assert all(link.startswith("data:") for link in outline.links)
    assert "http://" not in prepared[1]
    assert "https://" not in prepared[1]


def test_names_and_labels_are_text_and_nothing_else(prepared: tuple[PrepareResult, str]) -> None:
    outline = Outline()
    outline.feed(prepared[1])
    assert not outline.tags & {"script", "iframe", "object", "link"}
    assert prepared[1].count("<i>") == 0
    assert "&lt;script&gt;alert(1)" in prepared[1]
    assert "&lt;b&gt;low" in prepared[1]


def test_the_page_answers_counts_and_warns(prepared: tuple[PrepareResult, str]) -> None:
    page = prepared[1]
    assert "Not yet: with 10 clips" in page
    assert "its loudest moment is at -120.0 dBFS" in page
    assert "<figcaption>Loudness, RMS, dBFS</figcaption>" in page
    report = prepared[0].report
    assert report["losses"]
    assert "What was lost on the way" in page
    assert page.count("<article>") == 8


def test_every_player_plays_a_clip_and_every_picture_opens(
    prepared: tuple[PrepareResult, str],
) -> None:
    result, page = prepared
    sounds = re.findall(r"data:audio/wav;base64,([^\"]+)", page)
    assert len(sounds) == 16
    dataset = PreparedDataset.open(result.out)
    listed = [clip for clip in result.report["ceiling"]["clips"] if clip["to_listen"]]
    assert len(listed) == 8
    first = min(listed, key=lambda clip: clip["spectral_convergence_db"])["index"]
    waveform, rate = soundfile.read(io.BytesIO(base64.b64decode(sounds[0])), dtype="float32")
    assert rate == 8000
    np.testing.assert_array_equal(waveform, dataset.for_models.waveforms(np.array([first]))[0])
    for picture in re.findall(r"data:image/png;base64,([^\"]+)", page):
        with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
            image.load()


def test_the_page_is_the_same_every_time(
    prepared: tuple[PrepareResult, str], tmp_path: Path
) -> None:
    source = prepared[0].out.parent / "src"
    options = PrepareOptions(jobs=2, sample_rate=8000, clip_seconds=0.256)
    prepare_folder(source, tmp_path / "again", options, SilentReporter())
    assert (tmp_path / "again" / "report.html").read_text() == prepared[1]


def test_parameters_are_named_as_they_are_typed(prepared: tuple[PrepareResult, str]) -> None:
    result = prepared[0]
    ceiling = measure_ceiling(PreparedDataset.open(result.out))
    rough = replace(ceiling, spread=replace(ceiling.spread, median_db=-1.0))
    page = make_page(result.report, [], rough)
    assert "A shorter --clip-seconds, a lower --sample-rate" in page
    assert "`" not in page
