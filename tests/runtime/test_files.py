from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from soundgan.errors import ArtefactError, OutputError, StorageError
from soundgan.runtime import files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_write_that_fails_leaves_the_old_file_and_no_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bin"
    files.write_bytes(path, b"old")

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_sync", no_space)
    with pytest.raises(OutputError, match="cannot write: no space left on device"):
        files.write_bytes(path, b"new content")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.bin"]


def test_a_target_that_is_a_folder_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OutputError, match="cannot write"):
        files.write_bytes(tmp_path / "a", b"x")
    assert names(tmp_path) == ["a"]


def test_a_folder_that_turns_out_to_be_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(OutputError, match=r"a/b\.bin: cannot write: file exists"):
        files.write_bytes(tmp_path / "a" / "b.bin", b"x")


def test_json_comes_back_whatever_the_characters(tmp_path: Path) -> None:
    document = {"name": "sn\udcffare é 🥁", "values": [1, 2.5, None, True]}
    files.write_json(tmp_path / "a.json", document)
    assert files.read_json(tmp_path / "a.json") == document


def test_json_that_is_damaged_is_an_artefact_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": ')
    with pytest.raises(ArtefactError, match="not valid JSON"):
        files.read_json(tmp_path / "a.json")


def test_the_same_content_is_not_written_again_and_other_content_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert files.write_if_new(path, b"one", overwrite=False)
    assert not files.write_if_new(path, b"one", overwrite=False)
    with pytest.raises(OutputError, match="exists with other content; pass `overwrite`"):
        files.write_if_new(path, b"two", overwrite=False)
    assert path.read_bytes() == b"one"
    assert files.write_if_new(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"


def test_what_another_process_writes_meanwhile_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bin"
    for question in ("exists", "is_file"):
        ask = getattr(Path, question)

        def asked(self: Path, ask: Callable[[Path], bool] = ask) -> bool:
            answer = ask(self)
            if self == path:  # right after the first question, whichever it is
                path.write_bytes(b"one")
            return answer

        monkeypatch.setattr(Path, question, asked)
    assert files.write_if_new(path, b"one", overwrite=False)
    assert path.read_bytes() == b"one"


def test_leftovers_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    (tmp_path / f".a.wav{files.TEMPORARY_MARK}123").write_bytes(b"half")
    (tmp_path / "a.wav").write_bytes(b"whole")
    files.sweep_temporaries(tmp_path, held=True)
    assert names(tmp_path) == ["a.wav"]


def test_the_name_of_an_unfinished_file_cannot_be_guessed(tmp_path: Path) -> None:
    names = {files._temporary(tmp_path / "a.wav").name for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith(f".a.wav{files.TEMPORARY_MARK}{os.getpid()}-") for name in names)


@pytest.mark.parametrize("kind", ["link", "dangling link", "hard link", "file"])
def test_what_stands_at_the_name_of_the_unfinished_file_is_not_written_to(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = tmp_path / "shared", tmp_path / "other"
    folder.mkdir()
    if kind != "dangling link":
        other.write_bytes(b"precious")
    planted = folder / ".a.bin.tmp-1-0"
    if kind == "file":
        planted.write_bytes(b"precious")
    elif kind == "hard link":
        planted.hardlink_to(other)
    else:
        planted.symlink_to(other)
    monkeypatch.setattr(files, "_temporary", lambda _: planted)
    with pytest.raises(OutputError, match=r"a\.bin: cannot write: file exists"):
        files.write_bytes(folder / "a.bin", b"x")
    assert not (folder / "a.bin").exists()
    assert other.exists() == (kind != "dangling link")
    assert not other.exists() or other.read_bytes() == b"precious"


def test_a_link_at_the_target_is_replaced_and_its_goal_kept(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"precious")
    (tmp_path / "a.bin").symlink_to(tmp_path / "other")
    files.write_bytes(tmp_path / "a.bin", b"x")
    assert (tmp_path / "other").read_bytes() == b"precious"
    assert not (tmp_path / "a.bin").is_symlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes links for other users")
@pytest.mark.parametrize(
    ("owner", "of_the_place", "followed"),
    [(12345, 0, False), (12345, 12346, False), (12345, 12345, True), (0, 12345, True)],
)
def test_a_folder_that_is_a_link_of_another_user_is_refused(
    owner: int, of_the_place: int, followed: bool, tmp_path: Path
) -> None:
    goal, place = tmp_path / "goal", tmp_path / "place"
    for folder in (goal, place):
        folder.mkdir()
    os.chown(place, of_the_place, -1)
    link = place / "out"
    link.symlink_to(goal)
    os.chown(link, owner, -1, follow_symlinks=False)
    for act in (lambda: files.make_folder(link), lambda: files.write_bytes(link / "a", b"x")):
        if followed:
            act()
        else:
            with pytest.raises(OutputError, match="a link of another user \\(id 12345\\)"):
                act()
    assert names(goal) == (["a"] if followed else [])


def test_lines_are_not_added_to_what_a_link_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, path = tmp_path / "other", tmp_path / "lines.jsonl"
    other.write_bytes(b"precious")

    def planted(path: Path, _: bytes) -> None:  # right after the file was put in its place
        path.symlink_to(other)

    monkeypatch.setattr(files, "write_bytes", planted)
    with pytest.raises(OutputError, match=r"lines\.jsonl: cannot write"):
        files.Appender(path)
    assert other.read_bytes() == b"precious"


@pytest.mark.parametrize("rest", ["", "-0011223344556677"])
def test_leftovers_of_living_processes_stay_where_the_lock_is_not_held(
    rest: str, tmp_path: Path
) -> None:
    for process in (1, os.getppid(), 4_190_000):
        (tmp_path / f".a.wav{files.TEMPORARY_MARK}{process}{rest}").write_bytes(b"half")
    files.sweep_temporaries(tmp_path, held=False)
    alive = [f".a.wav{files.TEMPORARY_MARK}{process}{rest}" for process in (1, os.getppid())]
    assert names(tmp_path) == sorted(set(alive))


def test_json_lines_cut_short_or_without_their_integers_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    assert files.read_json_lines(path, ("step",)) == []
    path.write_text('{"step": 1}\n[2]\n{"step": "3"}\n{"other": 4}\n{"step": 5, "x": 0.5}\n{"step"')
    assert files.read_json_lines(path, ("step",)) == [{"step": 1}, {"step": 5, "x": 0.5}]


def test_long_names_that_begin_alike_are_written_apart(tmp_path: Path) -> None:
    long = "ж" * 120  # 240 bytes
    written = [tmp_path / f"{long}{number}.wav" for number in range(2)]
    temporary = {files._temporary(path).name.rpartition("-")[0] for path in written}
    assert len(temporary) == 2  # but for what nobody can guess
    assert max(len(name.encode()) for name in temporary) < 255
    for path in written:
        files.write_bytes(path, path.name.encode())
    assert {path.read_bytes() for path in written} == {path.name.encode() for path in written}
    assert names(tmp_path) == sorted(path.name for path in written)


def test_ctrl_c_in_the_middle_of_a_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_sync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_bytes(tmp_path / "a.bin", b"x")
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", sorted(files.OF_THE_DISK))
def test_what_the_disk_refuses_is_told_apart_from_what_one_file_meets(
    number: int, tmp_path: Path
) -> None:
    error = files.refusal(tmp_path, "cannot write", OSError(number, "No"))
    assert isinstance(error, StorageError)
    assert not isinstance(files.refusal(tmp_path, "x", IsADirectoryError(21, "No")), StorageError)
