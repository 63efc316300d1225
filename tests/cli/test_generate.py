from __future__ import annotations

import hashlib
import json
import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from soundgan.audio.wav import read_metadata
from soundgan.inference.model_file import load_model, save_model
from soundgan.runtime.files import TEMPORARY_MARK
from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.levels import levels_of


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
    (fourth,) = (tmp_path / "a").glob("*-seed000045.wav")
    assert one.stdout == f"{tmp_path / 'b' / fourth.name}\n"
    assert (tmp_path / "b" / fourth.name).read_bytes() == fourth.read_bytes()


def test_onnx_runtime_makes_the_same_sounds_within_rounding(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    common = ("generate", "-n", 3, "--model", model, "--subtype", "FLOAT", "--out")
    assert soundgan(*common, tmp_path / "a").code == 0
    outcome = soundgan(*common, tmp_path / "b", "--runtime", "onnx")
    assert outcome.code == 0
    assert outcome.stderr.startswith(f"{model} in ONNX Runtime, cpu")
    for path in (tmp_path / "a").iterdir():
        wanted, got = (soundfile.read(tmp_path / part / path.name)[0] for part in "ab")
        assert np.linalg.norm(got - wanted) < 1e-3 * np.linalg.norm(wanted)
    again = soundgan(*common, tmp_path / "b", "--runtime", "onnx", "-n", 2, "--batch-size", 1)
    assert again.code == 0  # the same bytes, whatever the batch


@pytest.mark.parametrize("parts", [3, pytest.param(6, marks=pytest.mark.slow)])
def test_the_files_of_all_parts_are_the_files_without(
    model: Path, soundgan: Run, tmp_path: Path, parts: int
) -> None:
    common = ("generate", "-n", 5, "--seed", 9, "--model", model, "--png", "--out")
    assert soundgan(*common, tmp_path / "whole").code == 0
    paths = []
    for number in range(1, parts + 1):
        outcome = soundgan(*common, tmp_path / "parts", "--part", f"{number}/{parts}")
        assert outcome.code == 0
        paths += outcome.stdout.split()
    assert len(paths) == 5

    def contents(folder: str) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}

    assert contents("parts") == contents("whole")


