from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import soundfile
from PIL import Image

from soundgan.audio.wav import read_metadata
from tests.conftest import Run
from tests.inference.conftest import write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("runs") / "mine" / "model.safetensors")


def test_a_sound_is_the_same_file_alone_and_among_ten(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    ten = soundgan("generate", "-n", 10, "--seed", 42, "--model", model, "--out", tmp_path / "a")
    one = soundgan(
        "generate", "-n", 1, "--seed", 45, "--model", model, "--out", tmp_path / "b",
        "--batch-size", 1,
    )  # fmt: skip
    assert (ten.code, one.code) == (0, 0)
    assert len(list((tmp_path / "a").glob("*.wav"))) == 10
    fourth = tmp_path / "a" / "seed000045.wav"
    assert one.stdout == f"{tmp_path / 'b' / 'seed000045.wav'}\n"
    assert (tmp_path / "b" / "seed000045.wav").read_bytes() == fourth.read_bytes()


def test_a_file_says_how_to_make_it_again(model: Path, soundgan: Run, tmp_path: Path) -> None:
    soundgan(
        "generate", "-n", 1, "--seed", 7, "--model", model, "--out", tmp_path, "--label", "hat"
    )
    recipe = json.loads(read_metadata(tmp_path / "seed000007.wav")["comment"])
    assert recipe["seed"] == 7
    assert recipe["label"] == "hat"
    assert recipe["model"] == hashlib.sha256(model.read_bytes()).hexdigest()


def test_formats_and_pictures_are_what_was_asked_for(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    outcome = soundgan(
        "generate", "-n", 1, "--model", model, "--out", tmp_path, "--format", "flac",
        "--subtype", "PCM_24", "--png", "--json",
    )  # fmt: skip
    document = json.loads(outcome.stdout)
    info = soundfile.info(document["sounds"][0]["path"])
    assert (info.format, info.subtype) == ("FLAC", "PCM_24")
    assert (info.samplerate, info.frames) == (8000, 2048)
    with Image.open(tmp_path / "seed000000.png") as picture:
        assert picture.mode == "I;16"
        assert picture.size == (32, 32)
        assert "seed" in picture.text["soundgan"]  # type: ignore[attr-defined]


def test_other_content_is_kept_unless_told_otherwise(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    path = tmp_path / "seed000000.wav"
    path.write_bytes(b"something precious")
    outcome = soundgan("generate", "-n", 1, "--model", model, "--out", tmp_path)
    assert outcome.code == 1
    assert "exists with other content; pass --overwrite" in outcome.stderr
    assert path.read_bytes() == b"something precious"
    arguments = ["generate", "-n", 1, "--model", model, "--out", tmp_path]
    assert soundgan(*arguments, "--overwrite").code == 0
    again = soundgan(*arguments, "--json")
    assert json.loads(again.stdout)["sounds"][0]["written"] is False


def test_the_newest_run_is_used_by_default(
    model: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = soundgan("generate", "-n", 1)
    assert outcome.code == 2
    assert outcome.stderr == (
        "error: no model in runs/; train one with soundgan train, or name one with --model\n"
    )
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "mine").symlink_to(model.parent)
    assert soundgan("generate", "-n", 1).code == 0
    assert (tmp_path / "generated" / "seed000000.wav").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--label", "hatt"], 2, "--label hatt: no such class; did you mean 'hat'?"),
        (["--device", "cuda"], 2, "--device cuda: not present; choose from cpu"),
        (["--device", "gpu"], 2, "write auto, cpu, cuda, cuda:0 or mps"),
        (["--seed", str(2**63 - 1)], 2, "seeds end at"),
        (["-n", "0"], 2, "greater than or equal to 1"),
        (["--truncation", "nan"], 2, "--truncation"),
        (["--format", "flac", "--subtype", "FLOAT"], 2, "FLAC holds PCM_16 or PCM_24"),
    ],
)
def test_a_wrong_option_is_one_line_and_writes_nothing(
    arguments: list[str], code: int, message: str, model: Path, soundgan: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    outcome = soundgan("generate", "-n", 2, "--model", model, "--out", out, *arguments)
    assert outcome.code == code
    assert message in " ".join(outcome.stderr.replace("│", " ").split())
    assert outcome.stdout == ""
    assert not out.exists()


def test_a_damaged_model_is_exit_12(model: Path, soundgan: Run, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(model.read_bytes()[:-100])
    outcome = soundgan("generate", "--model", path, "--out", tmp_path / "out")
    assert outcome.code == 12
    assert outcome.stderr.startswith(f"error: {path}: damaged")
