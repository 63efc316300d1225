"""A decoder is read to its end, or to where its file was cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundgan.audio.stream import CorruptAudioError
from tests.audio.odd_files import (
    EVERY,
    LOSSLESS,
    encoded,
    first_channel,
    reference,
)


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_file_cut_short_gives_what_is_there_and_says_so(
    tmp_path: Path, kind: str, kept: float
) -> None:
    content = encoded(*LOSSLESS[kind])
    whole = reference(content)
    cut = content[: int(len(content) * kept)]
    found, notes = first_channel(tmp_path, cut)
    assert 0.3 * kept < len(found) / len(whole) < 1
    np.testing.assert_array_equal(found, whole[: len(found)])
    assert [note.startswith("incomplete: ") for note in notes] == [True]
    with pytest.raises(CorruptAudioError, match=r"incomplete: "):
        first_channel(tmp_path, cut, strict=True)


@pytest.mark.parametrize("kind", ["vorbis", "opus", "mp3"])
def test_a_lossy_file_cut_short_gives_what_is_there_and_says_so(tmp_path: Path, kind: str) -> None:
    content = encoded(*EVERY[kind])
    whole = reference(content)
    cut = content[: len(content) * 9 // 10]
    found, notes = first_channel(tmp_path, cut)
    assert 0.5 < len(found) / len(whole) < 1
    np.testing.assert_allclose(found[:-1000], whole[: len(found) - 1000], atol=1e-6)
    assert notes[0].startswith("incomplete: ")
    with pytest.raises(CorruptAudioError, match=r"incomplete: "):
        first_channel(tmp_path, cut, strict=True)
