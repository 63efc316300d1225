from __future__ import annotations

from typing import Any

from soundgan.audio.decode import EMPTY, NO_SOUND
from soundgan.data.split import Shares
from soundgan.ingest.labels import Labelling, make_labelling
from soundgan.ingest.ledger import Entry, count_verdicts, judge
from soundgan.ingest.record import VERDICTS, FileRecord, FileVerdict

FOLDERS = Labelling("folders")


def sound(number: int, **changes: Any) -> FileRecord:
    values: dict[str, Any] = {
        "source_sha256": f"{number:064x}",
        "bytes": 10,
        "verdict": "padded",
        "reason": "",
        "decoded_sha256": f"{number:064x}",
        "starts": (0,),
    }
    return FileRecord(**(values | changes))


def nothing(verdict: FileVerdict, reason: str = "because") -> FileRecord:
    return FileRecord(source_sha256="0" * 64, bytes=0, verdict=verdict, reason=reason)


def look(
    files: dict[str, FileRecord], labelling: Labelling = FOLDERS
) -> tuple[dict[str, Entry], tuple[str, ...]]:
    paths = sorted(files)
    records = [files[path] for path in paths]
    entries, names = judge(
        paths,
        records,
        labelling.classes(paths).labels,
        labelling,
        n_samples=100,
        shares=Shares(0.05, 0.25),
    )
    return {entry.path: entry for entry in entries}, names


def test_the_first_of_equal_sounds_stays() -> None:
    entries, _ = look({"b.wav": sound(1), "a.flac": sound(1), "c.wav": sound(2)})
    assert [entries[path].verdict for path in sorted(entries)] == ["padded", "duplicate", "padded"]
    assert entries["b.wav"].duplicate_of == "a.flac"
    assert (entries["b.wav"].clips, entries["b.wav"].split) == (0, None)


def test_a_labelled_copy_stays_rather_than_one_without_label() -> None:
    entries, names = look({"a.wav": sound(1), "x/a.wav": sound(1), "y/b.wav": sound(2)})
    assert names == ("x", "y")
    assert entries["a.wav"].duplicate_of == "x/a.wav"
    assert entries["x/a.wav"].split == "train"


def test_the_same_sound_in_two_classes_is_told() -> None:
    files = {"x/a.wav": sound(1), "y/a.wav": sound(1), "y/b.wav": sound(2)}
    assert look(files)[0]["y/a.wav"].reason == (
        "the same sound as x/a.wav, which has the label 'x'"
    )


def test_a_class_of_nothing_but_duplicates_is_none() -> None:
    files = {"x/a.wav": sound(1), "y/b.wav": sound(2), "z/a.wav": sound(1)}
    assert look(files)[1] == ("x", "y")


def test_a_single_folder_is_no_class() -> None:
    entries, names = look({"x/a.wav": sound(1), "b.wav": sound(2)})
    assert names == ()
    assert {(entry.label, entry.split) for entry in entries.values()} == {(None, "train")}


def test_a_single_label_asked_for_is_a_class() -> None:
    labelling = make_labelling("^(?P<label>a)", unlabelled=False)
    entries, names = look({"a1.wav": sound(1), "b.wav": sound(2)}, labelling)
    assert names == ("a",)
    assert entries["b.wav"].split == "unlabelled"
    assert entries["b.wav"].lost


def test_folders_without_sounds_are_no_classes() -> None:
    files = {"x/a.wav": sound(1), "y/b.wav": sound(2), "z/c.txt": nothing("not audio")}
    assert look(files)[1] == ("x", "y")


def test_a_file_is_lost_when_it_was_meant_to_be_heard() -> None:
    entries, _ = look(
        {
            "a.wav": sound(1),
            "b.wav": sound(1),
            "c.wav": nothing("silent"),
            "d.wav": nothing("too short"),
            "e.dat": nothing("corrupt"),
            "f.md": nothing("not audio", NO_SOUND),
            "g.mp3": nothing("not audio", NO_SOUND),
            "h.wav": nothing("not audio", EMPTY),
            "i.txt": nothing("not audio", EMPTY),
        }
    )
    assert [path for path, entry in entries.items() if entry.lost] == [
        "c.wav", "d.wav", "e.dat", "g.mp3", "h.wav",
    ]  # fmt: skip
    assert entries["g.mp3"].reason == "named like audio, but its content is not"
    assert (entries["h.wav"].verdict, entries["i.txt"].verdict) == ("corrupt", "not audio")


def test_every_verdict_is_counted_and_the_counts_sum_to_the_files() -> None:
    entries, _ = look({"a.wav": sound(1), "b.wav": sound(1), "c.txt": nothing("not audio")})
    counts = count_verdicts(list(entries.values()))
    assert tuple(counts) == VERDICTS
    assert sum(counts.values()) == 3


def test_a_line_of_the_report_tells_what_the_file_would_be_alone() -> None:
    files = {
        "a.wav": sound(1, starts=(0, 100), verdict="sliced"),
        "b.wav": sound(1, starts=(0, 100), verdict="sliced"),
        "c.wav": nothing("not audio", EMPTY),
    }
    lines = {path: entry.document() for path, entry in look(files)[0].items()}
    assert [line["alone"] for line in lines.values()] == [
        None, ["sliced", ""], ["not audio", EMPTY],
    ]  # fmt: skip
    assert [line["clips"] for line in lines.values()] == [2, 0, 0]


def test_slices_of_one_file_stay_on_one_side() -> None:
    files = {f"{i}.wav": sound(i, starts=tuple(range(0, 900, 100))) for i in range(40)}
    entries, _ = look(files)
    splits = [entry.split for entry in entries.values()]
    assert (splits.count("validation"), splits.count("test")) == (2, 10)
