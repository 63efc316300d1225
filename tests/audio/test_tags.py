"""What stands before and behind a sound is passed over, and the sound is what it is alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.audio.odd_files import (
    BEFORE,
    BEHIND,
    EVERY,
    encoded,
    first_channel,
    reference,
)


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("kind", EVERY)
def test_tags_and_small_rubbish_behind_a_sound_change_nothing(
    tmp_path: Path, kind: str, behind: str
) -> None:
    content = encoded(*EVERY[kind])
    found, notes = first_channel(tmp_path, content + BEHIND[behind](), strict=True)
    np.testing.assert_array_equal(found, reference(content))
    assert notes == []


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", EVERY)
def test_tags_and_rubbish_before_a_sound_are_passed_over(
    tmp_path: Path, kind: str, before: str
) -> None:
    content = encoded(*EVERY[kind])
    found, notes = first_channel(tmp_path, BEFORE[before]() + content, strict=True)
    np.testing.assert_array_equal(found, reference(content))
    front = len(BEFORE[before]())
    tags = "ID3" in before or before == "zeros"
    assert notes == ([] if tags else [f"{front} bytes in front of its sound were passed over"])
