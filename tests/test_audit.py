"""The listener of ``tests/audit.py`` hears what it is there for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.audit import recording

OUTSIDE = Path(__file__).parent / "stray"


def make_folder() -> None:
    OUTSIDE.mkdir()
    OUTSIDE.rmdir()


def write() -> None:
    OUTSIDE.write_text("x")
    OUTSIDE.unlink()


def open_low() -> None:
    os.close(os.open(OUTSIDE, os.O_CREAT | os.O_WRONLY))
    OUTSIDE.unlink()


def connect() -> None:
    with socket.socket() as tried:
        tried.settimeout(0.01)
        assert tried.connect_ex(("127.0.0.1", 1))


def look_up() -> None:
    socket.getaddrinfo("127.0.0.1", 80)


@pytest.mark.parametrize("act", [make_folder, write, open_low, connect, look_up])
def test_what_strays_is_heard(act: object, tmp_path: Path) -> None:
    with recording(tmp_path) as strayed:
        act()  # type: ignore[operator]
    assert strayed


def test_what_stays_is_not(tmp_path: Path) -> None:
    with recording(tmp_path) as strayed:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "b").write_text("x")
        (tmp_path / "a" / "b").rename(tmp_path / "c")
        OUTSIDE.exists()
        Path(__file__).read_text()
        for end in socket.socketpair():
            end.close()
    assert strayed == []
