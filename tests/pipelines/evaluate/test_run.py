from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from soundgan.api.datasets import dataset_from_arrays
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ExitCode, UsageError
from soundgan.pipelines.evaluate.request import EvaluateRequest
from soundgan.pipelines.evaluate.run import EvaluateResult, evaluate, white_noise
from soundgan.pipelines.evaluate.table import WIDTH, render
from soundgan.pipelines.generate import GenerateRequest, generate
from soundgan.reporting import SilentReporter
from tests.inference.conftest import write_model
from tests.sounds import write


def test_the_report_says_what_was_measured(evaluated: EvaluateResult, prepared: Path) -> None:
    document = json.loads(evaluated.report.read_text())
    assert document == json.loads(json.dumps(evaluated.document))
    assert document["counts"] == {"candidate": 30, "real": 30, "train": 160, "held_out": 20}
    assert document["reference"]["split"] == "test"
    assert document["reference"]["dataset"] == PreparedDataset.open(prepared).content_hash
    assert document["rows"].keys() == {"candidate", "real", "copy_synthesis", "noise"}
    assert document["rows"]["real"]["nearest_neighbour_ratio"] == 1.0
    assert all(len(e["hash"]) == 64 for e in document["extractors"].values())
    assert document["verdict"]["tone"] in ("good", "workable", "bad")
    assert evaluated.exit_code == ExitCode.OK


def test_a_dataset_without_a_test_of_its_own_is_measured_by_its_validation_and_says_so(
    model: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    clips = rng.uniform(-0.5, 0.5, (94, 2048)) * np.linspace(1, 0, 2048)
    data = dataset_from_arrays(clips, 8000, validation=0.2)
    assert len(data.test_indices) == 0
    request = EvaluateRequest(model, data, count=12, out=tmp_path)
    document = evaluate(request, SilentReporter()).document
    assert document["reference"]["split"] == "validation"
    assert document["counts"]["held_out"] == len(data.validation_indices) == 19
    assert any("no test split of its own" in remark for remark in document["remarks"])
    assert "19 validation clips" in render(document)


def test_the_validation_clips_can_be_asked_for(
    unlabelled: Path, free_model: Path, tmp_path: Path
) -> None:
    request = EvaluateRequest(free_model, unlabelled, count=12, out=tmp_path, split="validation")
    document = evaluate(request, SilentReporter()).document
    assert document["reference"]["split"] == "validation"
    assert not any("no test split" in remark for remark in document["remarks"])


def test_the_same_request_gives_the_same_bytes_with_any_number_of_threads(
    evaluated: EvaluateResult, prepared: Path, model: Path, tmp_path: Path
) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        again = evaluate(EvaluateRequest(model, prepared, count=30, out=tmp_path), SilentReporter())
    finally:
        torch.set_num_threads(threads)
    assert again.report.read_bytes() == evaluated.report.read_bytes()
    assert again.page.read_bytes() == evaluated.page.read_bytes()


def test_the_files_of_generate_are_the_sounds_of_the_model(
    free_model: Path, unlabelled: Path, tmp_path: Path
) -> None:
    generate(GenerateRequest(free_model, tmp_path / "wavs", 12, seed=0), SilentReporter())
    results = [
        evaluate(
            EvaluateRequest(target, unlabelled, count=12, out=tmp_path / str(number)),
            SilentReporter(),
        )
        for number, target in enumerate((free_model, tmp_path / "wavs"))
    ]
    rows = [result.document["rows"]["candidate"] for result in results]
    assert rows[0] == rows[1]
    assert [r.document["candidate"]["kind"] for r in results] == ["model", "folder"]


def test_reference_recordings_themselves_pass_for_real(
    prepared: Path, dataset: PreparedDataset, tmp_path: Path
) -> None:
    for index in dataset.test_indices:
        name = dataset.labels[dataset.label_ids[index]]
        samples = dataset.for_models.samples(np.array([index]))[0]
        write(tmp_path / "wavs" / name / f"{index}.wav", samples, subtype="PCM_16")
    request = EvaluateRequest(tmp_path / "wavs", prepared, out=tmp_path / "out")
    row = evaluate(request, SilentReporter()).document["rows"]["candidate"]
    assert row["whole"]["frechet_distance"] == pytest.approx(0.0, abs=1e-6)
    assert row["whole"]["coverage"] == 1.0
    assert row["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("noise", "Far from real recordings."),
        ("silence", "Far from real recordings."),
        ("training clips", "These sounds repeat the training clips."),
        ("other classes", "These sounds are not of the classes that they were asked to be."),
        ("reference clips", "Cannot tell with 20 sounds and 20 reference clips."),
    ],
)
def test_twenty_reference_clips_are_enough_for_what_is_clear(
    kind: str, answer: str, prepared: Path, dataset: PreparedDataset, tmp_path: Path
) -> None:
    reference = dataset.test_indices
    chosen = dataset.train_indices[:20] if kind == "training clips" else reference
    samples, ids = dataset.for_models.samples(chosen), dataset.label_ids[chosen]
    if kind == "noise":
        samples = white_noise(len(samples), samples.shape[1:])
    elif kind == "silence":
        samples = np.zeros_like(samples)
    elif kind == "other classes":
        ids = (ids + 1) % len(dataset.labels)
    for number, (clip, label) in enumerate(zip(samples, ids, strict=True)):
        place = tmp_path / "wavs" / dataset.labels[label] / f"{number}.wav"
        write(place, clip, subtype="PCM_16")
    request = EvaluateRequest(tmp_path / "wavs", prepared, out=tmp_path / "out")
    verdict = evaluate(request, SilentReporter()).document["verdict"]
    told, _, worst = verdict["answer"].removesuffix(".").partition(": ")
    assert told.replace("20 sounds", "20 sounds and 20 reference clips", 1) in (
        answer.removesuffix("."),
        answer.removesuffix(".").replace("20 sounds", "20 sounds and 20 reference clips", 1),
    )
    assert bool(worst) == (verdict["worst"] is not None)


