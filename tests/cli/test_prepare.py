from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from soundgan.errors import ConfigError
from tests.conftest import Run
from tests.sounds import silence, tone, write

FIXED = ("--sample-rate", 8000, "--clip-seconds", 0.256, "--jobs", 1)


@pytest.fixture(autouse=True)
def _no_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ceiling costs seconds, and its own tests are elsewhere."""

    def off(_: object) -> None:
        raise ConfigError("off")

    monkeypatch.setattr("soundgan.pipelines.prepare.ceiling.measure_ceiling", off)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for number in range(4):
        write(tmp_path / "src" / f"{number % 2}_{number}.wav", tone(0.2, hertz=200 + 9 * number))
    return tmp_path / "src"


def test_the_result_is_on_stdout_and_talk_on_stderr(
    soundgan: Run, source: Path, tmp_path: Path
) -> None:
    outcome = soundgan("prepare", source, "--out", tmp_path / "out", "--jobs", 1)
    assert outcome.code == 0
    lines = outcome.stdout.splitlines()
    assert lines[:3] == [
        "4 files: 4 padded",
        "4 clips of 0.256 s at 8000 Hz",
        "4 to train on, 0 for validation, 0 for the test",
    ]
    assert lines[-2:] == [
        f"report: {tmp_path / 'out' / 'report.html'}",
        f"next: soundgan train --data {tmp_path / 'out'}",
    ]
    assert any(line.startswith("enough data? Not yet: with 4 clips") for line in lines)
    assert all(len(line) <= 80 for line in lines[:-2])
    assert "sample rate 8000 Hz: 4 of 4 files looked at; --sample-rate overrides it" in (
        outcome.stderr
    )
    assert "--clip-seconds overrides it" in outcome.stderr


def test_what_was_chosen_is_shown_beside_what_was_not(soundgan: Run, tmp_path: Path) -> None:
    for number in range(20):
        seconds = 2.0 if number < 3 else 0.3
        write(tmp_path / "src" / f"{number}.wav", tone(seconds, hertz=300 + 20 * number))
    outcome = soundgan("prepare", tmp_path / "src", "--out", tmp_path / "out", "--jobs", 1)
    table = [line for line in outcome.stdout.splitlines() if " Hz  " in line]
    [chosen] = [line for line in table if line.startswith(">")]
    assert len(table) >= 2
    assert chosen.split()[1:] == [
        "8000", "Hz", "0.32", "s", "5", "%", "15", "%", "128", "x", "64", *chosen.split()[12:]
    ]  # fmt: skip
    assert chosen.split()[14] in ("fair", "close")
    assert chosen.endswith("100 %")  # of tones that begin at once
    document = json.loads(
        soundgan("prepare", tmp_path / "src", "--out", tmp_path / "out", "--json").stdout
    )
    rows = document["alternatives"]["rows"]
    assert len(rows) == len(table)
    assert [row["clip_seconds"] for row in rows if row["chosen"]] == [document["clip_seconds"]]


def test_too_many_classes_lead_to_a_command_that_makes_them_enough(
    soundgan: Run, tmp_path: Path
) -> None:
    for number in range(140):
        path = tmp_path / "my src" / f"c{number % 40}" / f"{number}.wav"
        write(path, tone(0.2, hertz=200 + 9 * number))
    given = (*FIXED, "--channel", "right", "--no-slice", "--trim-db", 50.0)
    outcome = soundgan("prepare", tmp_path / "my src", "--out", tmp_path / "out", *given)
    assert "enough data? Not as 40 classes" in outcome.stdout
    following = outcome.stdout.splitlines()[-1].removeprefix("next: ")
    program, *words = shlex.split(following)
    assert program == "soundgan"
    assert " ".join(words).endswith(
        "--sample-rate 8000 --clip-seconds 0.256 --channel right --no-slice --trim-db 50"
    )
    again = soundgan(*words)
    assert again.code == 0
    assert "enough data? It is workable: 112 clips" in again.stdout
    assert "8000 Hz" in again.stdout
    assert f"next: soundgan train --data {tmp_path / 'out'}" in again.stdout


def test_a_chosen_length_is_not_second_guessed(soundgan: Run, source: Path, tmp_path: Path) -> None:
    outcome = soundgan(
        "prepare", source, "--out", tmp_path / "out", "--clip-seconds", 0.5, "--json"
    )
    assert json.loads(outcome.stdout)["alternatives"] is None


def test_json_is_one_document_in_the_same_words_every_time(
    soundgan: Run, source: Path, tmp_path: Path
) -> None:
    outcome = soundgan(
        "prepare", source, "--out", tmp_path / "out", *FIXED, "--json", "--quiet",
        "--label-pattern", r"^(?P<label>\d)_",
    )  # fmt: skip
    assert outcome.stderr == ""
    document = json.loads(outcome.stdout)
    assert document["schema"] == 1
    assert document["command"] == "prepare"
    assert document["verdicts"]["padded"] == document["n_clips"] == 4
    assert sum(document["verdicts"].values()) == document["files"] == 4
    assert (document["sample_rate"], document["n_samples"]) == (8000, 2048)
    assert document["labels"] == ["0", "1"]


def test_json_has_every_sentence_of_the_terminal(soundgan: Run, tmp_path: Path) -> None:
    for part in ("train", "test"):
        for name in ("kick", "Snare", "snare"):
            path = tmp_path / "src" / part / name / "a.wav"
            write(path, tone(0.2, hertz=200 + 90 * len(part) + sum(map(ord, name))))
    said = soundgan("prepare", tmp_path / "src", "--out", tmp_path / "out", "--jobs", 1)
    again = soundgan(
        "prepare", tmp_path / "src", "--out", tmp_path / "out", "--jobs", 1, "--json", "-q"
    )
    document = json.loads(again.stdout)
    assert said.stderr.splitlines() == [
        sentence if "no audible ceiling" not in sentence else f"warning: {sentence}"
        for sentence in document["messages"]
    ]
    assert [sentence.split()[0] for sentence in document["messages"][:2]] == ["sample", "clip"]
    assert any("taken for parts of one collection" in text for text in document["messages"])
    told = " ".join(" ".join(said.stdout.split()).replace(" - ", " ").split())
    assert document["answer"] in told
    assert all(remark in told for remark in document["remarks"])


def test_a_lost_sound_is_told_by_the_exit_code(soundgan: Run, source: Path, tmp_path: Path) -> None:
    write(source / "silent.wav", silence(0.5))
    outcome = soundgan("prepare", source, "--out", tmp_path / "out", *FIXED)
    assert outcome.code == 3
    assert "5 files: 4 padded, 1 silent" in outcome.stdout


def test_no_sound_at_all_is_exit_code_four(soundgan: Run, tmp_path: Path) -> None:
    write(tmp_path / "src" / "a.wav", silence(0.5))
    outcome = soundgan("prepare", tmp_path / "src", "--out", tmp_path / "out", *FIXED)
    assert (outcome.code, outcome.stdout) == (4, "")
    assert outcome.stderr.startswith(f"error: {tmp_path / 'src'}: no sound in 1 file: 1 silent")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing"], "missing: no such folder"),
        (["src", "--label-pattern", "(?P<label>"], "is not a pattern"),
        (["src", "--label-pattern", "x", "--unlabelled"], "exclude each other"),
        (["src", "--label-pattern", "(?P<label>zzz)"], "fits no file name"),
        (["src", "--clip-seconds", "nan"], "clip-seconds"),
        (["src", "--trim-db", "nan"], "trim-db"),
        (["src", "--test", "0.9"], "test"),
        (["src", "--test", "0.3", "--validation", "0.3"], "validation"),
        (["src", "--normalise", "loud"], "normalise"),
    ],
)
def test_options_that_cannot_work_are_exit_code_two(
    soundgan: Run, source: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str],
    message: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(source.parent)
    monkeypatch.setenv("COLUMNS", "200")
    outcome = soundgan("prepare", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.stderr
    assert not Path("prepared").exists()


def test_a_linked_class_is_used_and_a_broken_link_is_named_and_costs_the_exit_code(
    soundgan: Run, source: Path, tmp_path: Path
) -> None:
    for name in ("kick", "snare"):
        for number in range(2):
            hertz = 300 + 40 * number + 99 * len(name)
            write(tmp_path / "disk" / name / f"{number}.wav", tone(0.2, hertz=hertz))
    (tmp_path / "linked").mkdir()
    for name in ("kick", "snare", "tom"):
        (tmp_path / "linked" / name).symlink_to(tmp_path / "disk" / name)
    outcome = soundgan("prepare", tmp_path / "linked", "--out", tmp_path / "out", *FIXED)
    assert "4 clips of 0.256 s at 8000 Hz, 2 classes" in outcome.stdout
    assert "warning: passed over: tom: a link to nothing\n" in outcome.stderr
    assert outcome.code == 3
    summary = json.loads((tmp_path / "out" / "report.json").read_bytes())["summary"]
    assert summary["passed_over"] == [{"path": "tom", "reason": "a link to nothing", "lost": True}]


def test_the_classes_of_a_collection_in_parts_are_the_folders_in_them(
    soundgan: Run, tmp_path: Path
) -> None:
    for number, place in enumerate(("train/kick", "train/Snare", "test/kick ", "test/snare")):
        write(tmp_path / "src" / place / "a.wav", tone(0.2, hertz=300 + 40 * number))
    options = ("--out", tmp_path / "out", *FIXED)
    outcome = soundgan("prepare", tmp_path / "src", *options)
    assert outcome.code == 0
    assert "the folders in them, kick and snare" in outcome.stderr
    assert "2 spellings are one class, kick (also 'kick ')" in outcome.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["labels"] == ["kick", "snare"]
    assert manifest["parameters"]["label_depth"] == 2
    document = soundgan("prepare", tmp_path / "src", *options, "--label-depth", 1, "--json").stdout
    assert json.loads(document)["labels"] == ["test", "train"]
    outcome = soundgan("prepare", tmp_path / "src", *options, "--label-depth", 3)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "--label-depth: 3, but no file lies below more than 2 folders" in outcome.stderr
