"""All sounds of a file are found, whatever lies between them and around them."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from soundgan.audio.decode import AudioFile
from soundgan.audio.stream import NotAudioError
from soundgan.errors import AudioError
from tests.audio.odd_files import (
    EVERY,
    RATE,
    ape,
    encoded,
    first_channel,
    id3v1,
    id3v2,
    reference,
    samples,
)


@pytest.mark.parametrize("between", [b"", id3v1(), id3v2(), id3v1() + id3v2(), ape(), bytes(700)])
@pytest.mark.parametrize("kind", EVERY)
def test_of_files_glued_together_every_one_is_read(
    tmp_path: Path, kind: str, between: bytes
) -> None:
    one, two = encoded(*EVERY[kind]), encoded(*EVERY[kind], hertz=880.0)
    found, notes = first_channel(tmp_path, one + between + two)
    np.testing.assert_array_equal(found, np.concatenate([reference(one), reference(two)]))
    assert notes == ["2 sounds one behind the other were read as one"]


def test_files_of_different_formats_may_be_glued_together(tmp_path: Path) -> None:
    parts = [encoded(*EVERY[kind]) for kind in ("wav", "aiff", "caf", "vorbis")]
    found, notes = first_channel(tmp_path, b"".join(parts))
    np.testing.assert_array_equal(found, np.concatenate([reference(part) for part in parts]))
    assert notes == ["4 sounds one behind the other were read as one"]


def test_a_long_rest_that_is_no_sound_is_named(tmp_path: Path) -> None:
    content = encoded("WAV", "PCM_16")
    for rest in (b"PK\3\4" + bytes(range(256)) * 80, b"some words " * 900):
        found, notes = first_channel(tmp_path, content + rest)
        np.testing.assert_array_equal(found, samples())
        assert notes == [f"{len(rest)} bytes behind its sound were not read"]


@pytest.mark.parametrize(
    "front", [b"PK\3\4", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"RIFF\0\1\0\0WEBP", b"MThd\0\0\0\6"]
)
def test_a_sound_inside_a_file_of_another_kind_is_left_alone(tmp_path: Path, front: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(front + bytes(60) + encoded("WAV", "PCM_16"))
    with (
        AudioFile(str(path)) as file,
        pytest.raises(NotAudioError, match=r"no audio format|no sound"),
    ):
        file.decode()


def test_whatever_bytes_a_file_has_it_gives_samples_or_a_reason(tmp_path: Path) -> None:
    chance = random.Random(11)
    seeds = [encoded(*kind)[:9000] for kind in EVERY.values()]
    for _ in range(400):
        content = bytearray(chance.choice(seeds) + chance.choice([b"", chance.choice(seeds)]))
        for _ in range(chance.randrange(8)):
            at = chance.randrange(min(len(content), chance.choice([60, 300, 9000])))
            change = chance.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", chance.randbytes(2), b""])
            content[at : at + chance.choice([len(change), 50])] = change
        with suppress(AudioError):
            first_channel(tmp_path, bytes(content), strict=chance.random() < 0.3)


@pytest.mark.parametrize("kept", range(1, 60, 3))
def test_a_header_cut_anywhere_costs_no_sound_in_front_of_it(tmp_path: Path, kept: int) -> None:
    for kind in EVERY.values():
        content = encoded(*kind)
        for cut in (content[:kept], content + content[:kept]):
            found = np.zeros(0)
            with suppress(AudioError):
                found, _ = first_channel(tmp_path, cut)
            whole = len(cut) > kept
            assert whole * RATE <= len(found) <= whole * RATE + kept
