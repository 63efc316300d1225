"""``soundgan kit``: from addresses to what samplers open."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile

from soundgan.inference.directions import NAMES, Direction
from soundgan.inference.model_file import LoadedModel, load_model
from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.kits.test_devices import read_patch, read_program
from tests.kits.test_formats import read_sfz

ODD = ("kick", "snäre = 1", 'hat & "open"')
SNARE, HAT = "3:sn%C3%A4re%20%3D%201", "4:hat%20%26%20%22open%22"


@pytest.fixture(scope="module")
def odd_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with odd names of classes, and takes."""
    return write_model(
        tmp_path_factory.mktemp("m") / "m.safetensors",
        "generator.name=convt",
        "generator.options.noise_injection=true",
        labels=ODD,
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_every_file_of_a_kit_names_sounds_that_are_there(odd_model: Path, soundgan: Run) -> None:
    addresses = ["1:kick", "2:kick", "3:sn%C3%A4re%20%3D%201", "4:hat%20%26%20%22open%22"]
    outcome = soundgan(
        "kit", *addresses, "--model", odd_model, "--takes", 2, "--name", "Mein & <Kit>", "--json"
    )
    assert outcome.code == 0, outcome.stderr
    document = json.loads(outcome.stdout)
    assert [sound["note"] for sound in document["sounds"]] == [36] * 3 + [35] * 3 + [60] * 3 + [
        46
    ] * 3
    there = sorted(path.name for path in Path("kit/Samples").iterdir())
    assert len(there) == 12
    assert not any("=" in name for name in there)
    (sfz,) = Path("kit").glob("*.sfz")
    regions = read_sfz(sfz.read_text("utf-8"))
    assert sorted(region["sample"] for region in regions) == [f"Samples/{name}" for name in there]
    (preset,) = Path("kit").glob("*.dspreset")
    samples = ElementTree.parse(preset).getroot().iter("sample")
    assert sorted(str(s.get("path")) for s in samples) == [f"Samples/{name}" for name in there]
    (library,) = Path("kit").glob("*.dslibrary")
    with zipfile.ZipFile(library) as file:
        assert sorted(file.namelist()) == [*sorted([preset.name]), *[f"Samples/{n}" for n in there]]
        assert file.read(preset.name) == preset.read_bytes()
    assert len(list(Path("kit/Multisamples").iterdir())) == 4


def outside(*command: str) -> str:
    """What a program of others prints of a kit."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.usefixtures("here")
def test_sfzlint_finds_nothing_to_complain_of(odd_model: Path, soundgan: Run) -> None:
    made = soundgan("kit", "1:kick", "3:sn%C3%A4re%20%3D%201", "--model", odd_model, "--takes", 1)
    assert made.code == 0, made.stderr
    assert outside("sfzlint", "kit/kit.sfz") == ""
    text = Path("kit/kit.sfz").read_text("utf-8")
    Path("kit/kit.sfz").write_text(text.replace("key=36", "key=loud"), "utf-8")
    assert "loud" in outside("sfzlint", "kit/kit.sfz")  # it does look


@pytest.mark.usefixtures("here")
def test_sndfile_info_reads_the_key_of_a_sound(odd_model: Path, soundgan: Run) -> None:
    assert soundgan("kit", "1:kick", "--model", odd_model).code == 0
    told = outside("sndfile-info", "kit/Samples/kick.wav")
    assert re.search(r"Midi Note\s*: 36$", told, re.MULTILINE)
    assert re.search(r"Bit Width\s*: 24$", told, re.MULTILINE)


@pytest.mark.usefixtures("here")
def test_sounds_are_24_bit_and_peak_at_minus_1_decibel(odd_model: Path, soundgan: Run) -> None:
    assert soundgan("kit", "1:kick", "2:kick", "--model", odd_model, "--format", "wav").code == 0
    assert sorted(path.name for path in Path("kit").iterdir()) == ["Samples", "kit.json"]
    for path in Path("kit/Samples").iterdir():
        assert soundfile.info(path).subtype == "PCM_24"
        assert np.abs(soundfile.read(path)[0]).max() == pytest.approx(0.891251, rel=1e-4)


@pytest.mark.usefixtures("here")
def test_a_kit_is_made_again_from_its_list_and_its_sounds_are_recalled(
    odd_model: Path, soundgan: Run
) -> None:
    arguments = ["1:kick", "2:kick~vary1@0.3", "--takes", 1, "--level", "loudness"]
    assert soundgan("kit", *arguments, "--model", odd_model).code == 0
    model = ["--model", odd_model]
    again = soundgan(
        "kit", "kit/kit.json", "--out", "b", "--name", "kit", "--level", "loudness", *model
    )
    assert again.code == 0, again.stderr
    for path in Path("kit").rglob("*"):
        assert (
            path.is_dir() or (Path("b") / path.relative_to("kit")).read_bytes() == path.read_bytes()
        )
    recalled = soundgan("recall", *Path("kit/Samples").iterdir(), *model, "--json")
    assert recalled.code == 0, recalled.stderr


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Directions that cost nothing: kicks can be made brighter, hats airier, others neither."""
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path / "cache"))

    def directions_of(model: LoadedModel, label: int | None) -> tuple[Direction, ...]:
        good = {0: "brighter", 2: "airier"}.get(label or 0)
        size = model.generator.latent_dim - model.generator.noise_dim
        units = (tuple(float(i == n) for i in range(size)) for n in range(len(NAMES)))
        return tuple(
            Direction(name, 0.9 if name == good else 0.1, unit)
            for name, unit in zip(NAMES, units, strict=True)
        )

    monkeypatch.setattr("soundgan.pipelines.directions.measure_directions", directions_of)


