"""The requests that docs/http.md shows are those that work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.documents import ROOT
from tests.serve.test_run import ended, start

PAGE = (ROOT / "docs" / "http.md").read_text("utf-8")
REQUESTS = re.findall(r"^curl .*$", PAGE, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_request_of_the_page_succeeds(tmp_path: Path) -> None:
    assert len(REQUESTS) >= 3
    process, url = start(tmp_path, "--model", "drums", "--no-browser")
    try:
        for line in REQUESTS:
            asked = line.replace("http://127.0.0.1:8765/", url).replace(
                "curl", "curl -sS --fail", 1
            )
            done = subprocess.run(["bash", "-c", asked], cwd=tmp_path, capture_output=True)
            assert done.returncode == 0, (line, done.stderr)
    finally:
        ended(process)
    assert (tmp_path / "42:kick.wav").read_bytes()[:4] == b"RIFF"
