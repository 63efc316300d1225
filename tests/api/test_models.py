from __future__ import annotations

from pathlib import Path

import pytest

import soundgan
from soundgan.pipelines.find_model import bundled_models
from tests.conftest import Run


def test_the_list_is_that_of_the_command_line_and_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "new").mkdir(parents=True)
    (tmp_path / "runs" / "new" / "run.json").write_text("{}")
    (tmp_path / "runs" / "bad").mkdir()
    (tmp_path / "runs" / "bad" / "model.safetensors").write_bytes(b"")
    heard: list[soundgan.Progress] = []
    found = soundgan.list_models(progress=heard.append)
    assert {model.name: model.path for model in found} == bundled_models()
    assert [event.warning for event in heard] == [True, False]
    assert soundgan.list_models("runs") == found
    assert capsys.readouterr() == ("", "")


def test_an_export_is_the_file_that_the_command_writes(run: Run, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.safetensors", tmp_path / "theirs.safetensors"
    made = soundgan.export_model("drums", ours, half=True, name="Kit")
    assert run("models", "export", "drums", theirs, "--half", "--name", "Kit").code == 0
    assert ours.read_bytes() == theirs.read_bytes()
    assert (made.source, made.path, made.half) == (bundled_models()["drums"], ours, True)
    assert made.n_bytes == ours.stat().st_size
    assert soundgan.load(ours).provenance["title"] == "Kit"
    with pytest.raises(soundgan.SoundGANError, match="pass `overwrite`"):
        soundgan.export_model("drums", ours)
    with pytest.raises(soundgan.SoundGANError, match="`name`: is empty"):
        soundgan.export_model("drums", ours, name=" ")
