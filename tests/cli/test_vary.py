"""``soundgan vary``, ``soundgan morph`` and addresses given to ``soundgan generate``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Outcome, Run
from tests.inference.conftest import write_model

DEEPEST = "{" * 8 + "1+2" + "}+3" * 8
"""A morph inside as many others as an address may hold."""
SAYS = (
    "error: an address says seed, class and truncation of its sound, which is made on the CPU; "
    "leave "
)
LONG = "error: address of 4006 characters: longer than 4000"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the run ``mine``, and no bundled models."""
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "runs" / "mine" / "model.safetensors", "generator.name=dcgan")
    return tmp_path


def addresses(outcome: Outcome) -> list[str]:
    assert outcome.code == 0, outcome.stderr
    return [sound["address"] for sound in json.loads(outcome.stdout)["sounds"]]


def samples(outcome: Outcome) -> list[bytes]:
    assert outcome.code == 0, outcome.stderr
    return [soundfile.read(line)[0].tobytes() for line in outcome.stdout.splitlines()]


@pytest.mark.usefixtures("here")
def test_variations_are_numbered_and_strength_0_is_the_sound_itself(soundgan: Run) -> None:
    made = soundgan("vary", "5:kick", "-n", 2, "--first", 3, "--strength", 0.5, "--json")
    assert addresses(made) == ["5:kick~vary3@0.5", "5:kick~vary4@0.5"]
    plain = samples(soundgan("generate", "--seed", 5, "--label", "kick", "-n", 1))
    none = samples(soundgan("vary", "5:kick", "-n", 2, "--strength", 0))
    some = samples(soundgan("vary", "5:kick", "-n", 2, "--strength", 0.2))
    assert none == plain * 2
    assert len({*plain, *some}) == 3


@pytest.mark.usefixtures("here")
def test_an_address_is_one_also_where_a_folder_has_its_name(soundgan: Run) -> None:
    Path("5").mkdir()
    assert len(addresses(soundgan("vary", "5", "-n", 1, "--json"))) == 1


@pytest.mark.usefixtures("here")
def test_every_address_that_is_printed_makes_the_same_file_again(soundgan: Run) -> None:
    first = soundgan("vary", "5", "6:hat", "-n", 2, "--json", "--out", "a")
    soundgan("generate", *addresses(first), "--out", "b")
    names = sorted(path.name for path in Path("a").iterdir())
    assert names == sorted(path.name for path in Path("b").iterdir())
    assert len(names) == 4
    for name in names:
        assert Path("a", name).read_bytes() == Path("b", name).read_bytes()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("form", [[], ["--format", "flac"], ["--png"]])
def test_a_file_stands_for_its_address_and_its_model(form: list[str], soundgan: Run) -> None:
    soundgan("vary", "5:kick", "-n", 1, "--out", "a", *form)
    write_model(Path("runs/newer/model.safetensors"), "generator.name=mlp")
    for path in Path("a").iterdir():
        made = soundgan("vary", path, "-n", 1, "--strength", 0.1, "--json", "--out", "b")
        assert addresses(made) == ["5:kick~vary1@0.3~vary1@0.1"]
        assert json.loads(made.stdout)["model"] == "runs/mine/model.safetensors"


@pytest.mark.usefixtures("here")
def test_a_morph_goes_from_the_first_over_all_to_the_last(soundgan: Run) -> None:
    made = soundgan("morph", "5:kick", "6:hat", "7:snare", "-n", 5, "--json")
    assert addresses(made) == [
        "5:kick", "5:kick@0.5+6:hat@0.5", "6:hat", "6:hat@0.5+7:snare@0.5", "7:snare",
    ]  # fmt: skip
    assert [path.name[:2] for path in sorted(Path("morphed").iterdir())] == [
        "1-", "2-", "3-", "4-", "5-",
    ]  # fmt: skip
    thirds = soundgan("morph", "5:kick", "6:hat", "-n", 4, "--json", "--out", "b")
    assert addresses(thirds)[1] == "5:kick@0.666667+6:hat@0.333333"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["vary", "kick"], "error: 'kick': no address, at character 1 a seed was expected"),
        (["vary", ""], "error: '': no address, at character 1 a seed was expected"),
        (["vary", "gone.wav"], "error: gone.wav: no such file"),
        (["vary", "folder"], "error: folder: a folder; name the sounds in it"),
        (["morph", "5", "./folder/"], "error: ./folder/: a folder; name the sounds in it"),
        (["vary", "folder.wav"], "error: folder.wav: a folder; name the sounds in it"),
        (["vary", "theirs.wav"], "error: theirs.wav: holds no address"),
        (["vary", "5", "--takes"], "error: --takes: runs/mine/model.safetensors has none"),
        (["vary", "5~take1"], "error: 5~take1: this model has no takes"),
        (["vary", "5:kik"], "error: class 'kik': no such class; did you mean 'kick'?"),
        (["vary", "5" + "~vary1@0.5" * 399, "-n", "1"], LONG),
        (["morph", DEEPEST, "6", "-n", "3"], "error: '{{{{{{{{{1+2}+3}+3}"),
        (["morph", "5"], "error: a morph needs two sounds or more"),
        (["generate", "5", "--seed", "3"], f"{SAYS}--seed out"),
        (["generate", "5", "-n", "3", "--label", "kick"], f"{SAYS}--count and --label out"),
        (["generate", "code0123456789abcdef:kick"], "error: code0123456789abcdef:kick: the file"),
    ],
)
def test_what_cannot_be_made_is_one_line(arguments: list[str], why: str, soundgan: Run) -> None:
    soundfile.write("theirs.wav", np.zeros(100), 8000)
    Path("folder").mkdir()
    Path("folder.wav").mkdir()
    outcome = soundgan(*arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(why), outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_file_of_another_model_is_refused(here: Path, soundgan: Run) -> None:
    soundgan("vary", "5:kick", "-n", 1, "--out", "a")
    write_model(here / "other.safetensors", "generator.name=mlp")
    (made,) = Path("a").iterdir()
    outcome = soundgan("vary", made, "--model", "other.safetensors")
    assert outcome.code == 2
    assert "made by another model (SHA-256 " in outcome.stderr
    (here / "runs/mine/model.safetensors").unlink()
    outcome = soundgan("vary", made)
    assert outcome.code == 2
    assert "is not among the runs in runs/ and the bundled models; name its file with --model" in (
        outcome.stderr
    )


@pytest.mark.usefixtures("here")
def test_info_tells_the_address_and_the_command(soundgan: Run) -> None:
    soundgan("vary", "5:kick", "-n", 1, "--out", "a", "--png", "--trim")
    for path in Path("a").iterdir():
        facts = json.loads(soundgan("info", path, "--json").stdout)
        assert facts["address"] == "5:kick~vary1@0.3"
        assert facts["make it again"].startswith(
            "soundgan generate '5:kick~vary1@0.3' --model runs/mine --trim"
        )
