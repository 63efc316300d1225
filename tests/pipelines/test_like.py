"""New sounds go where the kept ones are, and away from the dropped ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.pipelines.find_model import bundled_models
from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.sampling import first_always


def brightness(path: str) -> float:
    """Centre of a sound's spectrum, Hz."""
    samples, rate = soundfile.read(path)
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float((np.fft.rfftfreq(len(samples), 1 / rate) * power).sum() / power.sum())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("label", first_always(["snare", "clap", "hat", "kick", "tom"]))
def test_keeping_bright_sounds_makes_new_seeds_brighter(label: str, soundgan: Run) -> None:
    drums = bundled_models()["drums"]
    first = soundgan("generate", "-n", 40, "--label", label, "--model", drums, "--out", "a")
    ranked = sorted(first.stdout.splitlines(), key=brightness)
    dull, bright = ranked[:8], ranked[-8:]
    seeds = ["-n", 16, "--seed", 500]
    plain = soundgan("generate", *seeds, "--label", label, "--model", drums, "--out", "b")
    more = soundgan("like", *bright, *(w for p in dull for w in ("--not", p)), *seeds)
    less = soundgan("like", *dull, *(w for p in bright for w in ("--not", p)), *seeds, "-o", "c")
    assert (plain.code, more.code, less.code) == (0, 0, 0), more.stderr
    low, same, high = (
        np.array(list(map(brightness, o.stdout.splitlines()))) for o in (less, plain, more)
    )
    assert low.mean() < same.mean() < high.mean()
    assert (high > same).sum() >= 15  # of 16 seeds, each against itself
    assert (high > low).all()


@pytest.fixture
def mine(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run ``mine``, and no bundled models."""
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: here / "none")
    return write_model(here / "runs/mine/model.safetensors", "generator.name=dcgan")


@pytest.mark.usefixtures("mine")
def test_strength_0_leaves_the_sounds_of_the_seeds(soundgan: Run) -> None:
    plain = soundgan("generate", "-n", 2, "--seed", 7, "--label", "kick", "--out", "a")
    none = soundgan("like", "3:kick", "-n", 2, "--seed", 7, "--strength", 0)
    assert none.code == 0, none.stderr
    for one, other in zip(plain.stdout.splitlines(), none.stdout.splitlines(), strict=True):
        np.testing.assert_array_equal(soundfile.read(one)[0], soundfile.read(other)[0])


@pytest.mark.usefixtures("mine")
def test_classes_are_those_of_the_kept_and_every_address_works_again(soundgan: Run) -> None:
    made = soundgan("like", "3:kick", "4:kick=0.5:hat", "-n", 3, "--not", "5", "--json")
    assert made.code == 0, made.stderr
    sounds = json.loads(made.stdout)["sounds"]
    addresses = [sound["address"] for sound in sounds]
    assert [address.split(":", 1)[1] for address in addresses] == [
        "kick", "kick=0.333333:hat=0.666667", "kick",
    ]  # fmt: skip
    assert soundgan("generate", *addresses, "--out", "b").code == 0
    for sound in sounds:
        name = Path(sound["path"]).name
        assert Path("b", name).read_bytes() == Path("alike", name).read_bytes()
    assert soundgan("recall", *(sound["path"] for sound in sounds)).code == 0


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["3:kick", "--not", "3:hat"], "error: kept and dropped sounds are the same"),
        (["3:kick", "--not", "nothing"], "error: 'nothing': no address"),
    ],
)
def test_what_gives_no_direction_is_one_line(arguments: list[str], why: str, soundgan: Run) -> None:
    outcome = soundgan("like", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(why)
    assert outcome.stderr.count("\n") == 1
