"""``soundgan info`` of sounds, pictures and several things at once."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from soundgan.audio.wav import encode_audio
from tests.conftest import Run
from tests.inference.conftest import write_model


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the run ``mine``, and no bundled models."""
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "runs" / "mine" / "model.safetensors", "data.label_dropout=0.2")
    return tmp_path


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--label", "hat"],
        ["--no-label"],
        ["--truncation", "0.5", "--trim", "--fade", "--normalise"],
        ["--format", "flac", "--subtype", "PCM_24"],
        ["--subtype", "FLOAT", "--trim"],
    ],
)
def test_the_command_that_info_names_makes_the_same_bytes(
    options: list[str], here: Path, soundgan: Run
) -> None:
    made = Path(soundgan("generate", "-n", 1, "--seed", 5, *options).stdout.strip())
    facts = json.loads(soundgan("info", made, "--json").stdout)
    assert (facts["kind"], facts["seed"], facts["model"]) == ("sound", 5, "runs/mine")
    again = soundgan(*shlex.split(facts["make it again"])[1:], "--out", "again")
    assert again.code == 0
    assert (here / "again" / made.name).read_bytes() == made.read_bytes()


def test_a_picture_names_its_sound_and_a_copied_model_is_found_by_its_hash(
    here: Path, soundgan: Run
) -> None:
    soundgan("generate", "-n", 1, "--label", "kick", "--png")
    (here / "runs" / "mine").rename(here / "runs" / "renamed")
    facts = json.loads(soundgan("info", "generated/kick-seed000000.png", "--json").stdout)
    assert (facts["kind"], facts["class"], facts["model"]) == ("picture", "kick", "runs/renamed")
    assert facts["make it again"].endswith("--label kick --png")


def test_without_the_model_a_sound_still_says_what_it_is(here: Path, soundgan: Run) -> None:
    made = Path(soundgan("generate", "-n", 1, "--seed", 3, "--label", "hat").stdout.strip())
    (here / "runs" / "mine" / "model.safetensors").unlink()
    outcome = soundgan("info", made)
    assert outcome.code == 0
    assert "seed: 3\nclass: hat\n" in outcome.stdout
    assert "model: not among the runs in runs/ and the bundled models" in outcome.stdout
    assert "make it again" not in outcome.stdout


def test_foreign_sounds_and_pictures_are_one_plain_line_each(here: Path, soundgan: Run) -> None:
    soundfile.write("theirs.wav", np.zeros(100), 8000)
    soundfile.write("theirs.flac", np.zeros(100), 8000)
    Image.new("L", (20, 20)).save("theirs.png")
    Image.new("RGB", (20, 20)).save("theirs.jpg")
    (here / "cut.wav").write_bytes(b"RIFF\x10\0\0\0WAVE")
    names = ["theirs.wav", "theirs.flac", "theirs.png", "theirs.jpg", "cut.wav"]
    for name in names:
        outcome = soundgan("info", name)
        assert (outcome.code, outcome.stdout) == (0, f"{name}: not made by soundgan\n")
    together = soundgan("info", *names)
    assert together.stdout.split("\n\n") == [
        f"{name}: not made by soundgan" + "\n" * (name == names[-1]) for name in names
    ]


def test_what_other_commands_made_says_so(here: Path, soundgan: Run) -> None:
    soundgan("demo-data", "kit", "--per-class", 1)
    kick = next((here / "kit" / "kick").iterdir())
    soundgan("spectrogram", kick, "--out", "p")
    soundgan("invert", "p", "--out", "s")
    picture, sound = (next((here / folder).iterdir()) for folder in ("p", "s"))
    document = json.loads(soundgan("info", kick, picture, sound, "--json").stdout)
    made, drawn, inverted = document["items"]
    assert made["made by"].startswith("synthesised by soundgan demo-data")
    assert (drawn["command"], drawn["source"]) == ("spectrogram", kick.name)
    assert (inverted["command"], inverted["picture"]) == ("invert", picture.name)


def test_a_preview_of_a_training_is_no_strangers_sound(here: Path, soundgan: Run) -> None:
    content = encode_audio(np.zeros(10, np.float32), 8000, metadata={"title": "seed 3, step 500"})
    (here / "preview.wav").write_bytes(content)
    facts = json.loads(soundgan("info", "preview.wav", "--json").stdout)
    assert (facts["made by"], facts["seed"]) == ("soundgan train, as a preview", 3)
    assert facts["model step"] == 500


def test_several_things_are_told_one_after_another_and_failures_beside(
    here: Path, soundgan: Run
) -> None:
    made = soundgan("generate", "-n", 1).stdout.strip()
    outcome = soundgan("info", made, "runs/mine/model.safetensors", "nothing.wav")
    assert outcome.code == 3
    assert outcome.stderr == "warning: nothing.wav: no such file or folder; check the path\n"
    assert [part.splitlines()[0] for part in outcome.stdout.split("\n\n")] == [
        "kind: sound", "kind: model",
    ]  # fmt: skip
    alone = soundgan("info", "nothing.wav")
    assert (alone.code, alone.stderr) == (
        2, "error: nothing.wav: no such file or folder; check the path\n",
    )  # fmt: skip


def test_a_damaged_or_foreign_comment_is_no_provenance(here: Path, soundgan: Run) -> None:
    for number, comment in enumerate(
        ("{", "[1]", '{"soundgan": 3}', "[" * 5000, "recorded at 3am")
    ):
        with soundfile.SoundFile(f"{number}.wav", "w", 8000, 1) as file:
            file.comment = comment
            file.write(np.zeros(10))
        outcome = soundgan("info", f"{number}.wav")
        assert (outcome.code, outcome.stdout) == (0, f"{number}.wav: not made by soundgan\n")
