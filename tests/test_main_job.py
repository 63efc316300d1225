"""The main job on real recordings: prepare, train, generate."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import soundfile

from soundgan.data.dataset import PreparedDataset
from tests.conftest import Run


def test_spoken_digits_become_new_sounds(fsdd: Path, soundgan: Run, tmp_path: Path) -> None:
    data, run, out = tmp_path / "prepared", tmp_path / "run", tmp_path / "out"
    outcome = soundgan("prepare", fsdd, "--label-pattern", r"^(?P<label>\d)_", "--out", data)
    assert outcome.code == 0, outcome.stderr

    report = json.loads((data / "report.json").read_text())
    recordings = sorted(fsdd.rglob("*.wav"))
    used = [entry for entry in report["files"] if entry["clips"]]
    assert sum(report["verdicts"].values()) == len(report["files"])
    assert len(used) == len(recordings)
    dataset = PreparedDataset.open(data)
    assert dataset.labels == tuple("0123456789")
    assert dataset.clip.sample_rate == 8000
    for kept in (dataset.validation_indices, dataset.test_indices):
        assert 0.09 <= len(kept) / len(dataset) <= 0.11

    arguments = ["train", "--config", "tiny", "--data", data, "--run", run, "--max-steps", 20]
    assert soundgan(*arguments).code == 0
    assert soundgan("generate", "-n", 4, "--model", run, "--out", out, "--label", "7").code == 0
    sounds = [soundfile.read(path)[0] for path in sorted(out.glob("*.wav"))]
    assert len(sounds) == 4
    for number, sound in enumerate(sounds):
        assert len(sound) == dataset.clip.n_samples
        assert np.abs(sound).max() > 0.001
        assert all(not np.allclose(sound, other) for other in sounds[:number])