@pytest.mark.usefixtures("here", "measured")
def test_layers_go_back_along_what_was_measured_and_the_kit_is_made_again(
    odd_model: Path, soundgan: Run
) -> None:
    model = ["--model", odd_model]
    outcome = soundgan("kit", "1:kick", SNARE, HAT, *model, "--layers", 3, "--takes", 1, "--json")
    assert outcome.code == 0, outcome.stderr
    assert "brighter R² 0.90" in outcome.stderr
    assert "no layers for 'snäre = 1': nothing measured makes it duller" in outcome.stderr
    sounds = json.loads(outcome.stdout)["sounds"]
    kick = [(s["velocity"], s["address"]) for s in sounds if s["note"] == 36]
    step = re.fullmatch(r"1:kick~code([0-9a-f]{16})@-0.6667", kick[2][1])
    assert step, kick
    moved = f"1:kick~code{step[1]}"
    assert kick == [
        ([86, 127], "1:kick"), ([86, 127], "1:kick~take1"),
        ([43, 85], f"{moved}@-0.6667"), ([43, 85], f"{moved}@-0.6667~take1"),
        ([1, 42], f"{moved}@-1.3333"), ([1, 42], f"{moved}@-1.3333~take1"),
    ]  # fmt: skip
    assert {tuple(s["velocity"]) for s in sounds if s["note"] == 60} == {(1, 127)}
    assert Path("kit/Samples/kick vel 42 take 1.wav").is_file()
    shutil.rmtree("codes")  # the kit holds them too
    again = soundgan("kit", "kit/kit.json", "--out", "b", "--name", "kit", *model)
    assert again.code == 0, again.stderr
    for path in filter(Path.is_file, Path("kit").rglob("*")):
        assert (Path("b") / path.relative_to("kit")).read_bytes() == path.read_bytes()
    recalled = soundgan("recall", *Path("kit/Samples").iterdir(), *model, "--json")
    assert recalled.code == 0, recalled.stderr
    assert {sound["same"] for sound in json.loads(recalled.stdout)["sounds"]} == {True}


@pytest.mark.usefixtures("here", "measured")
def test_sounds_that_nothing_makes_duller_have_no_layers(odd_model: Path, soundgan: Run) -> None:
    outcome = soundgan("kit", SNARE, "--model", odd_model, "--layers", 2)
    assert outcome.code == 2
    assert outcome.stderr.splitlines()[-1] == (
        "error: --layers 2: the model has no measured direction that makes these sounds duller "
        "(brighter or airier); leave it out"
    )
    assert not Path("kit").exists()


@pytest.mark.usefixtures("here")
def test_takes_that_a_list_has_already_are_not_made_twice(odd_model: Path, soundgan: Run) -> None:
    soundgan("kit", "1:kick", "--model", odd_model, "--takes", 1)
    outcome = soundgan(
        "kit", "kit/kit.json", "--model", odd_model, "--takes", 1, "--out", "b", "--json"
    )
    addresses = [sound["address"] for sound in json.loads(outcome.stdout)["sounds"]]
    assert addresses == ["1:kick", "1:kick~take1", "1:kick~take2"]


@pytest.mark.usefixtures("here")
def test_a_drum_called_like_a_take_of_another_keeps_its_file(
    odd_model: Path, soundgan: Run
) -> None:
    Path("list.json").write_text(
        json.dumps(
            {"sounds": [{"address": "1:kick", "name": n} for n in ("a", "A take 1")]}
        ).replace('"1:kick"', '"2:kick"', 1)
    )
    outcome = soundgan("kit", "list.json", "--model", odd_model, "--takes", 1, "--json")
    assert outcome.code == 0, outcome.stderr
    paths = {sound["path"].casefold() for sound in json.loads(outcome.stdout)["sounds"]}
    assert len(paths) == 4


