from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from soundgan.inference.model_file import HASH, load_model
from soundgan.reporting import SilentReporter
from soundgan.runtime.files import sha256, write_json
from soundgan.runtime.locks import lock
from soundgan.runtime.tensors import load_tensors, save_tensors
from tests.conftest import Run

SHARD = "prepared/clips-00000-815038f9.npy"
CHECKPOINT = "run/checkpoints/step-000000006.safetensors"
RECORD = "run/checkpoints/step-000000006.json"
MODEL = "run/model.safetensors"


def test_what_was_checked_is_one_line_for_each_path(here: Path, soundgan: Run) -> None:
    before = {path: path.stat().st_mtime_ns for path in here.rglob("*")}
    outcome = soundgan("verify", "prepared", "run", MODEL, CHECKPOINT)
    assert (outcome.code, outcome.stderr) == (0, "")
    tensors = len(load_model(here / MODEL).generator.state_dict())
    model = f"model by hash: {tensors} tensors finite, of the types and shapes of its dcgan"
    assert outcome.stdout.splitlines() == [
        "prepared: whole prepared folder: manifest of 60 clips; 1 file of clips by hash (0.1 MB); "
        "report by the manifest's hash",
        "run: whole run: config by hash; 1 checkpoint by hash (step 6); "
        f"{model}; metrics.jsonl of 3 lines; events.jsonl of 1 line",
        f"{MODEL}: whole model: {model}",
        f"{CHECKPOINT}: whole checkpoint: checkpoint by hash, all values finite",
    ]
    assert {path: path.stat().st_mtime_ns for path in here.rglob("*")} == before


@pytest.mark.parametrize("file", [SHARD, "prepared/manifest.json", CHECKPOINT, RECORD, MODEL])
@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_one_wrong_bit_anywhere_is_found(
    file: str, place: float, here: Path, soundgan: Run
) -> None:
    content = bytearray((here / file).read_bytes())
    content[round(place * (len(content) - 1))] ^= 1
    (here / file).write_bytes(content)
    outcome = soundgan("verify", file.split("/", 1)[0], "--json")
    document = json.loads(outcome.stdout)
    assert (outcome.code, document["whole"]) == (12, False)
    assert document["paths"][0]["faults"]


@pytest.mark.parametrize("file", ["run/config.toml", "run/run.json", "prepared/report.json"])
def test_every_wrong_bit_of_the_small_files_that_are_hashed_is_found(
    file: str, here: Path, soundgan: Run
) -> None:
    good = (here / file).read_bytes()
    if file == "run/config.toml":
        (here / file).write_bytes(good.replace(b"steps = 6", b"steps = 7"))
        expected = "run/config.toml: damaged: not the bytes that run.json has the hash of\n"
    elif file == "run/run.json":
        record = json.loads(good) | {"dataset": "0" * 64}
        write_json(here / file, record)
        why = "damaged: of another dataset than run.json names"
        expected = f"{CHECKPOINT}: {why}\n{MODEL}: {why}\n"
    else:
        (here / file).write_bytes(good.replace(b'"clips": 60', b'"clips": 61'))
        expected = (
            "prepared/report.json: damaged: describes another dataset than manifest.json; "
            "run soundgan prepare again\n"
        )
    outcome = soundgan("verify", file.split("/", 1)[0])
    assert (outcome.code, outcome.stdout) == (12, expected)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def rewrite(path: Path, tensors: dict[str, torch.Tensor], document: dict[str, Any]) -> None:
    """Put another checkpoint with a fitting record in the place of one."""
    content = save_tensors(path, tensors, document)
    record = path.with_suffix(".json")
    fitting = {"sha256": sha256(content), "bytes": len(content)}
    write_json(record, json.loads(record.read_text()) | fitting)


def not_finite(path: Path) -> None:
    """A checkpoint with an infinite weight, its record made to fit."""
    tensors, document, _ = load_tensors(path)
    tensors["generator.to_image.weight"][0] = torch.inf
    rewrite(path, tensors, document)


def another_seed(path: Path) -> None:
    """A checkpoint of another training, its record made to fit."""
    tensors, document, _ = load_tensors(path)
    document["config"]["training"]["seed"] = 5
    write_json(path.with_suffix(".json"), {"sha256": sha256(save_tensors(path, tensors, document))})


def renamed(path: Path) -> None:
    for suffix in (".safetensors", ".json"):
        path.with_suffix(suffix).rename(path.with_name(f"step-000000009{suffix}"))


