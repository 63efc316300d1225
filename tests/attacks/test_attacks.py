"""Every abuse of ``README.md``, through every command that reads such a file.

Each attack meets one of the commands in the usual run, another one each, and all in the slow one.
The commands run in this process. Each has to end with its exit code and one line for a person,
without having run anything, in less than two seconds of computing, and in less memory than twice
the file and a bit: the peak of the process is read from the system, which counts torch too.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from _pytest.mark.structures import ParameterSet

from soundgan.ingest.journal import Finished
from soundgan.ingest.store import take_over
from soundgan.runtime.files import sha256, write_json
from tests.attacks import models, sounds
from tests.attacks.documents import JSON, MANIFESTS, RUN_RECORDS, TOML, changed
from tests.attacks.pictures import (
    HOSTILE,
    HOSTILE_TEXTS,
    STRANGERS,
    TEXT_BOMB,
    png_of,
    with_text,
)
from tests.attacks.shards import SHARDS, plant
from tests.conftest import V1, Outcome, Run

SECONDS = 2.0
SPARE_BYTES = 56 << 20
"""What any command takes for itself. A list of three bytes is no smaller than any other: 300,000 of
them take the parser of JSON 43 MiB, unless memory that others have left is at hand."""

MODEL, CHECKPOINT = "run/model.safetensors", "run/checkpoints/step-000000006.safetensors"
PNG = png_of(64, 64, bytes(65 * 64))

OF_MODELS = {
    "info": ["info", MODEL],
    "info of the run": ["info", "run"],
    "verify": ["verify", MODEL],
    "verify the run": ["verify", "run"],
    "generate": ["generate", "-n", "1", "--model", MODEL, "--out", "out"],
    "export": ["models", "export", MODEL, "out/copy.safetensors"],
    "export as half": ["models", "export", MODEL, "out/copy.safetensors", "--half"],
    "evaluate": ["evaluate", MODEL, "--data", "prepared", "-n", "12", "--out", "out"],
    "spectrogram": ["spectrogram", "sound.wav", "--like", MODEL, "--out", "out"],
    "bench": ["bench", "--model", MODEL, "--quick", "--device", "cpu"],
}
OF_DATASETS = {
    "info": ["info", "prepared"],
    "verify": ["verify", "prepared"],
    "train": ["train", "-c", "tiny", "--data", "prepared", "--run", "out"],
    "train, dry": ["train", "-c", "tiny", "--data", "prepared", "--run", "out", "--dry-run"],
    "evaluate": ["evaluate", "half.safetensors", "--data", "prepared", "--out", "out"],
}
OF_RUNS = {
    "info": ["info", "run"],
    "verify": ["verify", "run"],
    "train": ["train", "-c", "run/config.toml", "--data", "prepared", "--run", "run"],
}
OF_CHECKPOINTS = {
    "verify": ["verify", CHECKPOINT],
    "verify the run": ["verify", "run"],
    "train": ["train", "-c", "run/config.toml", "--data", "prepared", "--run", "run"],
}
OF_RESULTS = {
    "evaluate": ["evaluate", "run", "--data", "prepared", "--out", "out", "--compare", "bad.json"],
    "bench": ["bench", "--model", "run", "--quick", "--device", "cpu", "--compare", "bad.json"],
}
OF_CONFIGS = {
    "show": ["config", "show", "bad.toml"],
    "check": ["config", "check", "bad.toml"],
    "train": ["train", "-c", "bad.toml", "--data", "prepared", "--run", "out"],
    "train, dry": ["train", "-c", "bad.toml", "--data", "prepared", "--run", "out", "--dry-run"],
}


def pairs(attacks: Iterable[str], commands: Mapping[str, object]) -> list[ParameterSet]:
    """Every attack with every command; all but one of them only in the slow run."""
    return [
        pytest.param(
            attack, command, marks=() if nth == number % len(commands) else pytest.mark.slow
        )
        for number, attack in enumerate(attacks)
        for nth, command in enumerate(commands)
    ]


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    seconds: float
    n_bytes: int


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What commands import is no part of an attack."""
    import matplotlib.pyplot  # noqa: F401
    import torch._dynamo  # noqa: F401 - training does so on first use

    import soundgan.api.training
    import soundgan.cli.app
    import soundgan.pipelines.bench.run
    import soundgan.pipelines.evaluate.run
    import soundgan.pipelines.generate
    import soundgan.pipelines.invert.run
    import soundgan.pipelines.spectrogram.run
    import soundgan.pipelines.train
    import soundgan.pipelines.verify.run  # noqa: F401
    from soundgan.inference.model_file import load_model

    load_model(V1 / "half.safetensors")


