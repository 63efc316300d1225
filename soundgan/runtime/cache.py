"""Where the program keeps what it can always find out again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from soundgan.errors import OutputError


def cache_folder() -> Path:
    """``$SOUNDGAN_CACHE``, else the folder for such files of this system; it may not exist yet.

    Raises:
        OutputError: Nothing says where it would be: no such variable, and no home.
    """
    own = os.environ.get("SOUNDGAN_CACHE")
    if own:
        return Path(own)
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():  # the XDG specification ignores any other
        return base / "soundgan"
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", ""))
        if local.is_absolute():
            return local / "soundgan" / "cache"
    try:
        home = Path.home()
    except RuntimeError:
        raise OutputError(
            "no folder for caches: this user has no home; set SOUNDGAN_CACHE to a folder"
        ) from None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "soundgan"
