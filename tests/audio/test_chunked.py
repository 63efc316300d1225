"""Sizes in headers that are unknown, too small or too large: the sound is read to its end."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest

from soundgan.audio import chunked
from soundgan.audio.decode import AudioFile
from soundgan.audio.stream import CorruptAudioError
from tests.audio.odd_files import (
    RATE,
    aiff,
    au,
    caf,
    first_channel,
    pcm,
    rf64,
    samples,
    w64,
    wav,
)


@pytest.mark.parametrize("share", [0, 2, 10])
@pytest.mark.parametrize("order", "<>")
def test_a_size_of_too_few_samples_is_mended(tmp_path: Path, share: int, order: str) -> None:
    content = pcm(order)
    stated = len(content) // share if share else 0
    found, notes = first_channel(tmp_path, wav(stated, content, order=order), strict=True)
    np.testing.assert_array_equal(found, samples())
    assert notes == [f"its header states {stated} bytes of samples; all {len(content)} were read"]


def test_a_size_of_none_before_another_chunk_means_no_samples(tmp_path: Path) -> None:
    content = wav(0, b"LIST" + struct.pack("<I", 26) + b"INFOINAM\x0e\0\0\0a longer title")
    assert len(first_channel(tmp_path, content)[0]) == 0


def test_a_size_that_began_anew_is_mended_whatever_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As at 4 GiB, which the file below is too small for: it is sparse, and not all is read."""
    content, path = pcm(), tmp_path / "a.wav"
    with path.open("wb") as file:
        file.write(wav(len(content), content))
        file.truncate(44 + (1 << 32) + len(content))
        file.seek(0, io.SEEK_END)
        file.write(b"LIST\4\0\0\0INFO")
    with AudioFile(str(path)) as opened:
        layout = chunked.lay_out_wav(opened.read, opened.size)
        block = next(opened.decode().blocks)
    assert layout is not None
    ranges = [part.pieces[-1] for part in layout.parts]
    assert [begin for begin, _ in ranges] == [44, *(end for _, end in ranges[:-1])]
    assert ranges[-1][1] == 44 + (1 << 32) + len(content)
    assert all((end - 44) % (3 * channels) == 0 for _, end in ranges[:-1] for channels in (1, 6, 7))
    np.testing.assert_array_equal(block[:RATE, 0], samples())


