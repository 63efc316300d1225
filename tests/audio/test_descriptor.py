"""Reading anywhere in an open file, on this system and as Windows would."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from soundgan.audio import descriptor as module

CONTENT = bytes(range(256)) + b"\r\n\x1a"


@pytest.mark.parametrize("system", [sys.platform, "win32"])
def test_any_bytes_are_read_from_any_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    opened, size = module.open_to_read(str(tmp_path / "a"))
    monkeypatch.setattr(sys, "platform", system)
    try:
        found = [module.read_at(opened, 4, position) for position in (255, 0, 3, len(CONTENT))]
    finally:
        os.close(opened)
    assert size == len(CONTENT)
    assert found == [b"\xff\r\n\x1a", b"\0\1\2\3", b"\3\4\5\6", b""]


def test_a_pipe_in_the_place_of_a_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no longer a regular file"):
        module.open_to_read(str(tmp_path / "pipe"))
