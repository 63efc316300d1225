"""Working inside the folder of sounds: what soundgan made there is no input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from soundgan.audio.wav import encode_audio
from soundgan.errors import NothingUsableError
from soundgan.pipelines.demo_data import write_demo_data
from soundgan.pipelines.prepare.own import OWN_DATASET, OWN_RUN, refuse_own
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.sounds import tone

FROZEN = Path(__file__).parents[2] / "fixtures" / "v1"


def refused(folder: Path) -> str | None:
    return refuse_own(folder, frozenset(path.name for path in folder.iterdir()))


def own_sound(path: Path, hertz: float = 333.0) -> Path:
    comment = json.dumps({"model": "0" * 64, "seed": 1, "soundgan": "0.1.0"})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_audio(tone(0.2, hertz=hertz), 8000, metadata={"comment": comment}))
    return path


def test_runs_and_prepared_folders_are_known_by_what_is_in_them(
    tones: Path, tmp_path: Path, prepare: Prepare
) -> None:
    prepare(tones, tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "drums of May")
    shutil.copytree(FROZEN / "run", tmp_path / "best")
    assert refused(tmp_path / "drums of May") == OWN_DATASET
    assert refused(FROZEN / "prepared") == OWN_DATASET
    assert refused(tmp_path / "best") == OWN_RUN
    assert refused(tones) is None


def test_a_preparation_without_a_dataset_is_one_too(tmp_path: Path, prepare: Prepare) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.txt").write_text("no sound")
    with pytest.raises(NothingUsableError):
        prepare(tmp_path / "source", tmp_path / "out")
    assert refused(tmp_path / "out") == OWN_DATASET
    (tmp_path / "killed" / ".soundgan-work").mkdir(parents=True)
    assert refused(tmp_path / "killed") == OWN_DATASET


@pytest.mark.parametrize("name", ["run.json", "manifest.json", "report.json"])
@pytest.mark.parametrize("content", ["", "[]", '{"kind": "web app"}', "\0" * 9, '{"kind": [1]}'])
def test_folders_of_others_are_entered(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert refused(tmp_path) is None


def test_what_soundgan_made_in_the_folder_of_sounds_changes_nothing(
    tones: Path, tmp_path: Path, prepare: Prepare
) -> None:
    first = prepare(tones, tones / "prepared")
    shutil.copytree(FROZEN / "run", tones / "runs" / "base")
    own_sound(tones / "runs" / "base" / "samples" / "step-1.wav")
    own_sound(tones / "generated" / "seed000001.wav")
    own_sound(tones / "low" / "renamed.wav", hertz=444.0)
    again = prepare(tones, tones / "prepared")
    prepare(tones, tmp_path / "elsewhere")
    assert (first.manifest.clips, first.manifest.labels) == (
        again.manifest.clips, again.manifest.labels,
    )  # fmt: skip
    assert again.exit_code == 0
    assert again.report["verdicts"]["generated"] == 2
    assert [item["path"] for item in again.report["summary"]["passed_over"]] == ["runs/base"]
    report = json.loads((tmp_path / "elsewhere" / "report.json").read_bytes())
    assert {item["path"] for item in report["summary"]["passed_over"]} == {"prepared", "runs/base"}


def test_a_sound_of_an_earlier_version_is_known(tmp_path: Path, prepare: Prepare) -> None:
    (tmp_path / "source").mkdir()
    shutil.copy(FROZEN / "sound.wav", tmp_path / "source" / "kick.wav")
    with pytest.raises(NothingUsableError, match="1 generated"):
        prepare(tmp_path / "source", tmp_path / "out")


def test_own_sounds_can_be_wanted(tones: Path, tmp_path: Path, prepare: Prepare) -> None:
    own_sound(tones / "low" / "renamed.wav", hertz=444.0)
    without = prepare(tones, tmp_path / "out")
    wanted = prepare(tones, tmp_path / "out", with_generated=True)
    assert len(wanted.manifest.clips) == len(without.manifest.clips) + 1
    assert wanted.report["verdicts"]["generated"] == 0
    prepare(tones, tmp_path / "out")
    prepare(tones, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_own_sounds_do_not_take_part_in_choosing(tmp_path: Path, prepare: Prepare) -> None:
    for number in range(6):
        own_sound(tmp_path / "source" / f"{number}.wav", hertz=300 + 40 * number)
    short = encode_audio(tone(0.1, rate=11025), 11025)
    (tmp_path / "source" / "mine.wav").write_bytes(short)
    options = {"sample_rate": None, "clip_seconds": None}
    assert prepare(tmp_path / "source", tmp_path / "out", **options).manifest.sample_rate == 11025


def test_a_folder_of_own_sounds_alone_says_which_option_uses_them(
    tmp_path: Path, prepare: Prepare
) -> None:
    own_sound(tmp_path / "source" / "a.wav")
    with pytest.raises(NothingUsableError, match=r"1 generated .*`with_generated` uses it"):
        prepare(tmp_path / "source", tmp_path / "out")


def test_a_document_that_quotes_a_provenance_is_no_sound(tones: Path, prepare: Prepare) -> None:
    (tones / "evaluation.json").write_text('{"soundgan": "0.1.0"}\n')
    assert prepare(tones, tones / "prepared").report["verdicts"]["generated"] == 0


def test_demonstration_sounds_are_there_to_be_prepared(tmp_path: Path, prepare: Prepare) -> None:
    write_demo_data(tmp_path / "drums", per_class=2)
    result = prepare(tmp_path / "drums", tmp_path / "out", sample_rate=22050)
    assert len(result.manifest.clips) == 10
