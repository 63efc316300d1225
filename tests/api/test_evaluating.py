from __future__ import annotations

import subprocess
import sys

import pytest

import soundgan


def test_a_split_that_is_none_is_refused() -> None:
    with pytest.raises(soundgan.SoundGANError, match="`split`: 'train' is not test or validation"):
        soundgan.evaluate("drums", split="train")  # type: ignore[arg-type]


def test_what_is_not_there_is_said_before_torch_is_loaded() -> None:
    program = (
        "import sys, soundgan\n"
        "try:\n    soundgan.evaluate('nowhere')\n"
        "except soundgan.SoundGANError as error:\n    print(error, 'torch' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout == (
        "nowhere: not there; name a run, a model file or a folder of WAV and FLAC False\n"
    )
