from __future__ import annotations

import os
import random

import pytest

from soundgan.runtime.imports import leaving_no_trace


def test_variables_and_the_random_stream_are_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDGAN_NEW", raising=False)
    monkeypatch.setenv("SOUNDGAN_OLD", "kept")
    before = random.getstate()
    with leaving_no_trace():
        os.environ["SOUNDGAN_NEW"] = "1"
        random.random()
    assert random.getstate() == before
    assert "SOUNDGAN_NEW" not in os.environ
    assert os.environ["SOUNDGAN_OLD"] == "kept"
