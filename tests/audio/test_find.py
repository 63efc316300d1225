from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundgan.audio.find import display, list_files
from soundgan.errors import UsageError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_files_come_in_the_order_of_their_bytes_wherever_they_lie(tmp_path: Path) -> None:
    names = ["b.wav", "a/z.wav", "a.wav", "a/b/c.wav", "é.wav", "B.wav", "a-b.wav"]
    random.Random(3).shuffle(names)
    touch(tmp_path, *names)
    expected = ("B.wav", "a-b.wav", "a.wav", "a/b/c.wav", "a/z.wav", "b.wav", "é.wav")
    assert list_files(tmp_path).files == expected


def test_hidden_files_and_folders_are_not_listed(tmp_path: Path) -> None:
    touch(tmp_path, ".DS_Store", "._a.wav", ".cache/a.wav", "a.wav")
    assert list_files(tmp_path).files == ("a.wav",)


def test_a_loop_of_links_is_not_entered_and_a_linked_file_is_a_file(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.wav")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "linked.wav").symlink_to(tmp_path / "in" / "a.wav")
    (tmp_path / "broken.wav").symlink_to(tmp_path / "nowhere")
    assert list_files(tmp_path).files == ("in/a.wav", "linked.wav")


def test_pipes_and_devices_are_not_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "null.wav").symlink_to("/dev/null")
    assert list_files(tmp_path).files == ("a.wav",)


def test_the_folder_left_out_is_recognised_under_another_name(tmp_path: Path) -> None:
    touch(tmp_path, "prepared/clips.wav", "a.wav")
    (tmp_path / "other").symlink_to(tmp_path)
    assert list_files(tmp_path, without=tmp_path / "other" / "prepared").files == ("a.wav",)


def test_names_that_are_no_text_are_found_and_shown(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.wav"
    with open(raw, "wb"):
        pass
    [name] = list_files(tmp_path).files
    assert os.fsencode(name) == b"caf\xe9.wav"
    assert display(name) == r"caf\xe9.wav"


@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw))
def test_whatever_the_bytes_the_shown_name_is_text(raw: bytes) -> None:
    display(os.fsdecode(raw)).encode("utf-8")


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "closed/a.wav", "b.wav")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = list_files(tmp_path)
    assert (listing.files, listing.unreadable) == (("b.wav",), ("closed/",))


def test_a_file_or_nothing_is_not_a_folder(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav")
    with pytest.raises(UsageError, match="is a file; give the folder"):
        list_files(tmp_path / "a.wav")
    with pytest.raises(UsageError, match="no such folder"):
        list_files(tmp_path / "b")
