"""``soundgan recall``: the same bytes again, or the reason why not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.audio.wav import encode_audio
from soundgan.inference.code_file import CodeNumbers, write_code
from soundgan.inference.model_file import load_model
from soundgan.pipelines import recall as pipeline
from soundgan.runtime.files import sha256_file
from tests.conftest import Run
from tests.inference.conftest import write_model

MODEL = Path("runs/mine/model.safetensors")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the run ``mine``, and no bundled models."""
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / MODEL, "data.label_dropout=0.2")
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "command",
    [
        ["generate", "-n", 2, "--png"],
        ["generate", "-n", 1, "--no-label", "--truncation", 0.123456789],
        ["generate", "5:kick=0.3:hat", "5:~trunc0.5", "--subtype", "FLOAT"],
        ["vary", "5:kick", "-n", 2, "--format", "flac", "--subtype", "PCM_24", "--png"],
        ["morph", "5", "6", "-n", 3, "--trim", "--fade", "--normalise", "--subtype", "PCM_24"],
    ],
    ids=str,
)
def test_every_file_is_made_again_byte_for_byte(command: list[object], soundgan: Run) -> None:
    assert soundgan(*command, "--out", "a").code == 0
    files = sorted(Path("a").iterdir())
    outcome = soundgan("recall", *files, "--json")
    assert outcome.code == 0, outcome.stderr
    assert all(sound["same"] for sound in json.loads(outcome.stdout)["sounds"])
    for file in files:
        assert Path("recalled", file.name).read_bytes() == file.read_bytes()
    assert len(list(Path("recalled").iterdir())) == len(files)


@pytest.mark.usefixtures("here")
def test_a_sound_of_a_code_holds_its_numbers(soundgan: Run) -> None:
    size = load_model(MODEL).generator.latent_dim
    numbers = CodeNumbers(sha256_file(MODEL), (0.5,) * size, 3)
    path = write_code(numbers)
    assert soundgan("generate", f"code{numbers.hash}:kick", "--out", "a").code == 0
    path.unlink()
    (made,) = Path("a").iterdir()
    assert soundgan("recall", made).code == 0
    assert soundgan("vary", made, "-n", 1).code == 0
    again = json.loads(soundgan("info", made, "--json").stdout)["make it again"]
    assert again == f"soundgan generate {made} --model runs/mine"


def test_a_model_that_is_gone_is_named_and_may_be_shown(here: Path, soundgan: Run) -> None:
    soundgan("generate", "-n", 1, "--out", "a")
    (made,) = Path("a").iterdir()
    (here / MODEL).rename("elsewhere.safetensors")
    outcome = soundgan("recall", made)
    assert outcome.code == 4
    assert outcome.stderr.startswith(f"warning: {made}: its model (SHA-256 ")
    assert soundgan("recall", made, "--model", "elsewhere.safetensors").code == 0


@pytest.mark.usefixtures("here")
def test_a_changed_sound_and_one_of_another_version_say_so(
    soundgan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundgan("generate", "-n", 1, "--out", "a")
    (made,) = Path("a").iterdir()
    content = bytearray(made.read_bytes())
    content[100] ^= 1
    Path("changed.wav").write_bytes(content)
    outcome = soundgan("recall", "changed.wav")
    assert outcome.code == 3
    assert "not the bytes of changed.wav; it was changed since" in outcome.stderr
    monkeypatch.setattr(pipeline, "VERSION", "9.9.9")
    (here,) = Path("a").iterdir()
    content[100] ^= 3
    Path("changed.wav").write_bytes(content)
    outcome = soundgan("recall", "changed.wav", "--overwrite")
    assert "it was made by soundgan 0." in outcome.stderr
    assert here.exists()


@pytest.mark.usefixtures("here")
def test_what_says_nothing_is_passed_and_told(soundgan: Run) -> None:
    soundfile.write("theirs.wav", np.zeros(100), 8000)
    said = {"soundgan": "0.1.0", "model": sha256_file(MODEL), "address": "nonsense"}
    odd = encode_audio(np.zeros(9, np.float32), 8000, metadata={"comment": json.dumps(said)})
    Path("odd.wav").write_bytes(odd)
    soundgan("generate", "-n", 1, "--out", "a")
    (made,) = Path("a").iterdir()
    outcome = soundgan("recall", "theirs.wav", "gone.wav", "odd.wav", made, "--json")
    assert outcome.code == 3
    reasons = [failure["reason"] for failure in json.loads(outcome.stdout)["failures"]]
    assert [reason.split(":")[0] for reason in reasons] == ["theirs.wav", "gone.wav", "odd.wav"]
    assert soundgan("recall", "theirs.wav").code == 4


@pytest.mark.usefixtures("here")
def test_two_files_of_one_name_are_refused(soundgan: Run) -> None:
    for folder in ("a", "b"):
        soundgan("generate", "-n", 1, "--out", folder)
    files = [next(Path(folder).iterdir()) for folder in ("a", "b")]
    outcome = soundgan("recall", *files)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "two files of this name" in outcome.stderr


@pytest.mark.usefixtures("here")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(soundgan: Run) -> None:
    os.mkfifo("pipe.wav")
    outcome = soundgan("recall", "pipe.wav")
    assert outcome.code == 4
    assert "pipe.wav: cannot read: no longer a regular file" in outcome.stderr


@pytest.mark.usefixtures("here")
def test_of_a_folder_all_that_soundgan_made_is_made_again(soundgan: Run) -> None:
    soundgan("generate", "-n", 2, "--png", "--chain", "--out", "a/b")
    soundfile.write("a/theirs.wav", np.zeros(100), 8000)
    Path("a/notes.txt").write_text("none", encoding="ascii")
    outcome = soundgan("recall", "a", "--out", "a/again")
    assert outcome.code == 0, outcome.stderr
    made = {file.name for file in Path("a/b").iterdir()} - {"chain.wav"}
    assert {file.name for file in Path("a/again").iterdir()} == made
    assert soundgan("recall", "a", "--out", "a/again").code == 0  # what it made is no second file


@pytest.mark.usefixtures("here")
def test_a_folder_of_other_sounds_is_told_as_one(soundgan: Run) -> None:
    Path("folder").mkdir()
    soundfile.write("folder/theirs.wav", np.zeros(100), 8000)
    outcome = soundgan("recall", "folder")
    assert outcome.code == 4
    assert "error: folder: no sound or picture made by soundgan\n" in outcome.stderr
    assert not Path("recalled").exists()


@pytest.mark.usefixtures("here")
def test_where_nothing_is_made_again_nothing_is_printed(soundgan: Run) -> None:
    soundfile.write("theirs.wav", np.zeros(100), 8000)
    outcome = soundgan("recall", "theirs.wav")
    assert (outcome.code, outcome.stdout) == (4, "")
    assert outcome.stderr == "warning: theirs.wav: holds no address; nothing says how it was made\n"
