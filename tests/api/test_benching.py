from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import soundgan
from soundgan.pipelines.bench import rows, run
from soundgan.runtime.ceilings import Rates
from tests.inference.conftest import write_model
from tests.pipelines.bench.conftest import ONCE


def test_a_result_is_numbers_a_text_and_a_file_to_compare_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "QUICK", ONCE)
    monkeypatch.setattr(rows, "measure_rates", lambda device, dtype: Rates(1e11, 1e10))
    monkeypatch.setattr("soundgan.pipelines.bench.request.TRAINING_PRESET", "tiny")
    model, saved = write_model(tmp_path / "model.safetensors"), tmp_path / "saved.json"
    result = soundgan.bench(model, device="cpu", quick=True, batch_sizes=[2, 1, 2], save=saved)
    assert capsys.readouterr() == ("", "")
    (row,) = result.document["rows"]
    assert [batch["size"] for batch in row["sounds"]["batches"]] == [1, 2]
    assert json.loads(saved.read_text()) == result.document
    assert "sounds, from seed to WAV on disk" in result.text()


def test_what_cannot_be_measured_is_said_before_torch_is_loaded() -> None:
    script = """
import sys
import soundgan
for call, words in (
    (lambda: soundgan.bench("nothing"), "`model` nothing: no model there"),
    (lambda: soundgan.bench(batch_sizes=[0]), "`batch_sizes=0`"),
    (lambda: soundgan.generate("nothing"), "nothing: no model there"),
    (lambda: soundgan.invert_files("x.png", seconds=0), "`seconds`: 0 is not"),
    (lambda: soundgan.spectrogram_files("x.wav", like="nothing"), "nothing: no model there"),
    (lambda: soundgan.load_config("tinny"), "did you mean 'tiny'"),
):
    try:
        call()
    except soundgan.SoundGANError as error:
        assert words in str(error), error
    else:
        raise AssertionError(words)
assert "torch" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_measuring_draws_nothing_from_the_random_stream(tmp_path: Path) -> None:
    code = (
        "import random, sys, soundgan; before = random.getstate()\n"
        "try: soundgan.bench(sys.argv[1], device='cuda:99', quick=True)\n"
        "except soundgan.SoundGANError: pass\n"
        "assert random.getstate() == before"
    )
    model = write_model(tmp_path / "model.safetensors")
    subprocess.run([sys.executable, "-c", code, model], check=True)
