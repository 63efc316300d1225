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


def passed(folder: Path) -> dict[str, str]:
    return {item.path: item.reason for item in list_files(folder).passed_over}


def lost(folder: Path) -> list[str]:
    return [item.path for item in list_files(folder).passed_over if item.lost]


def test_a_loop_of_links_is_named_and_a_linked_file_is_a_file(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.wav")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "in" / "self").symlink_to(".")
    (tmp_path / "linked.wav").symlink_to(tmp_path / "in" / "a.wav")
    assert list_files(tmp_path).files == ("in/a.wav", "linked.wav")
    assert passed(tmp_path) == {
        "in/loop": "leads back to the start",
        "in/self": "the same folder as in",
    }
    assert not lost(tmp_path)


def test_a_linked_folder_is_followed_wherever_it_lies(tmp_path: Path) -> None:
    touch(tmp_path, "source/kick/a.wav", "disk/snare/deep/b.wav", "disk/other/c.wav")
    (tmp_path / "source" / "snare").symlink_to(tmp_path / "disk" / "snare")
    (tmp_path / "disk" / "snare" / "more").symlink_to("../other")
    listing = list_files(tmp_path / "source")
    assert listing.files == ("kick/a.wav", "snare/deep/b.wav", "snare/more/c.wav")
    assert not listing.passed_over


def test_a_folder_with_two_links_is_read_once_under_the_first_name(tmp_path: Path) -> None:
    touch(tmp_path, "source/a.wav", "disk/b.wav")
    for name in ("two", "one"):
        (tmp_path / "source" / name).symlink_to(tmp_path / "disk")
    assert list_files(tmp_path / "source").files == ("a.wav", "one/b.wav")
    assert passed(tmp_path / "source") == {"two": "the same folder as one"}


def test_a_true_folder_counts_before_a_link_to_it(tmp_path: Path) -> None:
    touch(tmp_path, "z/a.wav")
    (tmp_path / "a").symlink_to("z")
    assert list_files(tmp_path).files == ("z/a.wav",)
    assert passed(tmp_path) == {"a": "the same folder as z"}


def test_links_between_folders_end(tmp_path: Path) -> None:
    for here in "abcdefgh":
        touch(tmp_path, f"disk/{here}/{here}.wav")
        for there in "abcdefgh":
            (tmp_path / "disk" / here / f"to {there}").symlink_to(f"../{there}")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "in").symlink_to(tmp_path / "disk" / "c")
    listing = list_files(tmp_path / "source")
    assert sorted(path.rsplit("/")[-1] for path in listing.files) == [
        f"{x}.wav" for x in "abcdefgh"
    ]
    assert len(listing.passed_over) == 8 * 8 - 7


def test_a_link_to_a_folder_that_holds_it_is_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "private.wav", "source/a.wav", "disk/b.wav", "disk/kick/c.wav")
    (tmp_path / "source" / "up").symlink_to("..")
    (tmp_path / "source" / "kick").symlink_to(tmp_path / "disk" / "kick")
    (tmp_path / "disk" / "kick" / "up").symlink_to("..")
    assert list_files(tmp_path / "source").files == ("a.wav", "kick/c.wav")
    assert passed(tmp_path / "source") == dict.fromkeys(
        ["up", "kick/up"], "a link to a folder that holds it"
    )


def test_links_to_nothing_are_named_and_may_have_been_sounds(tmp_path: Path) -> None:
    for name in ("gone.wav", "snare", "notes.txt"):
        (tmp_path / name).symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    assert passed(tmp_path) == dict.fromkeys(
        ["gone.wav", "snare", "notes.txt", "circle"], "a link to nothing"
    )
    assert lost(tmp_path) == ["circle", "gone.wav", "snare"]


def test_hidden_sounds_are_named_but_not_what_systems_leave(tmp_path: Path) -> None:
    touch(tmp_path, ".old/deep/a.wav", ".git/config", ".b.wav", "._c.wav", ".mac/._d.wav")
    assert passed(tmp_path) == {".old": "hidden, with sounds in it", ".b.wav": "hidden"}


def test_the_order_in_which_a_disk_lists_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "b/1.wav", "a/2.wav", "disk/x/3.wav", "disk/y/4.wav")
    for name, target in (("q", "disk/x"), ("p", "disk"), ("r", "a"), ("s", "gone")):
        (tmp_path / name).symlink_to(target)
    expected = list_files(tmp_path)
    scandir = os.scandir

    class Backwards(list[os.DirEntry[str]]):
        def __enter__(self) -> Backwards:
            return self

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(os, "scandir", lambda path: Backwards(list(scandir(path))[::-1]))
    assert list_files(tmp_path) == expected


def test_a_refused_folder_is_named_with_the_reason_whatever_leads_there(tmp_path: Path) -> None:
    touch(tmp_path, "source/a.wav", "source/run/mark", "source/run/b.wav", "disk/mark")
    (tmp_path / "source" / "link").symlink_to(tmp_path / "disk")
    listing = list_files(
        tmp_path / "source", refuse=lambda _, names: "marked" if "mark" in names else None
    )
    assert listing.files == ("a.wav",)
    assert [(item.path, item.reason) for item in listing.passed_over] == [
        ("link", "marked"), ("run", "marked"),
    ]  # fmt: skip


def test_pipes_and_devices_are_not_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "null.wav").symlink_to("/dev/null")
    assert list_files(tmp_path).files == ("a.wav",)
    assert passed(tmp_path) == dict.fromkeys(["pipe.wav", "null.wav"], "not a regular file")


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