def stray(path: Path) -> None:
    path.write_bytes(b"?")


@pytest.mark.parametrize(
    ("file", "damage", "line"),
    [
        (SHARD, truncate, f"{SHARD}: damaged: its bytes have changed since they were written"),
        (SHARD, Path.unlink, f"{SHARD}: missing: there is no such file"),
        ("prepared/manifest.json", Path.unlink, "prepared/manifest.json: missing: there is no"),
        ("prepared/report.json", Path.unlink, "prepared/report.json: missing: there is no"),
        ("prepared/clips-00001-00000000.npy", stray, "prepared/clips-00001-00000000.npy: unexp"),
        ("run/config.toml", Path.unlink, "run/config.toml: missing: there is no such file"),
        ("run/run.json", Path.unlink, "run/run.json: missing: there is no such file"),
        (CHECKPOINT, truncate, f"{CHECKPOINT}: damaged: "),
        (CHECKPOINT, not_finite, f"{CHECKPOINT}: damaged: generator.to_image.weight holds"),
        (CHECKPOINT, another_seed, f"{CHECKPOINT}: damaged: made with another training.seed than"),
        (CHECKPOINT, renamed, "run/checkpoints/step-000000009.safetensors: damaged: named like"),
        (CHECKPOINT, Path.unlink, f"{RECORD}: unexpected: a record without its checkpoint"),
        (RECORD, Path.unlink, f"{RECORD}: missing: so step-000000006.safetensors is no checkpoint"),
        (MODEL, truncate, f"{MODEL}: damaged: "),
        (MODEL, Path.unlink, f"{MODEL}: missing: the same soundgan train writes it again"),
        ("run/metrics.jsonl", lambda p: p.write_text("{}\n{\n"), "run/metrics.jsonl: damaged: lin"),
        ("run/checkpoints/mine.txt", stray, "run/checkpoints/mine.txt: unexpected: no part of"),
    ],
)
def test_each_damage_is_named_and_nothing_else(
    file: str, damage: Callable[[Path], object], line: str, here: Path, soundgan: Run
) -> None:
    damage(here / file)
    outcome = soundgan("verify", file.split("/", 1)[0], "--quiet")
    assert (outcome.code, outcome.stderr) == (12, "")
    told = [found for found in outcome.stdout.splitlines() if found.startswith(line)]
    assert len(told) == 1
    if file != CHECKPOINT:
        assert outcome.stdout.splitlines() == told


def test_a_line_that_a_killed_process_cut_short_is_no_damage(here: Path, soundgan: Run) -> None:
    path = here / "run/metrics.jsonl"
    path.write_text(path.read_text() + '{"step": 7, "los')
    (here / "run" / ".model.safetensors.tmp-1").write_bytes(b"half")
    assert soundgan("verify", "run").code == 0


def test_a_model_without_a_hash_is_checked_by_its_structure(here: Path, soundgan: Run) -> None:
    path = here / MODEL
    tensors, document, _ = load_tensors(path)
    del document[HASH]
    save_tensors(path, tensors, document)
    outcome = soundgan("verify", path)
    assert outcome.code == 0
    assert "model without a hash of its own: " in outcome.stdout


def test_one_bad_path_among_good_ones_is_enough(here: Path, soundgan: Run) -> None:
    truncate(here / MODEL)
    outcome = soundgan("verify", "prepared", "half.safetensors", MODEL)
    assert outcome.code == 12
    assert [line.split(": ")[0] for line in outcome.stdout.splitlines()] == [
        "prepared", "half.safetensors", MODEL,
    ]  # fmt: skip


def test_what_soundgan_never_made_is_a_wrong_argument(here: Path, soundgan: Run) -> None:
    (here / "empty").mkdir()
    for name in ("empty", "nothing"):
        outcome = soundgan("verify", "prepared", name)
        assert (outcome.code, outcome.stdout) == (2, "")
        assert outcome.stderr == f"error: {name}: not a prepared folder, a run or a model file\n"


def test_a_run_that_is_being_trained_is_left_alone(here: Path, soundgan: Run) -> None:
    with lock(here / "run", purpose="soundgan train", reporter=SilentReporter()):
        outcome = soundgan("verify", "run")
    assert (outcome.code, outcome.stdout) == (11, "")
    assert "(soundgan train); wait for it" in outcome.stderr
    assert soundgan("verify", "run").code == 0
