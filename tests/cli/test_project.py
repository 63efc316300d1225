"""``soundgan project``: recordings of every kind, and what becomes of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.sounds import tone, write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the run ``mine``, two recordings, and no bundled models."""
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.setattr("soundgan.pipelines.project.bank.BANK_SIZE", 12)
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "runs/mine/model.safetensors", "generator.name=dcgan")
    for hertz in (300, 500):
        write(tmp_path / "a" / f"{hertz}.wav", tone(0.2, hertz=hertz))
    return tmp_path


def test_a_projection_can_be_heard_varied_and_recalled(here: Path, soundgan: Run) -> None:
    outcome = soundgan("project", "a", "--json", "--png")
    assert outcome.code == 0, outcome.stderr
    document = json.loads(outcome.stdout)
    assert [Path(s["path"]).name for s in document["sounds"]] == ["300.wav", "500.wav"]
    for sound in document["sounds"]:
        assert sound["distance_db"] <= sound["bank_db"]
        assert sound["real_db"] is None
    address = document["sounds"][0]["address"]
    code = Path("codes") / f"{address.split(':')[0]}.json"
    assert code.is_file()
    made = soundgan("generate", address, "--out", "b", "--json")
    (path,) = (sound["path"] for sound in json.loads(made.stdout)["sounds"])
    assert Path(path).read_bytes() == Path("projected/300.wav").read_bytes()
    code.unlink()
    assert soundgan("recall", "projected/300.wav", "projected/300.png").code == 0
    assert soundgan("vary", "projected/300.wav", "-n", 1).code == 0
    assert soundgan("generate", address, "--out", "c").code == 2


@pytest.mark.slow
def test_the_bank_is_drawn_once_and_a_damaged_one_again(here: Path, soundgan: Run) -> None:
    first = soundgan("project", "a/300.wav", "--json")
    (bank,) = (here / "cache" / "banks").iterdir()
    content = bank.read_bytes()
    bank.write_bytes(content[:-100])
    assert soundgan("project", "a/300.wav", "--json").stdout.replace(
        '"written": false', '"written": true'
    ) == (first.stdout)
    assert bank.read_bytes() == content


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_a_recording_is_looked_for_in_one_class(soundgan: Run) -> None:
    for label in ("hat", "snare"):
        outcome = soundgan("project", "a/300.wav", "--label", label, "--out", label, "--json")
        assert json.loads(outcome.stdout)["sounds"][0]["label"] == label


@pytest.mark.usefixtures("here")
def test_what_cannot_be_projected_is_one_line_and_stops_no_other(soundgan: Run) -> None:
    write(Path("b/silent.wav"), np.zeros(8000, np.float32))
    write(Path("b/good.wav"), tone(0.2, hertz=300))
    soundfile.write("b/long.wav", np.zeros(8000 * 61, np.float32) + 0.1, 8000)
    Path("b/broken.wav").write_bytes(b"RIFF\x10\0\0\0WAVE")
    soundfile.write("b/against.wav", np.outer(tone(0.2, hertz=300), [1, -1]), 8000)
    names = ("silent", "long", "broken", "good", "against")
    outcome = soundgan("project", *(f"b/{name}.wav" for name in names))
    assert outcome.code == 3
    lines = [line for line in outcome.stderr.splitlines() if line.startswith("warning")]
    assert len(lines) == 4
    assert "b/silent.wav: silent" in lines[0]
    assert "b/long.wav: lasts 61 s, and the model's sounds 0.26 s; cut out the sound" in lines[1]
    assert lines[3].endswith("dBFS; its channels cancel out")
    assert outcome.stdout.startswith("projected/good.wav: ")


@pytest.mark.parametrize("audible", [False, True])
def test_no_bank_is_drawn_for_recordings_of_which_none_can_be_used(
    audible: bool, here: Path, soundgan: Run
) -> None:
    write(Path("b/silent.wav"), np.zeros(8000, np.float32))
    write(Path("b/tone.wav"), tone(0.2, hertz=300) * np.float32(audible))
    outcome = soundgan("project", "b")
    assert outcome.code == (3 if audible else 1)
    assert (outcome.stdout == "") == (not audible)
    assert "silent.wav: silent" in outcome.stderr
    assert ("drawing" in outcome.stderr) == audible == (here / "cache").exists()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["gone.wav"], 2, "error: gone.wav: no such file or folder"),
        (["a", "--label", "kik"], 2, "error: --label kik: no such class"),
        (["many"], 2, "error: many: 501 recordings, at most 500 at a time"),
    ],
)
def test_what_is_refused_is_one_line(
    arguments: list[str], code: int, why: str, soundgan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("many").mkdir()
    for number in range(501 if "many" in arguments else 0):
        Path("many", f"{number}.wav").touch()
    monkeypatch.setattr("soundgan.pipelines.project.run.is_audio", lambda path: True)
    outcome = soundgan("project", *arguments)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert outcome.stderr.startswith(why), outcome.stderr


def test_the_nearest_real_clip_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soundgan: Run
) -> None:
    v1 = Path(__file__).resolve().parents[1] / "fixtures" / "v1"
    monkeypatch.chdir(tmp_path)
    write(Path("a.wav"), tone(0.05, hertz=300))
    outcome = soundgan(
        "project", "a.wav", "--model", v1 / "run", "--data", v1 / "prepared", "--json"
    )
    assert outcome.code == 0, outcome.stderr
    assert json.loads(outcome.stdout)["sounds"][0]["real_db"] > 0