def test_files_that_cannot_be_used_are_counted(
    unlabelled: Path, dataset: PreparedDataset, tmp_path: Path
) -> None:
    for index in range(12):
        samples = dataset.for_models.samples(np.array([index]))[0]
        write(tmp_path / "wavs" / f"{index}.wav", samples, subtype="PCM_16")
    for index in range(7):
        (tmp_path / "wavs" / f"x{index}.wav").write_text("no sound")
    request = EvaluateRequest(tmp_path / "wavs", unlabelled, out=tmp_path / "out")
    result = evaluate(request, SilentReporter())
    assert result.exit_code == ExitCode.PARTIAL
    remarks = result.document["remarks"]
    assert remarks[0].startswith("could not be used: x0.wav: ")
    assert remarks[-1] == "and 2 more files could not be used"


def test_a_model_of_another_dataset_is_remarked(
    unlabelled: Path, prepared: Path, tmp_path: Path
) -> None:
    path = write_model(tmp_path / "model.safetensors", labels=("low", "odd"))
    # A file without a hash, as of earlier versions, that has learnt from something else.
    with safe_open(path, "pt") as file:
        document = json.loads(file.metadata()["soundgan"])
    document["provenance"]["dataset"] = "0" * 64
    del document["content_sha256"]
    save_file(load_file(path), path, metadata={"soundgan": json.dumps(document)})
    request = EvaluateRequest(path, prepared, count=10, out=tmp_path / "out")
    remarks = evaluate(request, SilentReporter()).document["remarks"]
    assert "trained on another dataset" in remarks[0]
    assert remarks[1] == "not among the dataset's classes, so left out of accuracy: odd"


def test_options_that_do_not_suit_are_refused_before_any_work(
    prepared: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        pytest.fail("work was done first")

    monkeypatch.setattr("soundgan.pipelines.evaluate.run.open_reference", fail)
    (tmp_path / "wavs").mkdir()
    for request, message in (
        (EvaluateRequest(tmp_path / "wavs", prepared, truncation=0.5), "evaluated as it is"),
        (EvaluateRequest(model, prepared, seed=2**63 - 2), "seeds end at"),
        (EvaluateRequest(model, prepared, device="gpu"), "write auto, cpu"),
        (EvaluateRequest(model, prepared, compare=tmp_path / "x.json"), "no such file"),
    ):
        with pytest.raises(UsageError, match=message):
            evaluate(request, SilentReporter())


def test_clips_of_another_kind_are_refused(model: Path, tmp_path: Path, prepared: Path) -> None:
    shutil.copytree(prepared, tmp_path / "slow")
    manifest = tmp_path / "slow" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"sample_rate": 8000', '"sample_rate": 4000'))
    with pytest.raises(UsageError, match=r"makes clips of 0.256 s at 8000 Hz, .* 0.512 s at 4000"):
        evaluate(EvaluateRequest(model, tmp_path / "slow"), SilentReporter())


def test_ten_sounds_are_the_least(
    unlabelled: Path, dataset: PreparedDataset, tmp_path: Path
) -> None:
    for index in range(9):
        samples = dataset.for_models.samples(np.array([index]))[0]
        write(tmp_path / "wavs" / f"{index}.wav", samples, subtype="PCM_16")
    with pytest.raises(UsageError, match="9 sounds, at least 10 are needed"):
        evaluate(EvaluateRequest(tmp_path / "wavs", unlabelled), SilentReporter())


def test_the_table_fits_eighty_columns(evaluated: EvaluateResult) -> None:
    text = render(evaluated.document)
    assert max(map(len, text.splitlines())) <= WIDTH
    (head,) = (line for line in text.splitlines() if line.lstrip().startswith("these sounds"))
    assert head.split() == ["these", "sounds", "real", "chance", "copies", "noise"]
    rows = [line for line in text.splitlines() if line.startswith("  recall")]
    assert len(rows) == 3
    # Numbers stand right-aligned under their heads.
    assert {len(row) for row in rows} == {len(head)}


def test_noise_is_as_loud_as_clips_and_always_the_same() -> None:
    noise = white_noise(3, (500,))
    assert np.abs(noise).max(axis=1).tolist() == [29205] * 3
    np.testing.assert_array_equal(noise[:2], white_noise(2, (500,)))
    first, second, _ = noise.astype(np.float64)
    assert abs(first @ second) < 0.2 * (first @ first)


@pytest.mark.parametrize(
    ("split", "told"),
    [
        ("test", "20 test clips as reference\n"),
        ("validation", "20 validation clips as reference\n"),
        ("held_out", "20 reference clips\n"),  # of a folder of an older version
    ],
)
def test_the_first_line_says_which_split_the_reference_clips_are(
    evaluated: EvaluateResult, split: str, told: str
) -> None:
    reference = evaluated.document["reference"] | {"split": split}
    told_all = render(evaluated.document | {"reference": reference})
    assert told_all.startswith(f"30 sounds, 160 training clips, {told}")
    assert "held-out" not in told_all