def test_parts_leave_alone_what_other_machines_are_writing(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    unfinished = tmp_path / f".a.wav{TEMPORARY_MARK}4194303-1"
    unfinished.touch()
    arguments = ("generate", "-n", 1, "--model", model, "--out", tmp_path)
    assert soundgan(*arguments, "--part", "1/1").code == 0
    assert unfinished.exists()
    assert soundgan(*arguments).code == 0
    assert not unfinished.exists()


def test_a_file_says_how_to_make_it_again(model: Path, soundgan: Run, tmp_path: Path) -> None:
    soundgan(
        "generate", "-n", 1, "--seed", 7, "--model", model, "--out", tmp_path, "--label", "hat"
    )
    provenance = json.loads(read_metadata(tmp_path / "hat-seed000007.wav")["comment"])
    assert provenance["seed"] == 7
    assert provenance["label"] == "hat"
    assert provenance["model"] == hashlib.sha256(model.read_bytes()).hexdigest()


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
    with Image.open(next(tmp_path.glob("*-seed000000.png"))) as picture:
        assert picture.mode == "I;16"
        assert picture.size == (32, 32)
        assert "seed" in picture.text["soundgan"]  # type: ignore[attr-defined]


def test_other_content_is_kept_unless_told_otherwise(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    path = tmp_path / "hat-seed000000.wav"
    path.write_bytes(b"something precious")
    arguments = ["generate", "-n", 1, "--label", "hat", "--model", model, "--out", tmp_path]
    outcome = soundgan(*arguments)
    assert outcome.code == 1
    assert "exists with other content; pass --overwrite" in outcome.stderr
    assert path.read_bytes() == b"something precious"
    assert soundgan(*arguments, "--overwrite").code == 0
    again = soundgan(*arguments, "--json")
    assert json.loads(again.stdout)["sounds"][0]["written"] is False


def test_after_more_training_it_is_said_what_changed_and_what_to_do(
    soundgan: Run, tmp_path: Path
) -> None:
    path = tmp_path / "model.safetensors"
    model = load_model(write_model(path))
    arguments = ["generate", "-n", 2, "--label", "hat", "--model", path, "--out", tmp_path / "out"]

    def trained(step: int) -> None:
        """The model of another step: the same weights, and another hash."""
        description = replace(model.description, provenance={"step": step})
        save_model(path, description, model.generator.state_dict(), model.codec.statistics())

    trained(400)
    assert soundgan(*arguments).code == 0
    trained(900)
    outcome = soundgan(*arguments)
    assert outcome.code == 1
    assert outcome.stderr.splitlines()[-1] == (
        f"error: {tmp_path / 'out' / 'hat-seed000000.wav'}: exists, made at step 400 before the "
        "model changed, which is at step 900 now, or by another model; name a new folder with "
        "--out, or replace it with --overwrite"
    )
    assert soundgan(*arguments, "--overwrite").code == 0
    other = soundgan(*arguments, "--trim", "--fade")
    assert other.code == 1
    assert "exists, made by this model with other options; name a new" in other.stderr


def test_finished_sounds_say_how_and_keep_their_pictures(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    arguments = ["generate", "-n", 1, "--label", "hat", "--model", model, "--png", "--json"]
    plain = json.loads(soundgan(*arguments, "--out", tmp_path / "a").stdout)
    finished = json.loads(
        soundgan(*arguments, "--out", tmp_path / "b", "--fade", "--normalise").stdout
    )
    assert "finish" not in plain
    assert finished["finish"] == {"fade_ms": 10.0, "normalise_db": -1.0}
    sound = finished["sounds"][0]
    assert sound["n_samples"] == 2048
    samples, _ = soundfile.read(sound["path"])
    assert np.abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)
    assert np.abs(samples[-2:]).max() < 1e-3
    provenance = json.loads(read_metadata(Path(sound["path"]))["comment"])
    assert (provenance["fade_ms"], provenance["normalise_db"], provenance["step"]) == (
        10.0,
        -1.0,
        0,
    )
    first, second = (levels_of(tmp_path / folder / "hat-seed000000.png") for folder in "ab")
    assert np.array_equal(first, second)


def test_a_model_without_classes_names_its_sounds_by_seed_alone(
    soundgan: Run, tmp_path: Path
) -> None:
    path = write_model(tmp_path / "model.safetensors", labels=())
    outcome = soundgan("generate", "-n", 1, "--model", path, "--out", tmp_path)
    assert outcome.stdout == f"{tmp_path / 'seed000000.wav'}\n"


def test_a_class_of_any_name_stays_inside_its_folder(soundgan: Run, tmp_path: Path) -> None:
    path = write_model(tmp_path / "model.safetensors", labels=("../up", "con", "CON"))
    for label, name in (("../up", "_up"), ("con", "_con"), ("CON", "_CON_2")):
        outcome = soundgan(
            "generate", "-n", 1, "--model", path, "--out", tmp_path / "out", "--label", label
        )
        assert outcome.stdout == f"{tmp_path / 'out' / f'{name}-seed000000.wav'}\n"


def test_the_newest_run_is_used_by_default(
    soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    outcome = soundgan("generate", "-n", 1)
    assert outcome.code == 2
    assert outcome.stderr == (
        "error: no model in runs/; train one with soundgan train, or name one with --model\n"
    )
    for name, written in (("first", 2), ("newest", 3), ("oldest", 1)):
        path = write_model(tmp_path / "runs" / name / "model.safetensors", labels=(name, "other"))
        os.utime(path, (written, written))
    assert soundgan("generate", "-n", 1, "--label", "newest").code == 0
    assert [path.name for path in (tmp_path / "generated").iterdir()] == ["newest-seed000000.wav"]


@pytest.fixture
def bundled(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundled model called drums, seen from a working directory that is empty."""
    path = tmp_path / "bundled" / "drums.safetensors"
    path.parent.mkdir()
    path.write_bytes(model.read_bytes())
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: path.parent)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return path


def test_an_empty_folder_is_enough_for_ten_sounds_of_several_classes(
    bundled: Path, soundgan: Run
) -> None:
    outcome = soundgan("generate", "-n", 10, "--seed", 42, "--json")
    document = json.loads(outcome.stdout)
    assert outcome.code == 0
    assert outcome.stderr.splitlines()[:2] == [
        "no run in runs/, so this is the bundled model drums",
        "for a model of your own sounds: soundgan prepare FOLDER, then soundgan train",
    ]
    assert document["model"] == str(bundled)
    assert [sound["seed"] for sound in document["sounds"]] == list(range(42, 52))
    assert len({sound["label"] for sound in document["sounds"]}) > 1
    assert all(Path(sound["path"]).is_file() for sound in document["sounds"])


def test_who_asks_for_quiet_or_for_the_bundled_model_by_name_is_not_lectured(
    bundled: Path, soundgan: Run
) -> None:
    quiet = soundgan("generate", "-n", 1, "--quiet", "--out", "a")
    named = soundgan("generate", "-n", 1, "--model", "drums", "--out", "b")
    assert (quiet.code, quiet.stderr) == (0, "")
    assert named.code == 0
    assert "for a model of your own" not in named.stderr
    name = Path(quiet.stdout.strip()).name
    assert (Path("a") / name).read_bytes() == (Path("b") / name).read_bytes()


def test_with_a_run_nothing_is_heard_of_the_bundled_model(
    bundled: Path, soundgan: Run, tmp_path: Path
) -> None:
    write_model(tmp_path / "empty" / "runs" / "mine" / "model.safetensors", labels=())
    outcome = soundgan("generate", "-n", 1, "--json")
    assert json.loads(outcome.stdout)["model"] == "runs/mine/model.safetensors"
    assert "bundled" not in outcome.stderr


# -- no label ----------------------------------------------------------------------------------


def test_a_model_that_knows_free_sounds_makes_them_and_says_so(
    soundgan: Run, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "free.safetensors", "data.label_dropout=0.2")

    def sound(folder: str, *options: str) -> bytes:
        out = tmp_path / folder
        outcome = soundgan("generate", "-n", 1, "--model", model, "--out", out, *options)
        assert outcome.code == 0
        return Path(outcome.stdout.strip()).read_bytes()

    free = sound("free", "--no-label")
    provenance = json.loads(read_metadata(tmp_path / "free" / "seed000000.wav")["comment"])
    assert provenance["label"] is None
    assert free not in {sound(name, "--label", name) for name in ("kick", "snare", "hat")}
    drawn = json.loads(
        soundgan("generate", "-n", 40, "--model", model, "--out", tmp_path / "d", "--json").stdout
    )
    assert {entry["label"] for entry in drawn["sounds"]} == {"kick", "snare", "hat"}


@pytest.mark.parametrize(
    ("labels", "options", "message"),
    [
        (("a", "b"), [], "was trained with a label on every sound; leave it out"),
        ((), [], "was trained without labels; leave it out"),
        (("a", "b"), ["--label", "a"], "contradicts --label a; leave one of them out"),
    ],
)
def test_no_label_is_refused_where_it_means_nothing(
    labels: tuple[str, ...], options: list[str], message: str, soundgan: Run, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "m.safetensors", labels=labels)
    out = tmp_path / "out"
    outcome = soundgan("generate", "--model", model, "--out", out, "--no-label", *options)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("error: --no-label: ")
    assert outcome.stderr.endswith(f"{message}\n")
    assert not out.exists()


# -- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--label", "hatt"], 2, "--label hatt: no such class; did you mean 'hat'?"),
        (["--device", "cuda"], 2, "--device cuda: not present; choose from cpu"),
        (["--device", "gpu"], 2, "write auto, cpu, cuda, cuda:0 or mps"),
        (["--seed", str(2**63 - 1)], 2, "seeds end at"),
        (["-n", "0"], 2, "greater than or equal to 1"),
        (["--truncation", "nan"], 2, "--truncation"),
        (["--runtime", "onxx"], 2, "--runtime onxx: no such runtime; did you mean 'onnx'?"),
        (["--runtime", "onnx", "--device", "cuda"], 2, "--runtime onnx works on the CPU"),
        (["--part", "4/3"], 2, "--part 4/3: no part; 3/16 is the third of sixteen"),
        (["--part", "1/3", "--chain"], 2, "--chain: holds all sounds; leave it or --part 1/3 out"),
        (
            ["--format", "flac", "--subtype", "FLOAT"],
            2,
            "FLOAT: flac holds PCM_16 or PCM_24",
        ),
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


@pytest.mark.parametrize("addressed", [False, True])
def test_a_chain_is_all_sounds_in_one_file_with_a_cue_at_each(
    addressed: bool, model: Path, soundgan: Run, tmp_path: Path
) -> None:
    which = ["5:hat", "5:hat~vary1@0.4"] if addressed else ["-n", 3]
    arguments = [
        "generate", *which, "--chain", "--trim", "--model", model, "--out", tmp_path,
        "--subtype", "PCM_24",
    ]  # fmt: skip
    outcome = soundgan(*arguments)
    assert outcome.code == 0, outcome.stderr
    *files, chain = outcome.stdout.splitlines()
    assert chain == str(tmp_path / "chain.wav")
    sounds = [soundfile.read(file)[0] for file in files]
    np.testing.assert_array_equal(soundfile.read(chain)[0], np.concatenate(sounds))
    content = Path(chain).read_bytes()
    cues = content[content.index(b"cue ") + 8 :]
    starts = [struct.unpack_from("<I", cues, 4 + 24 * n + 20)[0] for n in range(len(sounds))]
    assert struct.unpack_from("<I", cues)[0] == len(sounds)
    assert starts == np.cumsum([0, *map(len, sounds[:-1])]).tolist()
    assert (soundgan(*arguments).code, Path(chain).read_bytes()) == (0, content)