@pytest.mark.usefixtures("here")
def test_presets_for_devices_are_folders_with_their_sounds(odd_model: Path, soundgan: Run) -> None:
    outcome = soundgan(
        "kit", "1:kick", SNARE, HAT, "--model", odd_model, "--takes", 1,
        "--format", "op-xy,mpc", "--name", "Mein & <Kit>",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    names = {path.name for path in Path("kit").iterdir()}
    assert names == {"Samples", "kit.json", "Mein & _Kit_.preset", "Mein & _Kit_ MPC"}
    preset, program = (
        {path.name: path.read_bytes() for path in (Path("kit") / f"Mein & _Kit_{end}").iterdir()}
        for end in (".preset", " MPC")
    )
    assert len(read_patch(preset)) == 3
    pads = read_program(program, "Mein & _Kit_")
    assert {note: len(layers) for note, layers in pads.items()} == {36: 2, 46: 2, 60: 2}


@pytest.mark.usefixtures("here")
def test_a_folder_of_sounds_is_a_kit_and_others_in_it_are_passed(
    odd_model: Path, soundgan: Run
) -> None:
    soundgan("generate", "-n", 3, "--model", odd_model, "--out", "a", "--png")
    soundfile.write("a/theirs.wav", np.zeros(100), 8000)
    outcome = soundgan("kit", "a", "--model", odd_model, "--json")
    assert outcome.code == 0, outcome.stderr
    assert len(json.loads(outcome.stdout)["sounds"]) == 3


@pytest.mark.usefixtures("here")
def test_a_list_of_favourites_may_name_them(odd_model: Path, soundgan: Run) -> None:
    favourites = {
        "model": load_model(odd_model).sha256,
        "sounds": ["5:kick", {"address": "6:kick", "name": "Boom/1"}],
    }
    Path("favourites.json").write_text(json.dumps(favourites))
    outcome = soundgan("kit", "favourites.json", "--model", odd_model, "--json")
    assert outcome.code == 0, outcome.stderr
    sounds = json.loads(outcome.stdout)["sounds"]
    assert [sound["name"] for sound in sounds] == ["kick", "Boom/1"]
    assert Path("kit/Samples/Boom_1.wav").is_file()


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_more_drums_than_keys_are_several_instruments(odd_model: Path, soundgan: Run) -> None:
    seeds = [f"{seed}:kick" for seed in range(200)]
    assert soundgan("kit", *seeds, "--model", odd_model, "--format", "sfz,decent").code == 0
    first, second = sorted(Path("kit").glob("*.sfz"))
    keys = [[r["key"] for r in read_sfz(p.read_text("utf-8"))] for p in (first, second)]
    assert [len(set(each)) for each in keys] == [128, 72]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["kit", "nothing"], 2, "error: 'nothing': no address"),
        (["kit", "1:kick", ""], 2, "error: '': no address"),
        (["kit", "empty"], 4, "error: empty: no sound made by soundgan"),
        (["kit", "full"], 2, "error: full: 1025 sounds, a kit has at most 1024"),
        (["kit", "odd.json"], 2, "error: odd.json: no list of addresses"),
        (["kit", "bad.json"], 2, "error: bad.json: 'x': no address"),
        (["kit", "1:kick", "--format", "exs"], 2, "error: --format exs: must be some of sfz, dec"),
        (["kit", "1:kick", "--name", " "], 2, "error: --name: empty"),
        (["kit", *map(str, range(40)), "--takes", "31"], 2, "error: 1280 sounds with their takes"),
        (["kit", "loud.json"], 2, "error: loud.json: 'velocity' of 1:kick: no two of 1 to 127"),
    ],
)
def test_what_is_no_kit_is_one_line(
    arguments: list[str], code: int, why: str, odd_model: Path, soundgan: Run
) -> None:
    Path("empty").mkdir()
    Path("full").mkdir()
    for number in range(1025 if "full" in arguments else 0):
        Path("full", f"{number}.wav").touch()
    Path("odd.json").write_text("{}")
    Path("bad.json").write_text('["x"]')
    Path("loud.json").write_text('[{"address": "1:kick", "velocity": [1, 128]}]')
    outcome = soundgan(*arguments, "--model", odd_model)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert outcome.stderr.startswith(why), outcome.stderr
    assert outcome.stderr.count("\n") == 1


@pytest.mark.usefixtures("here")
def test_a_kit_that_is_refused_leaves_another_as_it_was(odd_model: Path, soundgan: Run) -> None:
    assert soundgan("kit", "1:kick", "2:kick", "--model", odd_model).code == 0
    before = {path: path.read_bytes() for path in Path("kit").rglob("*") if path.is_file()}
    outcome = soundgan("kit", SNARE, "--model", odd_model)
    assert outcome.code == 1
    assert "exists with other content; pass --overwrite" in outcome.stderr
    after = {path: path.read_bytes() for path in Path("kit").rglob("*") if path.is_file()}
    assert after == before
