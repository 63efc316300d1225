from __future__ import annotations

import io
import json

import numpy as np
import pytest
import soundfile

from soundgan.audio.origin import MARK, made_here
from soundgan.audio.wav import encode_audio
from tests.sounds import tone

COMMENT = json.dumps({"label": None, "model": "0" * 64, "seed": 3, "soundgan": "0.1.0"})


def made(content: bytes) -> bool:
    return made_here(lambda count, at: content[at : at + count], len(content))


@pytest.mark.parametrize("format", ["wav", "flac"])
@pytest.mark.parametrize("seconds", [0.1, 30.0])
def test_a_sound_with_its_provenance_inside_is_recognised(format: str, seconds: float) -> None:
    sound = tone(seconds)
    assert made(encode_audio(sound, 8000, format=format, metadata={"comment": COMMENT}))
    assert not made(encode_audio(sound, 8000, format=format, metadata={"software": "soundgan 1"}))


def test_demonstration_sounds_are_not() -> None:
    comment = {"title": "kick 1", "comment": "synthesised by soundgan demo-data, seed 0"}
    assert not made(encode_audio(tone(0.2), 8000, metadata=comment))


@pytest.mark.parametrize("format", ["OGG", "AIFF", "FLAC"])
def test_a_conversion_that_keeps_the_comment_is_recognised(format: str) -> None:
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", 24000, 1, format=format) as file:
        file.comment = COMMENT
        file.write(np.tile(tone(0.5, rate=24000), 8))
    if format == "AIFF" and MARK.encode() not in buffer.getvalue():
        pytest.skip("this libsndfile writes no comments into AIFF")
    assert made(buffer.getvalue())


def test_the_mark_may_stand_in_two_byte_letters() -> None:
    assert made(b"ID3" + bytes(50) + COMMENT.encode("utf-16-le") + bytes(10_000))


def test_the_mark_is_looked_for_at_the_ends_alone() -> None:
    mark = MARK.encode()
    assert made(bytes(200_000) + mark)
    assert made(mark + bytes(200_000))
    assert made(bytes(65_530) + mark + bytes(60_000))
    assert not made(bytes(100_000) + mark + bytes(100_000))
