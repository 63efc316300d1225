"""Sounds move along measured directions, and where they arrive has an address for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile
import torch

from soundgan.addresses.parse import parse_address
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.directions import NAMES, Direction
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.points import along, point_of
from soundgan.pipelines import directions
from soundgan.pipelines.directions import directions_of
from soundgan.reporting import SilentReporter
from tests.conftest import Run
from tests.inference.conftest import write_model


def measured(model: LoadedModel, label: int | None) -> tuple[Direction, ...]:
    """Instead of the true ones, which cost seconds: along one entry of the code each."""
    size = model.generator.latent_dim
    return tuple(
        Direction(
            name,
            0.3 if name == "noisier" else 0.9,
            tuple(float(i == n + 8 * (label or 0)) for i in range(size)),
        )
        for n, name in enumerate(NAMES)
    )


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """The model of the run ``mine``, in the working folder, with a cache of its own."""
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: tmp_path / "none")
    monkeypatch.setattr(directions, "measure_directions", measured)
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return load_model(write_model(tmp_path / "runs/mine/model.safetensors", "generator.name=dcgan"))


def addresses(soundgan: Run, *arguments: object) -> list[str]:
    outcome = soundgan("vary", *arguments, "--json")
    assert outcome.code == 0, outcome.stderr
    return [sound["address"] for sound in json.loads(outcome.stdout)["sounds"]]


def test_a_direction_gives_the_sound_itself_moved_by_so_much(
    model: LoadedModel, soundgan: Run
) -> None:
    (text,) = addresses(soundgan, "5:kick", "--longer", -1.5)
    unit = measured(model, 0)[NAMES.index("longer")].unit
    numbers = CodeNumbers(model.sha256, unit, 0)
    assert text == f"5:kick~code{numbers.hash}@-1.5"
    assert Path("codes", f"code{numbers.hash}.json").is_file()
    before = point_of(model, parse_address("5:kick"))
    after = point_of(model, parse_address(text), {numbers.hash: numbers})
    goal = before.code - 1.5 * torch.tensor(unit)
    torch.testing.assert_close(after.code, goal * before.code.norm() / goal.norm())
    torch.testing.assert_close(after.grain, before.grain)


def test_by_nothing_it_is_the_same_sound(model: LoadedModel, soundgan: Run) -> None:
    assert addresses(soundgan, "5:kick", "--longer", 0, "--out", "a")[0].endswith("@0")
    soundgan("generate", "5:kick", "--out", "b")
    (moved,), (plain,) = Path("a").iterdir(), Path("b").iterdir()
    assert soundfile.read(moved)[0].tobytes() == soundfile.read(plain)[0].tobytes()
    code = torch.randn(32)
    assert along(code, torch.ones(32), 0.0) is code


def test_directions_come_in_one_order_and_each_class_has_its_own(
    model: LoadedModel, soundgan: Run
) -> None:
    one = addresses(soundgan, "5:kick", "6:hat=2:kick", "--longer", 1, "--brighter", 0.5)
    assert one == addresses(soundgan, "5:kick", "6:hat=2:kick", "--brighter", 0.5, "--longer", 1)
    hashes = [
        CodeNumbers(model.sha256, measured(model, label)[number].unit, 0).hash
        for label in (0, 2)
        for number in (0, 2)
    ]
    assert one == [
        f"5:kick~code{hashes[0]}@0.5~code{hashes[1]}@1",
        f"6:hat=2:kick~code{hashes[2]}@0.5~code{hashes[3]}@1",
    ]


@pytest.mark.usefixtures("model")
def test_with_a_number_the_moved_sound_is_varied_and_all_is_recalled(soundgan: Run) -> None:
    made = addresses(soundgan, "5:kick", "--higher", 1, "-n", 2, "--out", "a")
    assert [text.split("~", 2)[2] for text in made] == ["vary1@0.3", "vary2@0.3"]
    assert addresses(soundgan, "5:kick", "--higher", 1, "-n", 2, "--out", "a") == made
    files = sorted(Path("a").iterdir())
    for path in Path("codes").iterdir():  # the sounds hold the numbers too
        path.unlink()
    assert soundgan("recall", *files, "--out", "b").code == 0
    for path in files:
        assert Path("b", path.name).read_bytes() == path.read_bytes()
    (again,) = addresses(soundgan, files[0], "--longer", 1, "--out", "c")
    assert again.startswith(made[0] + "~code")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ["5:hat", "--noisier", "1"],
            "error: --noisier: the model has no such direction for 'hat': R² 0.30 on new sounds, "
            "at least 0.5 is needed; it has brighter (0.90), sharper (0.90)",
        ),
        (
            ["5:kick~code0123456789abcdef@1"],
            "error: 5:kick~code0123456789abcdef@1~vary1@0.3: the file code0123456789abcdef.json ",
        ),
    ],
)
def test_what_cannot_be_gone_along_is_one_line(
    arguments: list[str], why: str, soundgan: Run
) -> None:
    outcome = soundgan("vary", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.splitlines()[-1].startswith(why), outcome.stderr
    assert not Path("varied").exists()


@pytest.mark.usefixtures("model")
def test_a_model_without_classes_has_directions_for_all_sounds(soundgan: Run) -> None:
    write_model(Path("plain.safetensors"), "generator.name=dcgan", labels=())
    made = addresses(soundgan, "5", "6+7", "--longer", 1, "--model", "plain.safetensors")
    assert [text.split("~code")[0] for text in made] == ["5", "{6+7}"]
    assert [path.name.split("-")[1] for path in Path("cache/directions").iterdir()] == ["all.json"]


@pytest.mark.usefixtures("model")
def test_the_number_is_shown(soundgan: Run) -> None:
    outcome = soundgan("vary", "5:kick", "--brighter", 1)
    assert "along what was measured for 'kick': brighter R² 0.90\n" in outcome.stderr


def test_directions_are_measured_once_and_a_damaged_cache_is_measured_again(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def counted(model: LoadedModel, label: int | None) -> tuple[Direction, ...]:
        calls.append(label)
        return measured(model, label)

    monkeypatch.setattr(directions, "measure_directions", counted)
    first = directions_of(model, 1, SilentReporter())
    assert directions_of(model, 1, SilentReporter()) == first
    assert calls == [1]
    (path,) = Path("cache/directions").iterdir()
    whole = path.read_text("utf-8")
    damages = ["", "[]", whole.replace("0.9", "NaN"), whole.replace("0.0,", "", 1), "{" + whole]
    for n, damage in enumerate(damages, 2):
        path.write_text(damage, "utf-8")
        assert directions_of(model, 1, SilentReporter()) == first
        assert len(calls) == n, damage
