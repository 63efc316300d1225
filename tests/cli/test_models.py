from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from soundgan.graphs.session import Session
from soundgan.inference.model_file import describe_model
from soundgan.runtime.files import sha256_file
from tests.conftest import Run
from tests.inference.conftest import write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "model.safetensors")


@pytest.fixture
def home(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with one run and one bundled model."""
    for target in ("runs/mine/model.safetensors", "bundled/drums.safetensors"):
        (tmp_path / target).parent.mkdir(parents=True)
        (tmp_path / target).write_bytes(model.read_bytes())
    monkeypatch.setattr(
        "soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "bundled"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_list_is_a_table_with_one_line_per_model(
    model: Path, home: Path, soundgan: Run
) -> None:
    outcome = soundgan("models")
    assert (outcome.code, outcome.stderr) == (0, "")
    headings, run, bundled = outcome.stdout.splitlines()
    size, short = f"{model.stat().st_size / 1e6:.1f} MB", sha256_file(model)[:12]
    assert headings.split() == [
        "model", "kind", "rate", "length", "images", "size", "sha256", "classes"
    ]  # fmt: skip
    facts = f"8000 Hz 0.26 s ? {size} {short} kick, snare, hat"
    assert run.split() == ["runs/mine", "run", *facts.split()]
    assert bundled.split() == ["drums", "bundled", *facts.split()]
    assert headings.index("classes") == run.index("kick") == bundled.index("kick")


def test_json_of_the_list_is_one_document(model: Path, home: Path, soundgan: Run) -> None:
    outcome = soundgan("models", "--json")
    document = json.loads(outcome.stdout)
    assert (document["schema"], document["command"]) == (1, "models")
    first, second = document["models"]
    assert first == {
        "name": "runs/mine",
        "kind": "run",
        "path": "runs/mine/model.safetensors",
        "title": None,
        "classes": ["kick", "snare", "hat"],
        "sample_rate": 8000,
        "clip_seconds": 0.256,
        "images": None,
        "bytes": model.stat().st_size,
        "sha256": sha256_file(model),
    }
    assert (second["name"], second["kind"]) == ("drums", "bundled")


def test_an_empty_list_says_how_to_get_a_model(
    soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    outcome = soundgan("models")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        "no models: train one with soundgan prepare FOLDER, then soundgan train\n"
    )
    assert json.loads(soundgan("models", "--json").stdout)["models"] == []


def test_what_cannot_be_listed_is_told_on_stderr_unless_quiet(home: Path, soundgan: Run) -> None:
    (home / "runs" / "mine" / "model.safetensors").write_bytes(b"noise")
    loud, quiet = soundgan("models"), soundgan("models", "--quiet")
    assert loud.stderr == "warning: runs/mine/model.safetensors: not a safetensors file\n"
    assert quiet.stderr == ""
    assert loud.stdout == quiet.stdout
    assert "drums" in loud.stdout


def test_a_run_and_a_bundled_name_are_exported_as_files(home: Path, soundgan: Run) -> None:
    outcome = soundgan("models", "export", "runs/mine", "a.safetensors")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "a.safetensors\n", "")
    outcome = soundgan(
        "models", "export", "drums", "b.safetensors", "--half", "--name", "My drums", "--json"
    )
    document = json.loads(outcome.stdout)
    assert document == {
        "schema": 1,
        "command": "models export",
        "source": str(home / "bundled" / "drums.safetensors"),
        "path": "b.safetensors",
        "sha256": sha256_file(home / "b.safetensors"),
        "bytes": (home / "b.safetensors").stat().st_size,
        "weights": "float16",
        "written": True,
    }
    assert describe_model(home / "b.safetensors").provenance["title"] == "My drums"
    assert soundgan("generate", "-n", 1, "--model", "b.safetensors").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing", "out"], 2, "nothing: no model there; name a run folder or a model file, or"),
        (["drums", "taken"], 1, "taken: exists with other content; pass --overwrite"),
        (["drums", "runs", "--overwrite"], 1, "runs: cannot write: is a directory"),
        (["drums", "out", "--name", ""], 2, "--name: is empty"),
        (["drums", "out.onnx", "--name", ""], 2, "--name: is empty"),
        (["drums", "out.onnx", "--half"], 2, "--half: ONNX files have float32 weights; leave it"),
        (["drums", "out.onnx", "--part", "imag"], 2, "--part imag: no such part; did you mean"),
        (
            ["drums", "out", "--part", "image"],
            2,
            "--part image: is for ONNX files, whose names end",
        ),
    ],
)
def test_an_export_that_cannot_be_made_is_one_line(
    arguments: list[str], code: int, message: str, home: Path, soundgan: Run
) -> None:
    (home / "taken").write_bytes(b"mine")
    outcome = soundgan("models", "export", *arguments)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert outcome.stderr.startswith(f"error: {message}")
    assert outcome.stderr.count("\n") == 1
    assert not (home / "out").exists()
    assert (home / "taken").read_bytes() == b"mine"


def test_an_option_before_the_word_export_is_refused(home: Path, soundgan: Run) -> None:
    outcome = soundgan("models", "--json", "export", "drums", "out")
    assert outcome.code == 2
    assert "options stand after export" in outcome.stderr
    assert not (home / "out").exists()


def test_a_model_becomes_an_onnx_file_that_was_compared_with_it(home: Path, soundgan: Run) -> None:
    outcome = soundgan("models", "export", "drums", "a.onnx", "--part", "image", "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    document = json.loads(outcome.stdout)
    assert (document["path"], document["part"], document["opset"]) == ("a.onnx", "image", 17)
    assert document["sha256"] == sha256_file(home / "a.onnx")
    assert document["parity"]["seeds"] == 16
    assert document["parity"]["error_db"] < -100


def test_a_graph_that_makes_something_else_is_not_written(
    home: Path, soundgan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Session.__call__
    monkeypatch.setattr(Session, "__call__", lambda *given: run(*given) + 0.01)
    outcome = soundgan("models", "export", "drums", "a.onnx", "--part", "image")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("error: a.onnx: not written: the error of its images is ")
    assert not (home / "a.onnx").exists()


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_a_missing_library_is_one_line_with_its_remedy(
    home: Path, soundgan: Run, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        "soundgan.runtime.extras.find_spec",
        lambda name: None if name == missing else known(name),
    )
    outcome = soundgan("models", "export", "drums", "a.onnx")
    assert outcome.code == 1
    assert outcome.stderr == (
        f"error: {missing}: not installed; an ONNX file needs it: pip install 'soundgan[onnx]'\n"
    )
