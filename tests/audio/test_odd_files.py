"""What writers, taggers, pipes and accidents do to files, and that the sound in them is read."""

from __future__ import annotations

import io
import random
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from soundgan.audio import chunked, decode
from soundgan.audio.decode import AudioFile, CorruptAudioError, NotAudioError
from soundgan.errors import AudioError
from tests.audio.odd_files import (
    BEFORE,
    BEHIND,
    EVERY,
    LOSSLESS,
    RATE,
    aiff,
    ape,
    au,
    caf,
    encoded,
    flac_stating,
    id3v1,
    id3v2,
    pcm,
    rf64,
    samples,
    untagged,
    w64,
    wav,
)

SLACK = 2 * 1152
"""What an MP3 may have more, where nothing says what its encoder put in front and behind."""


def listen(folder: Path, content: bytes, *, strict: bool = False) -> tuple[np.ndarray, list[str]]:
    """Samples of the first channel, and notes."""
    path = folder / "a"
    path.write_bytes(content)
    with AudioFile(str(path)) as file:
        stream = file.decode(strict=strict)
        return np.concatenate(
            [np.zeros(0, np.float32), *(block[:, 0] for block in stream.blocks)]
        ), stream.notes


class Forward(soundfile.SoundFile):
    """Without the seeking that changes the rounding of MP3."""

    def seekable(self) -> bool:
        return False


def reference(content: bytes) -> np.ndarray:
    with Forward(io.BytesIO(content)) as sound:
        return sound.read(1_000_000, dtype="float32")


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("kind", EVERY)
def test_tags_and_small_rubbish_behind_a_sound_change_nothing(
    tmp_path: Path, kind: str, behind: str
) -> None:
    content = encoded(*EVERY[kind])
    found, notes = listen(tmp_path, content + BEHIND[behind](), strict=True)
    np.testing.assert_array_equal(found, reference(content))
    assert notes == []


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", EVERY)
def test_tags_and_rubbish_before_a_sound_are_passed_over(
    tmp_path: Path, kind: str, before: str
) -> None:
    content = encoded(*EVERY[kind])
    found, notes = listen(tmp_path, BEFORE[before]() + content, strict=True)
    np.testing.assert_array_equal(found, reference(content))
    front = len(BEFORE[before]())
    tags = "ID3" in before or before == "zeros"
    assert notes == ([] if tags else [f"{front} bytes in front of its sound were passed over"])


@pytest.mark.parametrize("between", [b"", id3v1(), id3v2(), id3v1() + id3v2(), ape(), bytes(700)])
@pytest.mark.parametrize("kind", EVERY)
def test_of_files_glued_together_every_one_is_read(
    tmp_path: Path, kind: str, between: bytes
) -> None:
    one, two = encoded(*EVERY[kind]), encoded(*EVERY[kind], hertz=880.0)
    found, notes = listen(tmp_path, one + between + two)
    np.testing.assert_array_equal(found, np.concatenate([reference(one), reference(two)]))
    assert notes == ["2 sounds one behind the other were read as one"]


def test_files_of_different_formats_may_be_glued_together(tmp_path: Path) -> None:
    parts = [encoded(*EVERY[kind]) for kind in ("wav", "aiff", "caf", "vorbis")]
    found, notes = listen(tmp_path, b"".join(parts))
    np.testing.assert_array_equal(found, np.concatenate([reference(part) for part in parts]))
    assert notes == ["4 sounds one behind the other were read as one"]


@pytest.mark.parametrize("kind", ["mp3", "vorbis", "wav"])
def test_a_glued_part_of_another_rate_is_resampled_to_that_of_the_first(
    tmp_path: Path, kind: str
) -> None:
    one, two = encoded(*EVERY[kind]), encoded(*EVERY[kind], hertz=880.0, rate=16_000)
    found, notes = listen(tmp_path, one + two + one, strict=True)
    first, other = reference(one), reference(two)
    expected = soxr.resample(other, 16_000, RATE, quality="HQ")
    np.testing.assert_array_equal(found, np.concatenate([first, expected, first]))
    assert notes == [
        "3 sounds one behind the other were read as one",
        f"1 part at another rate was resampled to {RATE} Hz",
    ]


