from __future__ import annotations

import pytest

import soundgan


def test_a_split_that_is_none_is_refused() -> None:
    with pytest.raises(soundgan.SoundGANError, match="`split`: 'train' is not test or validation"):
        soundgan.evaluate("drums", split="train")  # type: ignore[arg-type]
