from __future__ import annotations

import sys
from pathlib import Path

import pytest

from soundgan.errors import OutputError
from soundgan.runtime.cache import cache_folder

SYSTEM = "Library/Caches" if sys.platform == "darwin" else ".cache"


@pytest.mark.parametrize(
    ("own", "xdg", "expected"),
    [
        ("/here", "/there", "/here"),
        (None, "/there", "/there/soundgan"),
        ("", "/there", "/there/soundgan"),
        (None, "not/absolute", f"/home/somebody/{SYSTEM}/soundgan"),
        (None, None, f"/home/somebody/{SYSTEM}/soundgan"),
    ],
)
def test_the_cache_is_where_the_most_particular_setting_says(
    own: str | None, xdg: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    for name, value in (("SOUNDGAN_CACHE", own), ("XDG_CACHE_HOME", xdg)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert cache_folder() == Path(expected)


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("SOUNDGAN_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(OutputError, match="set SOUNDGAN_CACHE"):
        cache_folder()
