"""A missing or broken torchaudio is named with its remedy."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest

from soundgan.errors import DependencyError
from soundgan.runtime.torchaudio_bridge import load_torchaudio, torchaudio_state


def test_the_state_of_a_working_torchaudio_is_its_version() -> None:
    assert torchaudio_state() == version("torchaudio")
    assert load_torchaudio().__name__ == "torchaudio"


def test_a_broken_torchaudio_is_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchaudio", None)
    with pytest.raises(
        DependencyError, match=r"'griffin_lim', which needs none, or install the pair: pip install"
    ):
        load_torchaudio()
    assert torchaudio_state().startswith(f"{version('torchaudio')}, broken: ")


def test_a_symbol_missing_from_its_library_counts_as_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(name: str) -> None:
        raise OSError("undefined symbol: _ZN3c10\nlong story")

    monkeypatch.setattr("soundgan.runtime.torchaudio_bridge.import_module", refuse)
    with pytest.raises(DependencyError, match=r"imported \(undefined symbol: _ZN3c10\)"):
        load_torchaudio()