@pytest.mark.parametrize(
    "size",
    [
        0x7FFFF000, 0x7FFF0000, 0x80000000, 0xFFFFFF9B, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF - 36,
        0x7FFFFFFF - 44, 0x7FFFFFFF, 0xFFFFFFFF - 78, 0x7FFFFFDB, 0xFFFFF000, 0x7F000000,
    ],
)  # fmt: skip
def test_a_size_that_was_never_known_means_to_the_end(tmp_path: Path, size: int) -> None:
    for content in (
        wav(size, pcm()), wav(size, pcm(">"), order=">"), wav(size, pcm(), riff=0),
        aiff(size, size // 2, pcm(">")), au(size, pcm(">")),
    ):  # fmt: skip
        found, notes = first_channel(tmp_path, content, strict=True)
        np.testing.assert_array_equal(found, samples())
        assert notes == []


@pytest.mark.parametrize(
    "content",
    [
        w64((1 << 63) - 1, pcm(), whole=(1 << 64) - 1),
        w64((1 << 64) - 1, pcm()),
        caf(-1, pcm(">")),
        rf64(-1, pcm()),
        rf64((1 << 63) - 1, pcm()),
        rf64(0xFFFFFFFF, pcm()),
    ],
)
def test_wide_sizes_may_be_unknown_too(tmp_path: Path, content: bytes) -> None:
    found, notes = first_channel(tmp_path, content, strict=True)
    np.testing.assert_array_equal(found, samples())
    assert notes == []


@pytest.mark.parametrize(
    "content",
    [
        rf64(0, pcm()), w64(24, pcm()), w64(0, pcm()), caf(4, pcm(">")), au(0, pcm(">")),
        aiff(8, 0, pcm(">")), aiff(0, 0, pcm(">")), rf64(RATE, pcm()), w64(RATE + 24, pcm()),
        caf(RATE + 4, pcm(">")), au(RATE, pcm(">")), aiff(RATE + 8, RATE // 2, pcm(">")),
    ],
)  # fmt: skip
def test_no_size_or_half_of_it_is_mended_in_every_container(tmp_path: Path, content: bytes) -> None:
    found, notes = first_channel(tmp_path, content)
    np.testing.assert_array_equal(found, samples())
    assert "bytes of samples; all 48000 were read" in notes[0]


def test_a_header_that_a_pipe_holds_three_times_is_read_once(tmp_path: Path) -> None:
    empty = w64(24, b"")
    found, _ = first_channel(tmp_path, empty + empty + pcm() + w64(24 + 2 * RATE, b""))
    np.testing.assert_array_equal(found, samples())


def test_samples_that_spell_a_header_of_another_kind_are_samples(tmp_path: Path) -> None:
    content = b"RIFF\1\2\3\4AVI " + pcm()[12:]
    found, _ = first_channel(tmp_path, wav(0, content))
    np.testing.assert_array_equal(found[6:], samples()[6:])


def test_a_file_that_ends_where_its_samples_would_begin_lacks_nothing() -> None:
    content = wav(0, b"")
    layout = chunked.lay_out_wav(lambda n, at: content[at : at + n], len(content))
    assert layout is not None
    assert (layout.end, layout.notes, layout.loss) == (len(content), (), None)


@pytest.mark.parametrize("extra", [1, 2, 44, 64])
def test_a_few_bytes_too_many_are_a_note(tmp_path: Path, extra: int) -> None:
    found, notes = first_channel(tmp_path, wav(2 * RATE + extra, pcm()), strict=True)
    np.testing.assert_array_equal(found, samples())
    total = 44 + 2 * RATE + extra
    assert notes == [f"{extra} of the {total} bytes that its header promises are missing"]


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WAV of these chunks."""
    inside = b"WAVE" + b"".join(
        name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


FORMAT = (b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16))
OTHER = (b"fmt ", struct.pack("<HHIIHH", 1, 2, 8000, 32000, 4, 16))
SOUND, LIST = (b"data", pcm()), (b"LIST", b"INFOISFT\3\0\0\0ab\0")
NOTHING = (b"data", b"")


@pytest.mark.parametrize(
    "chunks",
    [
        (FORMAT, NOTHING, SOUND),
        (FORMAT, NOTHING, LIST, NOTHING, SOUND, LIST),
        (FORMAT, SOUND, NOTHING),
        (FORMAT, FORMAT, SOUND),
        (FORMAT, LIST, OTHER, OTHER, SOUND, LIST),
        (FORMAT, (b"abcd", b"xyz"), OTHER, NOTHING, SOUND),
    ],
)
def test_the_first_format_and_the_samples_that_there_are_count(
    tmp_path: Path, chunks: tuple[tuple[bytes, bytes], ...]
) -> None:
    found, notes = first_channel(tmp_path, riff(*chunks), strict=True)
    np.testing.assert_array_equal(found, samples())
    assert notes == []


@pytest.mark.parametrize("between", [(), (LIST,), (NOTHING,), (OTHER,)])
def test_several_chunks_of_samples_are_read_in_order(
    tmp_path: Path, between: tuple[tuple[bytes, bytes], ...]
) -> None:
    content = riff(FORMAT, SOUND, *between, (b"data", pcm(hertz=880.0)), LIST)
    found, notes = first_channel(tmp_path, content, strict=True)
    np.testing.assert_array_equal(found, np.concatenate([samples(), samples(880.0)]))
    assert notes == ["2 chunks of samples one behind the other were read as one"]


def test_the_last_of_several_chunks_of_samples_may_be_cut_short(tmp_path: Path) -> None:
    content = riff(FORMAT, SOUND, (b"data", pcm(hertz=880.0)))[:-1000]
    found, notes = first_channel(tmp_path, content)
    np.testing.assert_array_equal(found, np.concatenate([samples(), samples(880.0)])[:-500])
    assert "incomplete: 1000 bytes of the last chunk of samples are missing" in notes
    with pytest.raises(CorruptAudioError, match="1000 bytes of the last chunk"):
        first_channel(tmp_path, content, strict=True)
