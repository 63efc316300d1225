"""A kit read by programs of others: ConvertWithMoss, and schemas that were published."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import wave
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.inference.conftest import write_model

pytestmark = pytest.mark.slow

ODD = ("kick", "größe = 1", 'hat & "open"', "it's 100 %")
ADDRESSES = (
    "1:kick",
    "2:gr%C3%B6%C3%9Fe%20%3D%201",
    "3:hat%20%26%20%22open%22",
    "4:it%27s%20100%20%25",
)
ZONE = re.compile(
    r"Zone '(.+)': keys \S+/(\d+)\.\.\S+/(\d+), root \S+/(\d+), velocity (\d+)\.\.(\d+), "
    r"8000 Hz, 24 bits, mono, (\d+) frames"
)

Zone = tuple[str, int, tuple[int, int], int]
"""Sound, key, velocities, samples."""


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soundgan: Run) -> set[Zone]:
    """What a kit in ``kit`` holds: odd names, and takes."""
    monkeypatch.chdir(tmp_path)
    model = write_model(
        tmp_path / "m.safetensors",
        "generator.name=convt",
        "generator.options.noise_injection=true",
        labels=ODD,
    )
    arguments = ["--model", model, "--takes", 2, "--name", "Größe", "--json"]
    made = soundgan("kit", *ADDRESSES, *arguments)
    assert made.code == 0, made.stderr
    sounds = json.loads(made.stdout)["sounds"]
    assert len(sounds) == 12
    return {
        (Path(s["path"]).stem, s["note"], (s["velocity"][0], s["velocity"][1]), length(s["path"]))
        for s in sounds
    }


def length(path: str) -> int:
    with wave.open(path) as file:
        return file.getnframes()


def run(*command: str | Path) -> str:
    """What a program of others says."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("form", "times"), [("sfz", 1), ("decentsampler", 2), ("bitwig", 1)]
)  # .dspreset and .dslibrary are read by one
def test_convertwithmoss_finds_every_sound_on_its_key(
    form: str, times: int, kit: set[Zone]
) -> None:
    program = shutil.which("ConvertWithMoss")
    if program is None:
        pytest.skip("needs ConvertWithMoss, github.com/git-moss/ConvertWithMoss")
    said = run(program, "-a", "-ad", "-s", form, "-d", "sfz", Path("kit").resolve(), Path.cwd())
    found = ZONE.findall(said)
    assert len(found) == times * len(kit), said
    zones = set()
    for name, low, high, root, softest, hardest, n_samples in found:
        assert (low, high) == (("0", "127") if form == "bitwig" else (root, root))
        zones.add((name, int(root), (int(softest), int(hardest)), int(n_samples)))
    assert zones == kit
    if form == "bitwig":
        assert said.count("Round robin\n") == 12
    else:
        assert [said.count(f"Round robin #{n}\n") for n in (1, 2, 3)] == [4 * times] * 3


@pytest.fixture
def schemas() -> Path:
    if "SOUNDGAN_SCHEMAS" not in os.environ or shutil.which("xmllint") is None:
        pytest.skip("needs xmllint, and a folder of schemas that SOUNDGAN_SCHEMAS names")
    return Path(os.environ["SOUNDGAN_SCHEMAS"])


@pytest.mark.usefixtures("kit")
def test_multisamples_are_valid_by_the_schema_of_bitwig(schemas: Path) -> None:
    paths = sorted(Path("kit/Multisamples").iterdir())
    assert len(paths) == 4
    for path in paths:
        with zipfile.ZipFile(path) as file:
            Path("inside.xml").write_bytes(file.read("multisample.xml"))
        run("xmllint", "--noout", "--schema", schemas / "multisample.xsd", "inside.xml")


@pytest.mark.usefixtures("kit")
def test_presets_are_valid_by_the_schema_of_decent_sampler(schemas: Path) -> None:
    """It knows paths of ASCII letters only, which the sampler itself does not ask for."""
    text = Path("kit/Größe.dspreset").read_text("utf-8")
    plain = re.sub(r'path="Samples/[^"]*"', 'path="Samples/a.wav"', text)
    assert plain.count('path="Samples/a.wav"') == 12
    Path("inside.xml").write_text(plain, "utf-8")
    command = ("xmllint", "--noout", "--schema", schemas / "DecentSampler.xsd", "inside.xml")
    run(*command)
    Path("inside.xml").write_text(plain.replace('loNote="36"', 'loNote="loud"'), "utf-8")
    assert subprocess.run(command, capture_output=True, timeout=60).returncode  # it does look