def test_glued_parts_of_other_rates_and_channels_are_heard_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "BLOCK_SAMPLES", 3000)
    both = np.stack([samples(), samples(880.0)], axis=1)
    parts = []
    for waveform, rate in ((both, RATE), (both[:, 1], RATE // 2), (both, 2 * RATE)):
        buffer = io.BytesIO()
        soundfile.write(buffer, waveform, rate, format="FLAC")
        parts.append(buffer.getvalue())
    path = tmp_path / "a"
    path.write_bytes(b"".join(parts))
    with AudioFile(str(path)) as file:
        stream = file.decode()
        blocks = list(stream.blocks)
    assert all(1 <= block.size <= 3000 and block.shape[1] == 2 for block in blocks)
    found = np.concatenate(blocks)
    assert len(found) == RATE * 7 // 2  # 1, 2 and half a second
    # Half the rate: the tone of 880 Hz is heard an octave lower, in both channels.
    middle = np.abs(np.fft.rfft(found[RATE : 3 * RATE], axis=0)).argmax(axis=0) / 2
    assert middle.tolist() == [440.0, 440.0]
    last = 2 * np.abs(np.fft.rfft(found[3 * RATE :], axis=0)).argmax(axis=0)
    assert last.tolist() == [880.0, 1760.0]
    assert stream.notes[-1] == f"2 parts at other rates were resampled to {RATE} Hz"


def test_a_glued_part_of_no_plausible_rate_is_named_and_not_read(tmp_path: Path) -> None:
    content = encoded("WAV", "PCM_16")
    found, notes = listen(tmp_path, content + content[:24] + struct.pack("<I", 1) + content[28:])
    np.testing.assert_array_equal(found, samples())
    assert notes[-1] == ("its part number 2 is at 1 Hz, which is not plausible, and was not read")


def test_a_glued_part_with_more_channels_is_mixed_to_those_of_the_first(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    both = np.stack([samples(), samples(880.0)], axis=1)
    soundfile.write(buffer, both, RATE, format="FLAC")
    found, _ = listen(tmp_path, encoded("FLAC", "PCM_16") + buffer.getvalue())
    np.testing.assert_allclose(found[RATE:], both.mean(axis=1), atol=1e-7)


def test_a_long_rest_that_is_no_sound_is_named(tmp_path: Path) -> None:
    content = encoded("WAV", "PCM_16")
    for rest in (b"PK\3\4" + bytes(range(256)) * 80, b"some words " * 900):
        found, notes = listen(tmp_path, content + rest)
        np.testing.assert_array_equal(found, samples())
        assert notes == [f"{len(rest)} bytes behind its sound were not read"]


def test_what_follows_a_flac_and_is_no_flac_is_named(tmp_path: Path) -> None:
    found, notes = listen(tmp_path, encoded("FLAC", "PCM_16") + encoded("AIFF", "PCM_16"))
    np.testing.assert_array_equal(found, samples())
    assert notes[0].startswith("about ")
    assert notes[0].endswith(" bytes behind its sound were not read")


@pytest.mark.parametrize("share", [0, 2, 10])
@pytest.mark.parametrize("order", "<>")
def test_a_size_of_too_few_samples_is_mended(tmp_path: Path, share: int, order: str) -> None:
    content = pcm(order)
    stated = len(content) // share if share else 0
    found, notes = listen(tmp_path, wav(stated, content, order=order), strict=True)
    np.testing.assert_array_equal(found, samples())
    assert notes == [f"its header states {stated} bytes of samples; all {len(content)} were read"]


def test_a_size_of_none_before_another_chunk_means_no_samples(tmp_path: Path) -> None:
    content = wav(0, b"LIST" + struct.pack("<I", 26) + b"INFOINAM\x0e\0\0\0a longer title")
    assert len(listen(tmp_path, content)[0]) == 0


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
    assert ranges[0] == (44, 44 + (1 << 30))
    assert ranges[-1] == (44 + (1 << 32), 44 + (1 << 32) + len(content))
    assert len(layout.parts) == 5
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
        found, notes = listen(tmp_path, content, strict=True)
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
    found, notes = listen(tmp_path, content, strict=True)
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
    found, notes = listen(tmp_path, content)
    np.testing.assert_array_equal(found, samples())
    assert "bytes of samples; all 48000 were read" in notes[0]


def test_a_header_that_a_pipe_holds_three_times_is_read_once(tmp_path: Path) -> None:
    empty = w64(24, b"")
    found, _ = listen(tmp_path, empty + empty + pcm() + w64(24 + 2 * RATE, b""))
    np.testing.assert_array_equal(found, samples())


@pytest.mark.parametrize("extra", [1, 2, 44, 64])
def test_a_few_bytes_too_many_are_a_note(tmp_path: Path, extra: int) -> None:
    found, notes = listen(tmp_path, wav(2 * RATE + extra, pcm()), strict=True)
    np.testing.assert_array_equal(found, samples())
    total = 44 + 2 * RATE + extra
    assert notes == [f"{extra} of the {total} bytes that its header promises are missing"]


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_file_cut_short_gives_what_is_there_and_says_so(
    tmp_path: Path, kind: str, kept: float
) -> None:
    content = encoded(*LOSSLESS[kind])
    whole = reference(content)
    cut = content[: int(len(content) * kept)]
    found, notes = listen(tmp_path, cut)
    assert 0.3 * kept < len(found) / len(whole) < 1
    np.testing.assert_array_equal(found, whole[: len(found)])
    assert [note.startswith("truncated: ") for note in notes] == [True]
    with pytest.raises(CorruptAudioError, match=r"truncated: "):
        listen(tmp_path, cut, strict=True)


@pytest.mark.parametrize("kind", ["vorbis", "opus", "mp3"])
def test_a_lossy_file_cut_short_gives_what_is_there_and_says_so(tmp_path: Path, kind: str) -> None:
    content = encoded(*EVERY[kind])
    whole = reference(content)
    cut = content[: len(content) * 9 // 10]
    found, notes = listen(tmp_path, cut)
    assert 0.5 < len(found) / len(whole) < 1
    np.testing.assert_allclose(found[:-1000], whole[: len(found) - 1000], atol=1e-6)
    assert notes[0].startswith("truncated: ")
    with pytest.raises(CorruptAudioError, match=r"truncated: "):
        listen(tmp_path, cut, strict=True)


@pytest.mark.parametrize("stated", [0, 1, RATE // 2, RATE - 1])
def test_a_flac_is_read_to_its_end_whatever_it_states(tmp_path: Path, stated: int) -> None:
    content = flac_stating(stated, encoded("FLAC", "PCM_16"))
    for behind in (b"", id3v1(), ape(header=False)):
        found, notes = listen(tmp_path, content + behind, strict=True)
        np.testing.assert_array_equal(found, samples())
        note = f"its header states {stated} samples; all {RATE} were read"
        assert notes == ([note] if stated else [])


def test_a_flac_of_unknown_length_may_be_cut_short(tmp_path: Path) -> None:
    content = flac_stating(0, encoded("FLAC", "PCM_16"))
    found, notes = listen(tmp_path, content[: len(content) * 3 // 4])
    assert RATE / 2 < len(found) < RATE
    np.testing.assert_array_equal(found, samples()[: len(found)])
    assert notes == ["truncated: its last samples cannot be decoded"]


def noise(seconds: float) -> bytes:
    """A FLAC that does not compress, of many frames."""
    buffer = io.BytesIO()
    waveform = np.random.default_rng(0).normal(0, 0.1, round(RATE * seconds))
    soundfile.write(buffer, waveform, RATE, format="FLAC")
    return buffer.getvalue()


def damaged(content: bytes, place: float) -> bytes:
    at = int(len(content) * place)
    return content[:at] + random.Random(1).randbytes(20) + content[at + 20 :]


@pytest.mark.parametrize("behind", [b"", id3v1()])
@pytest.mark.parametrize("place", [0.1, 0.5])
def test_damage_in_the_middle_of_a_flac_is_no_sound(
    tmp_path: Path, place: float, behind: bytes
) -> None:
    with pytest.raises(CorruptAudioError, match=r"^cannot be decoded: [a-z]"):
        listen(tmp_path, damaged(noise(2.0), place) + behind)


def test_damage_in_a_second_sound_costs_nothing_of_the_first(tmp_path: Path) -> None:
    found, notes = listen(tmp_path, encoded("FLAC", "PCM_16") + damaged(noise(2.0), 0.5))
    np.testing.assert_array_equal(found[:RATE], samples())
    assert any("its part number 2 cannot be decoded: " in note for note in notes)


def test_a_flac_in_ogg_is_read_in_all_its_links(tmp_path: Path) -> None:
    one, two = (ogg_flac(encoded("FLAC", "PCM_16", hertz=hertz)) for hertz in (440.0, 880.0))
    found, _ = listen(tmp_path, one)
    np.testing.assert_array_equal(found, samples())
    found, notes = listen(tmp_path, one + two)
    np.testing.assert_array_equal(found, np.concatenate([samples(), samples(880.0)]))
    assert notes == ["2 sounds one behind the other were read as one"]


def ogg_flac(content: bytes) -> bytes:
    """One page for the description of the stream, others for the rest of it."""
    description = b"\x7fFLAC\1\0\0\1" + content[:42]
    rest = content[42:]
    pieces = [description, *(rest[at : at + 5000] for at in range(0, len(rest), 5000))]
    pages = []
    for number, piece in enumerate(pieces):
        flags = 2 if not number else 4 if number == len(pieces) - 1 else 0
        table = bytes([255] * (len(piece) // 255) + [len(piece) % 255])
        fixed = struct.pack("<BBqIII", 0, flags, 0, 7, number, 0)
        pages.append(b"OggS" + fixed + bytes([len(table)]) + table + piece)
    return b"".join(pages)


def test_another_stream_beside_the_sound_is_left_alone(tmp_path: Path) -> None:
    content = encoded("OGG", "VORBIS")
    edges = [at for at in range(len(content)) if content.startswith(b"OggS\0", at)]
    first, rest = content[: edges[1]], content[edges[1] :]
    head = b"OggS\0\2" + bytes(8) + b"film" + bytes(8) + b"\1\7\x80theora"
    more = b"OggS\0\0" + bytes(8) + b"film" + bytes(8) + b"\1\4abcd"
    found, notes = listen(tmp_path, head + first + more + rest + more)
    np.testing.assert_array_equal(found, reference(content))
    assert notes == []


@pytest.mark.parametrize("mode", ["CONSTANT", "VARIABLE"])
def test_an_mp3_that_does_not_count_its_frames_is_read_to_its_end(
    tmp_path: Path, mode: str
) -> None:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples(), RATE, format="MP3", bitrate_mode=mode)
    bare = untagged(buffer.getvalue())
    for copies in (1, 3):
        found, notes = listen(tmp_path, bare * copies, strict=True)
        assert copies * RATE <= len(found) < copies * (RATE + SLACK)
        assert notes == []


def test_an_mp3_that_counts_too_few_frames_is_read_to_its_end(tmp_path: Path) -> None:
    content = encoded("MP3")
    at = content.index(b"Xing" if b"Xing" in content else b"Info") + 8
    found, _ = listen(tmp_path, content[:at] + struct.pack(">I", 9) + content[at + 4 :])
    assert RATE <= len(found) < RATE + SLACK


@pytest.mark.parametrize(
    "front",
    [
        b"ID3\3\0\0\x7f\x7f\x7f\x7f" + bytes(30),
        b"ID3\3\0\0\0\0\0\5" + b"abc" * 300,
        b"ID3\3\0\0\0\0\xff\xff" + bytes(900),
        b"no tag at all, but many words. " * 400,
        bytes(20_000),
    ],
    ids=["too long", "too short", "not in sevens", "text", "zeros"],
)
def test_an_mp3_is_found_behind_what_players_pass_over(tmp_path: Path, front: bytes) -> None:
    content = encoded("MP3")
    found, _ = listen(tmp_path, front + content)
    np.testing.assert_array_equal(found, reference(content))


def test_rubbish_inside_an_mp3_is_cut_out_and_named(tmp_path: Path) -> None:
    content = encoded("MP3")
    length = len(content) // 2
    found, notes = listen(
        tmp_path, content[:length] + b"a radio's title. " * 200 + content[length:]
    )
    assert abs(len(found) - RATE) < SLACK
    assert any("are no MP3 and were passed over" in note for note in notes)


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
            listen(tmp_path, bytes(content), strict=chance.random() < 0.3)


@pytest.mark.parametrize("kept", range(1, 60, 3))
def test_a_header_cut_anywhere_costs_no_sound_in_front_of_it(tmp_path: Path, kept: int) -> None:
    for kind in EVERY.values():
        content = encoded(*kind)
        for cut in (content[:kept], content + content[:kept]):
            found = np.zeros(0)
            with suppress(AudioError):
                found, _ = listen(tmp_path, cut)
            whole = len(cut) > kept
            assert whole * RATE <= len(found) <= whole * RATE + kept
