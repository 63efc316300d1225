"""Folders prepared with real worker processes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import (
    ExitCode,
    LockedError,
    NothingUsableError,
    OutputError,
    UsageError,
)
from soundgan.ingest import examine
from soundgan.ingest.record import VERDICTS
from soundgan.ingest.survey import Surveyed, survey_file
from soundgan.reporting import SilentReporter
from soundgan.runtime.locks import lock
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.sounds import silence, tone, write


def verdicts(out: Path) -> dict[str, str]:
    report = json.loads((out / "report.json").read_bytes())
    return {entry["path"]: entry["verdict"] for entry in report["files"]}


def test_every_file_gets_exactly_one_verdict(zoo: Path, tmp_path: Path, prepare: Prepare) -> None:
    result = prepare(zoo, tmp_path / "out", unlabelled=True)
    assert verdicts(tmp_path / "out") == {
        "README.md": "not audio",
        "clipped.wav": "clipped",
        "cut.wav": "padded",
        "empty.wav": "corrupt",
        "kept.wav": "kept",
        "nan.wav": "corrupt",
        "padded.ogg": "padded",
        "short.wav": "too short",
        "silent.wav": "silent",
        "sub/misnamed.txt": "padded",
        "text.mp3": "not audio",
        "trimmed.aiff": "trimmed",
        "twin.flac": "duplicate",
    }
    counts = result.report["verdicts"]
    assert set(counts) == set(VERDICTS)
    assert sum(counts.values()) == result.report["summary"]["files"] == 13
    assert result.report["summary"]["lost_files"] == 5
    assert result.exit_code == ExitCode.PARTIAL
    assert len(PreparedDataset.open(tmp_path / "out")) == 6


def test_a_file_cut_short_is_used_with_a_note_or_refused_when_strict(
    zoo: Path, tmp_path: Path, prepare: Prepare
) -> None:
    words = "incomplete: 1000 of the 4844 bytes that its header promises are missing"
    prepare(zoo, tmp_path / "out", unlabelled=True)
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    [cut] = [entry for entry in report["files"] if entry["path"] == "cut.wav"]
    assert (cut["verdict"], cut["note"], cut["reason"]) == ("padded", words, words)
    page = (tmp_path / "out" / "report.html").read_text()
    assert f"<td>cut.wav</td><td>padded</td><td>{words}</td>" in page
    prepare(zoo, tmp_path / "strict", unlabelled=True, strict=True)
    assert verdicts(tmp_path / "strict")["cut.wav"] == "corrupt"
    assert verdicts(tmp_path / "strict")["trimmed.aiff"] == "trimmed"


def test_audio_without_a_decoder_is_lost_until_there_is_one(
    tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    write(source / "a.wav", tone(0.2))
    (source / "noname").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(300))
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path))
    result = prepare(source, tmp_path / "out")
    assert result.exit_code == ExitCode.PARTIAL
    [entry] = [e for e in result.report["files"] if e["path"] == "noname"]
    assert entry["verdict"] == "unsupported"
    assert "convert" in entry["reason"]
    fake = tmp_path / "ffmpeg"
    fake.write_text("#!/bin/sh\necho it has a look >&2; exit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{path}")
    result = prepare(source, tmp_path / "out")
    [entry] = [e for e in result.report["files"] if e["path"] == "noname"]
    assert (entry["verdict"], entry["reason"]) == (
        "corrupt",
        "cannot be decoded: ffmpeg: it has a look",
    )


def test_readmes_and_duplicates_are_no_loss(tmp_path: Path, prepare: Prepare) -> None:
    source = tmp_path / "source"
    write(source / "a.wav", tone(0.2))
    shutil.copy(source / "a.wav", source / "b.wav")
    (source / "README.md").write_text("hello")
    assert prepare(source, tmp_path / "out").exit_code == ExitCode.OK


def test_clips_labels_and_sources_belong_together(
    tones: Path, tmp_path: Path, prepare: Prepare
) -> None:
    prepare(tones, tmp_path / "out")
    dataset = PreparedDataset.open(tmp_path / "out")
    assert dataset.labels == ("high", "low")
    assert (dataset.clip.sample_rate, dataset.clip.n_samples) == (8000, 2048)
    assert (len(dataset.validation_indices), len(dataset.test_indices)) == (2, 0)
    for index, clip in enumerate(dataset.manifest.clips):
        [[waveform]] = dataset.waveforms(np.array([index]))
        spectrum = np.abs(np.fft.rfft(waveform))
        folder, name = clip.path.split("/")
        expected = {"low": 200, "high": 900}[folder] + int(name[0])
        assert dataset.labels[clip.label] == folder
        assert spectrum.argmax() * 8000 / 2048 == pytest.approx(expected, abs=5)


def test_one_long_file_gives_clips_of_every_split(tmp_path: Path, prepare: Prepare) -> None:
    source = tmp_path / "source"
    write(source / "long.wav", tone(2.5))
    write(source / "other.wav", tone(0.2, hertz=90))
    result = prepare(source, tmp_path / "out", slice=True, validation=0.5, test=0.0)
    assert result.report["verdicts"]["sliced"] == 1
    dataset = PreparedDataset.open(tmp_path / "out")
    starts = [clip.start for clip in dataset.manifest.clips if clip.path == "long.wav"]
    assert starts == [2048 * number for number in range(9)]
    splits = [clip.split for clip in dataset.manifest.clips if clip.path == "long.wav"]
    assert [splits.count(split) for split in ("validation", "gap", "train")] == [4, 2, 3]
    summary = result.report["summary"]
    assert (summary["validation_clips"], summary["gap_clips"], summary["train_clips"]) == (4, 2, 4)
    assert [entry["split"] for entry in result.report["files"]] == ["divided", "train"]
    assert result.manifest.schema_number == 3


def test_rate_and_length_are_chosen_from_the_corpus(tmp_path: Path, prepare: Prepare) -> None:
    source = tmp_path / "source"
    for number in range(5):
        write(source / f"{number}.wav", tone(0.5, hertz=100 + number, rate=22050), 22050)
    write(source / "odd.wav", tone(0.4), 8000)
    result = prepare(source, tmp_path / "out", sample_rate=None, clip_seconds=None)
    assert result.manifest.sample_rate == 22050
    assert 0.5 <= result.manifest.n_samples / 22050 < 0.57
    assert result.report["verdicts"]["padded"] == 6
    assert result.report["summary"]["upsampled_files"] == 1


def test_the_bytes_do_not_depend_on_the_workers(
    zoo: Path, tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundgan.ingest.corpus.BATCH_FILES", 2)
    prepare(zoo, tmp_path / "one", jobs=1)
    prepare(zoo, tmp_path / "many", jobs=3)
    assert tree(tmp_path / "one") == tree(tmp_path / "many")


def test_the_bytes_do_not_depend_on_place_time_or_mask(
    tones: Path, tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tones, tmp_path / "here")
    moved = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(tones, moved)
    for path in moved.rglob("*.wav"):
        os.utime(path, (1, 1))
    monkeypatch.chdir(moved.parent)
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    mask = os.umask(0o077)
    try:
        prepare(Path("renamed"), Path("out"))
    finally:
        os.umask(mask)
    assert tree(tmp_path / "here") == tree(moved.parent / "out")


def test_a_second_run_decodes_nothing(
    zoo: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None]
) -> None:
    prepare(zoo, tmp_path / "out")
    before = tree(tmp_path / "out")
    sabotage({"True": "os._exit(9)"})
    prepare(zoo, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_only_what_changed_is_decoded(
    tones: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None]
) -> None:
    prepare(tones, tmp_path / "out")
    (tones / "low" / "3.wav").rename(tones / "high" / "renamed.wav")
    (tones / "low" / "4.wav").unlink()
    write(tones / "low" / "new.wav", tone(0.2, rate=11025), 11025)
    prepare(tones, tmp_path / "fresh")
    sabotage({"rate != 11025": "os._exit(9)"})
    result = prepare(tones, tmp_path / "out")
    assert result.report["verdicts"]["corrupt"] == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_duplicate_takes_the_place_of_its_vanished_original(
    tones: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None]
) -> None:
    shutil.copy(tones / "low" / "3.wav", tones / "low" / "z.wav")
    prepare(tones, tmp_path / "out")
    (tones / "low" / "3.wav").unlink()
    sabotage({"True": "os._exit(9)"})
    prepare(tones, tmp_path / "out")
    assert verdicts(tmp_path / "out")["low/z.wav"] == "padded"


def test_other_options_start_anew(tones: Path, tmp_path: Path, prepare: Prepare) -> None:
    prepare(tones, tmp_path / "out")
    prepare(tones, tmp_path / "out", trim_db=30.0)
    prepare(tones, tmp_path / "fresh", trim_db=30.0)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_other_labels_need_no_decoding(
    tones: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None]
) -> None:
    prepare(tones, tmp_path / "out")
    sabotage({"True": "os._exit(9)"})
    result = prepare(tones, tmp_path / "out", label_pattern=r"(?P<label>\d)")
    assert result.manifest.labels == tuple("012345678")
    assert result.report["verdicts"]["corrupt"] == 0


def test_a_damaged_dataset_is_not_taken_over(tones: Path, tmp_path: Path, prepare: Prepare) -> None:
    prepare(tones, tmp_path / "out")
    before = tree(tmp_path / "out")
    [shard] = (tmp_path / "out").glob("clips-*.npy")
    content = bytearray(shard.read_bytes())
    content[-1] ^= 1
    shard.write_bytes(content)
    prepare(tones, tmp_path / "out")
    assert tree(tmp_path / "out") == before


class Killed(BaseException):
    """Stands for a power switch."""


def replace_until(position: int) -> Callable[[Path, Path], None]:
    """``os.replace``, until it is called for the time after ``position`` others."""
    replace, calls = os.replace, iter(range(100))

    def switch(source: Path, target: Path) -> None:
        if next(calls) == position:
            raise Killed
        replace(source, target)

    return switch


@pytest.mark.parametrize("earlier", [False, True])
def test_wherever_it_is_killed_the_same_command_finishes_with_the_same_bytes(
    tones: Path, tmp_path: Path, prepare: Prepare, earlier: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tones, tmp_path / "whole")
    expected = tree(tmp_path / "whole")
    if earlier:
        prepare(tones, tmp_path / "earlier", trim_db=20.0, normalise="none")
    for position in range(6):  # chunk, part, shard, report, page, manifest
        out = tmp_path / f"out{position}"
        if earlier:
            shutil.copytree(tmp_path / "earlier", out)
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace_until(position))
            with pytest.raises(Killed):
                prepare(tones, out)
        if earlier:
            assert len(PreparedDataset.open(out)) == 18
        prepare(tones, out)
        assert tree(out) == expected


def test_an_interrupted_run_is_taken_up_where_it_stopped(
    tones: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    prepare(tones, tmp_path / "whole")

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("soundgan.pipelines.prepare.run.judge", kill)
        with pytest.raises(Killed):
            prepare(tones, tmp_path / "out")
    assert not (tmp_path / "out" / "manifest.json").exists()
    sabotage({"True": "os._exit(9)"})
    prepare(tones, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


BREAKAGES = {
    11025: ("ctypes.string_at(0)", "the decoder crashed (SIGSEGV)"),
    12000: ("os._exit(7)", "the decoder crashed (exit code 7)"),
    16000: (
        "raise RuntimeError('odd')",
        "a mistake of soundgan, not of the file (sitecustomize.py, line 11: RuntimeError: odd); "
        "please report it",
    ),
    22050: ("bytearray(20 << 30)", "decoding it takes more memory than one file is given"),
    24000: ("time.sleep(600)", "decoding came to a halt for 1 s"),
}


def test_a_decoder_that_breaks_costs_only_the_files_it_breaks_on(
    tones: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None]
) -> None:
    for rate in BREAKAGES:
        write(tones / "low" / f"{rate}.wav", tone(0.2, rate=rate), rate)
    sabotage({f"rate == {rate}": code for rate, (code, _) in BREAKAGES.items()})
    result = prepare(tones, tmp_path / "out", timeout=1.0)
    assert len(PreparedDataset.open(tmp_path / "out")) == 18
    lost = {e["path"]: e for e in result.report["files"] if e["verdict"] == "corrupt"}
    assert {path: entry["reason"] for path, entry in lost.items()} == {
        f"low/{rate}.wav": reason for rate, (_, reason) in BREAKAGES.items()
    }
    assert all(entry["bytes"] > 0 for entry in lost.values())


def test_a_file_on_which_the_first_look_fails_is_decoded_all_the_same(
    tones: Path, tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tones / "low" / "odd.wav", tone(0.2, hertz=5000, rate=16000), 16000)

    def fail(path: str, *rest: object, **options: object) -> Surveyed | None:
        if path.endswith("odd.wav"):
            raise ZeroDivisionError
        return survey_file(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("soundgan.ingest.worker.survey_file", fail)
    prepare(tones, tmp_path / "out", clip_seconds=None)
    assert verdicts(tmp_path / "out")["low/odd.wav"] in ("kept", "padded", "trimmed")


def test_a_mistake_after_the_first_clip_costs_one_file_and_mixes_no_clips(
    tones: Path, tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tones, tmp_path / "whole")
    write(tones / "low" / "odd.wav", tone(0.2, hertz=300, level=0.3))

    def fail(heard: examine._Heard, *rest: Any) -> Any:
        if round(heard.tally.peak, 1) == 0.3:
            raise ZeroDivisionError("no number")
        return fit(heard, *rest)

    fit = examine._fit
    monkeypatch.setattr(examine, "_fit", fail)
    result = prepare(tones, tmp_path / "out")
    odd = next(e for e in result.report["files"] if e["path"] == "low/odd.wav")
    assert odd["verdict"] == "corrupt"
    assert "a mistake of soundgan, not of the file (test_run.py, line" in odd["reason"]
    assert "ZeroDivisionError: no number" in odd["reason"]
    shards = [next((tmp_path / name).glob("*.npy")) for name in ("out", "whole")]
    assert shards[0].read_bytes() == shards[1].read_bytes()


def test_no_worker_outlives_the_command(tones: Path, tmp_path: Path, prepare: Prepare) -> None:
    def children() -> set[str]:
        return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())

    before = children()
    prepare(tones, tmp_path / "out", jobs=2)
    assert children() <= before


def test_a_folder_without_sounds_leaves_a_report_and_no_dataset(
    tmp_path: Path, prepare: Prepare
) -> None:
    source = tmp_path / "source"
    write(source / "a.wav", silence(1.0))
    (source / "b.txt").write_text("hello")
    with pytest.raises(NothingUsableError, match=r"2 files: 1 silent, 1 not audio \(first: a\.wav"):
        prepare(source, tmp_path / "out", sample_rate=None, clip_seconds=None)
    assert verdicts(tmp_path / "out") == {"a.wav": "silent", "b.txt": "not audio"}
    assert not (tmp_path / "out" / "manifest.json").exists()
    write(source / "c.wav", tone(0.3))
    assert len(prepare(source, tmp_path / "out").manifest.clips) == 1


def test_a_folder_without_sounds_does_not_harm_an_earlier_dataset(
    tones: Path, tmp_path: Path, prepare: Prepare
) -> None:
    prepare(tones, tmp_path / "out")
    before = tree(tmp_path / "out")
    write(tmp_path / "silent" / "a.wav", silence(1.0))
    with pytest.raises(NothingUsableError):
        prepare(tmp_path / "silent", tmp_path / "out")
    assert {k: v for k, v in tree(tmp_path / "out").items() if k != ".lock"} == {
        k: v for k, v in before.items() if k != ".lock"
    }


def test_an_empty_folder_is_nothing_to_work_on(tmp_path: Path, prepare: Prepare) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(NothingUsableError, match="no files"):
        prepare(tmp_path / "source", tmp_path / "out")
    with pytest.raises(UsageError, match="no such folder"):
        prepare(tmp_path / "missing", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_output_may_lie_inside_the_source(tones: Path, prepare: Prepare) -> None:
    prepare(tones, tones / "prepared")
    before = tree(tones / "prepared")
    prepare(tones, tones / "prepared")
    assert tree(tones / "prepared") == before


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json"])
def test_a_folder_of_something_else_is_not_written_into(
    tones: Path, tmp_path: Path, prepare: Prepare, name: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"name": "web app"}')
    with pytest.raises(OutputError, match="choose another `out`"):
        prepare(tones, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]


def test_a_locked_folder_is_left_alone(tones: Path, tmp_path: Path, prepare: Prepare) -> None:
    held = lock(tmp_path / "out", purpose="a test", reporter=SilentReporter())
    with held, pytest.raises(LockedError, match="in use by"):
        prepare(tones, tmp_path / "out")


def test_names_that_are_no_text_are_prepared_and_shown(tmp_path: Path, prepare: Prepare) -> None:
    source = tmp_path / "source"
    for number, name in enumerate([b"caf\xe9", b"-x", b"a\nb", b"[red]", "ﻼ".encode()]):
        path = Path(os.fsdecode(os.fsencode(source) + b"/" + name + b".wav"))
        write(source / "plain.wav", tone(0.2, hertz=200 + 9 * number)).rename(path)
    prepare(source, tmp_path / "out")
    assert set(verdicts(tmp_path / "out")) == {
        r"caf\xe9.wav", "-x.wav", "a\nb.wav", "[red].wav", "ﻼ.wav",
    }  # fmt: skip


def test_files_outside_the_pattern_are_stored_but_in_no_split(
    tones: Path, tmp_path: Path, prepare: Prepare
) -> None:
    write(tones / "stray.wav", tone(0.2, hertz=50))
    result = prepare(tones, tmp_path / "out", label_pattern=r"^(?P<label>\d)")
    dataset = PreparedDataset.open(tmp_path / "out")
    assert (len(dataset), result.report["summary"]["unlabelled_clips"]) == (19, 1)
    assert (dataset.label_ids[dataset.train_indices] >= 0).all()
    assert len(dataset.train_indices) + len(dataset.validation_indices) == 18
    assert result.exit_code == ExitCode.PARTIAL


def test_a_full_disk_ends_the_command_with_one_line(
    tones: Path, tmp_path: Path, prepare: Prepare, sabotage: Callable[..., None]
) -> None:
    sabotage({"True": "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))"})
    with pytest.raises(OutputError, match="cannot write"):
        prepare(tones, tmp_path / "out")


@pytest.mark.parametrize("place", [".", "..", "../tones"])
def test_a_dataset_around_its_own_sounds_is_refused(
    tones: Path, prepare: Prepare, place: str
) -> None:
    before = tree(tones)
    with pytest.raises(UsageError, match=r"`out=.*`: is (the folder of the sounds|around ).*give"):
        prepare(tones, tones / place)
    assert tree(tones) == before


def test_a_dataset_inside_the_folder_of_its_sounds_is_no_sound(
    tones: Path, prepare: Prepare
) -> None:
    assert len(prepare(tones, tones / "prepared").manifest.clips) == 18
    assert len(prepare(tones, tones / "prepared").manifest.clips) == 18
