"""Chunks for samplers, byte for byte as their specifications say."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import soundfile

from soundgan.audio.wav import encode_audio, read_metadata
from soundgan.audio.wav_chunks import cue_chunks, key_chunks


def chunks_of(content: bytes) -> dict[bytes, bytes]:
    """A strict reader of RIFF: even places, nothing left over."""
    assert content[:4] == b"RIFF"
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8
    found, at = {}, 12
    while at < len(content):
        name, size = struct.unpack("<4sI", content[at : at + 8])
        found[name + content[at + 8 : at + 12] if name == b"LIST" else name] = content[
            at + 8 : at + 8 + size
        ]
        at += 8 + size + size % 2
    assert at == len(content)
    return found


def test_a_key_is_told_in_smpl_and_inst(tmp_path: Path) -> None:
    samples = np.zeros(11, np.float32)
    content = encode_audio(
        samples,
        22050,
        subtype="PCM_24",
        metadata={"comment": "x"},
        chunks=key_chunks(22050, 38),
    )
    found = chunks_of(content)
    assert list(found) == [b"fmt ", b"data", b"smpl", b"inst", b"LISTINFO"]
    assert struct.unpack("<9I", found[b"smpl"]) == (0, 0, 45351, 38, 0, 0, 0, 0, 0)
    assert tuple(found[b"inst"]) == (38, 0, 0, 38, 38, 1, 127)
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert soundfile.info(path).frames == 11
    assert "Midi Note    : 38" in soundfile.info(path, verbose=True).extra_info
    assert read_metadata(path) == {"comment": "x"}


def test_cues_stand_where_sounds_begin_and_are_named(tmp_path: Path) -> None:
    content = encode_audio(
        np.zeros(100, np.float32),
        8000,
        metadata={"title": "t"},
        chunks=cue_chunks([0, 60], ["a", "bc"]),
    )
    found = chunks_of(content)
    assert struct.unpack("<I", found[b"cue "][:4]) == (2,)
    second = struct.unpack("<II4sIII", found[b"cue "][28:])
    assert second == (2, 60, b"data", 0, 0, 60)
    labels = found[b"LISTadtl"]
    assert labels == b"adtllabl\x06\0\0\0\x01\0\0\0a\0labl\x07\0\0\0\x02\0\0\0bc\0\0"
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert read_metadata(path) == {"title": "t"}
    assert "Count" in soundfile.info(path, verbose=True).extra_info