def memory(name: str) -> int:
    """Bytes that the system counts for this process."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return 1024 * int(found[1])


def measured(run: Callable[[], Outcome]) -> tuple[Outcome, Cost]:
    """What a command left, and what it cost; memory only where the system tells."""
    peak = Path("/proc/self/clear_refs")
    before = 0
    if peak.exists():
        peak.write_text("5")  # forget the highest so far
        before = memory("VmRSS")
    started = time.process_time()
    outcome = run()
    seconds = time.process_time() - started
    return outcome, Cost(seconds, memory("VmHWM") - before if before else 0)


def assault(soundgan: Run, arguments: list[str], *, code: int, size: int, here: Path) -> Outcome:
    """Run a command on a hostile file of ``size`` bytes and check all that is promised."""
    outcome, cost = measured(lambda: soundgan(*arguments))
    said = outcome.stdout + outcome.stderr
    assert outcome.code == code, said[:500]
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert len(said.splitlines()[-1]) < 600
    assert not (here / "code-was-run").exists()
    assert not list((here / "out").rglob("*.*")) or code == 0
    assert cost.seconds < SECONDS
    assert cost.n_bytes < 2 * size + SPARE_BYTES, f"{cost.n_bytes >> 20} MiB for {size >> 20}"
    return outcome


# -- models --------------------------------------------------------------------------------------

BLIND = {"info", "info of the run"}
"""Commands that do not look at the tensors."""

OF_WEIGHTS = {name: command for name, command in OF_MODELS.items() if name not in BLIND}


@pytest.mark.parametrize(
    ("name", "command"),
    [
        *pairs([*models.STRUCTURE, *models.DOCUMENTS], OF_MODELS),
        *pairs(models.WEIGHTS, OF_WEIGHTS),
    ],
)
def test_a_hostile_model_is_refused(name: str, command: str, here: Path, soundgan: Run) -> None:
    make = (models.STRUCTURE | models.DOCUMENTS | models.WEIGHTS)[name]
    content = make((V1 / MODEL).read_bytes())
    (here / MODEL).write_bytes(content)
    outcome = assault(soundgan, OF_MODELS[command], code=12, size=len(content), here=here)
    assert MODEL in outcome.stdout + outcome.stderr
    if name in ("a pickle", "a PyTorch file"):
        said = outcome.stdout + outcome.stderr
        assert "can run code when opened; soundgan reads only safetensors" in said


def test_a_hostile_model_does_not_hide_the_others(here: Path, soundgan: Run) -> None:
    for number, make in enumerate(models.STRUCTURE.values()):
        target = here / "runs" / str(number) / "model.safetensors"
        target.parent.mkdir(parents=True)
        target.write_bytes(make((V1 / MODEL).read_bytes()))
    outcome = soundgan("models")
    assert outcome.code == 0
    assert outcome.stderr.count("warning: runs/") == len(models.STRUCTURE)
    assert "drums" in outcome.stdout


def test_a_model_of_ten_gigabytes_that_are_not_there_is_not_read(here: Path, soundgan: Run) -> None:
    parts = models.Parts.of((V1 / MODEL).read_bytes())
    n_values = 10 << 28
    parts.header = {
        "__metadata__": parts.header["__metadata__"],
        models.WEIGHT: {"dtype": "F32", "shape": [n_values], "data_offsets": [0, 4 * n_values]},
    }
    header = models.packed(json.dumps(parts.header).encode())
    with (here / MODEL).open("wb") as file:
        file.write(header)
        file.truncate(len(header) + 4 * n_values)  # takes no space
    for command in ("verify", "generate", "export"):
        assault(soundgan, OF_MODELS[command], code=12, size=len(header), here=here)


# -- checkpoints ---------------------------------------------------------------------------------


@pytest.mark.slow  # the reader is that of models
@pytest.mark.parametrize("command", OF_CHECKPOINTS)
@pytest.mark.parametrize("name", models.STRUCTURE)
def test_a_hostile_checkpoint_is_refused(
    name: str, command: str, here: Path, soundgan: Run
) -> None:
    good = models.Parts.of((V1 / CHECKPOINT).read_bytes())
    content = models.STRUCTURE[name](good.bytes())
    (here / CHECKPOINT).write_bytes(content)
    record = (here / CHECKPOINT).with_suffix(".json")
    fitting = {"sha256": sha256(content), "bytes": len(content)}
    write_json(record, json.loads(record.read_text()) | fitting)
    assault(soundgan, OF_CHECKPOINTS[command], code=12, size=len(content), here=here)


# -- prepared folders ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "command"), pairs(SHARDS, OF_DATASETS))
def test_hostile_clips_are_refused(name: str, command: str, here: Path, soundgan: Run) -> None:
    content = SHARDS[name]()
    plant(here / "prepared", content)
    assault(soundgan, OF_DATASETS[command], code=12, size=len(content), here=here)


@pytest.mark.parametrize(("name", "command"), pairs([*JSON, *MANIFESTS], OF_DATASETS))
def test_a_hostile_manifest_is_refused(name: str, command: str, here: Path, soundgan: Run) -> None:
    path = here / "prepared" / "manifest.json"
    good = path.read_bytes()
    content = JSON[name] if name in JSON else changed(good, **MANIFESTS[name])
    path.write_bytes(content)
    assault(soundgan, OF_DATASETS[command], code=12, size=len(content), here=here)


@pytest.mark.slow
@pytest.mark.parametrize("name", JSON)
def test_a_hostile_report_is_damage(name: str, here: Path, soundgan: Run) -> None:
    (here / "prepared" / "report.json").write_bytes(JSON[name])
    assault(soundgan, ["verify", "prepared"], code=12, size=len(JSON[name]), here=here)


def taken_over(folder: Path) -> dict[str, Finished]:
    """What ``soundgan prepare`` would keep of a folder, were it run with the same options."""
    fitting = SimpleNamespace(
        channels=1,
        fingerprint=json.loads((V1 / "prepared" / "report.json").read_text())["fingerprint"],
        n_samples=512,
    )
    return take_over(folder, fitting)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SHARDS)
def test_hostile_clips_are_not_taken_over(name: str, here: Path) -> None:
    assert len(taken_over(here / "prepared")) == 60
    plant(here / "prepared", SHARDS[name]())
    assert taken_over(here / "prepared") == {}
    assert not (here / "code-was-run").exists()


@pytest.mark.parametrize("file", ["manifest.json", "report.json"])
@pytest.mark.parametrize("name", JSON)
def test_nothing_is_taken_over_by_a_hostile_document(name: str, file: str, here: Path) -> None:
    (here / "prepared" / file).write_bytes(JSON[name])
    assert taken_over(here / "prepared") == {}


# -- runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "command"), pairs([*JSON, *RUN_RECORDS], OF_RUNS))
def test_a_hostile_record_of_a_run_is_refused(
    name: str, command: str, here: Path, soundgan: Run
) -> None:
    path = here / "run" / "run.json"
    good = path.read_bytes()
    content = JSON[name] if name in JSON else changed(good, **RUN_RECORDS[name])
    path.write_bytes(content)
    assault(soundgan, OF_RUNS[command], code=12, size=len(content), here=here)


@pytest.mark.parametrize(
    ("name", "command"), pairs(JSON, {name: 0 for name in OF_CHECKPOINTS if name != "verify"})
)
def test_a_hostile_record_of_a_checkpoint_is_damage(
    name: str, command: str, here: Path, soundgan: Run
) -> None:
    (here / CHECKPOINT).with_suffix(".json").write_bytes(JSON[name])
    assault(soundgan, OF_CHECKPOINTS[command], code=12, size=len(JSON[name]), here=here)


@pytest.mark.parametrize("log", ["metrics.jsonl", "events.jsonl"])
@pytest.mark.parametrize("name", ["no JSON", "deep", "a number of 5,000 digits", "no text"])
def test_a_hostile_line_of_a_log_is_damage(name: str, log: str, here: Path, soundgan: Run) -> None:
    (here / "run" / log).write_bytes(JSON[name] + b"\n")
    assault(soundgan, ["verify", "run"], code=12, size=len(JSON[name]), here=here)


@pytest.mark.parametrize(("name", "command"), pairs(JSON, OF_RESULTS))
def test_a_hostile_result_to_compare_with_is_refused(
    name: str, command: str, here: Path, soundgan: Run
) -> None:
    (here / "bad.json").write_bytes(JSON[name])
    assault(soundgan, OF_RESULTS[command], code=12, size=len(JSON[name]), here=here)


# -- configs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "command"), pairs(TOML, OF_CONFIGS))
def test_a_hostile_config_is_a_wrong_argument(
    name: str, command: str, here: Path, soundgan: Run
) -> None:
    (here / "bad.toml").write_bytes(TOML[name])
    if "a name" in name and command == "show":
        command = "check"  # which parts there are is no subject of the other
    outcome = assault(soundgan, OF_CONFIGS[command], code=2, size=len(TOML[name]), here=here)
    assert outcome.stderr.count("\n") == 1


@pytest.mark.slow  # the reader is that of configs
@pytest.mark.parametrize("name", [name for name in TOML if "for a name" not in name])
def test_a_hostile_config_of_a_run_is_damage(name: str, here: Path, soundgan: Run) -> None:
    (here / "run" / "config.toml").write_bytes(TOML[name])
    record = here / "run" / "run.json"
    fitting = json.loads(record.read_text()) | {"config_sha256": sha256(TOML[name])}
    write_json(record, fitting)
    assault(soundgan, ["verify", "run"], code=12, size=len(TOML[name]), here=here)


# -- pictures and sounds -------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_of_a_stranger_makes_no_sound(
    name: str, here: Path, soundgan: Run
) -> None:
    content = HOSTILE[name]()
    (here / "bad.png").write_bytes(content)
    assault(soundgan, ["invert", "bad.png", "--out", "out"], code=1, size=len(content), here=here)


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_hostile_parameters_inside_a_picture_are_damage(
    name: str, here: Path, soundgan: Run
) -> None:
    content = with_text(PNG, HOSTILE_TEXTS[name])
    (here / "bad.png").write_bytes(content)
    assault(soundgan, ["invert", "bad.png", "--out", "out"], code=12, size=len(content), here=here)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_text_that_is_not_ours_makes_a_picture_like_any_other(
    name: str, here: Path, soundgan: Run
) -> None:
    content = with_text(PNG, STRANGERS[name])
    (here / "bad.png").write_bytes(content)
    arguments = ["invert", "bad.png", "--out", "out", "--iterations", "1"]
    assault(soundgan, arguments, code=0, size=len(content), here=here)


def test_a_text_that_unpacks_to_64_mebibytes_is_not_unpacked(here: Path, soundgan: Run) -> None:
    (here / "bad.png").write_bytes(TEXT_BOMB)
    arguments = ["invert", "bad.png", "--out", "out"]
    assault(soundgan, arguments, code=1, size=len(TEXT_BOMB), here=here)


DRAWN = {
    "a list of 4 GB", "a text of 4 GB", "a comment that is deep", "a comment of empty lists",
    "a comment that names a class", "a title that clears the terminal", "texts that are no text",
    "a hundred thousand chunks", "lists in lists", "an embedded program",
    "a size of the whole of 0", "samples of 4 GB",
}  # fmt: skip
"""Sounds that are whole, whatever else the file says."""


@pytest.mark.parametrize("name", sounds.SOUNDS)
def test_a_hostile_sound_is_drawn_or_refused(name: str, here: Path, soundgan: Run) -> None:
    content = sounds.SOUNDS[name]()
    (here / "bad.wav").write_bytes(content)
    code = 0 if name in DRAWN else 1
    arguments = ["spectrogram", "bad.wav", "--out", "out"]
    assault(soundgan, arguments, code=code, size=len(content), here=here)
