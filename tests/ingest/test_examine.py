"""Verdicts and clips of single files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundgan.audio.decode import AudioFile
from soundgan.ingest import examine as module
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.examine import examine
from soundgan.ingest.record import FileRecord
from tests.sounds import RATE, silence, tone, write

N = 4096
PEAK = 10 ** (-1 / 20)


def recipe(**changes: Any) -> ClipRecipe:
    values: dict[str, Any] = {
        "sample_rate": RATE,
        "n_samples": N,
        "trim_db": 40.0,
        "normalise": "peak",
        "slice": False,
    }
    return ClipRecipe(**(values | changes))


def look(path: Path, wanted: ClipRecipe | None = None) -> tuple[FileRecord, np.ndarray]:
    clips: list[np.ndarray] = []
    wanted = wanted or recipe()
    with AudioFile(str(path)) as file:
        record = examine(file, file.sha256(), wanted, clips.append, lambda: None)
    shape = (len(clips), wanted.n_samples)
    return record, np.array(clips, np.float64).reshape(shape) / 32768


def test_a_short_sound_is_padded_with_silence(tmp_path: Path) -> None:
    record, [clip] = look(write(tmp_path / "a.wav", tone(0.25)))
    assert (record.verdict, record.reason, record.starts) == ("padded", "", (0,))
    assert not clip[2000:].any()
    np.testing.assert_allclose(clip[:2000], PEAK * tone(0.25, level=1.0), atol=2e-3)


def test_a_sound_as_long_as_the_clip_is_kept(tmp_path: Path) -> None:
    for extra in (-39, 0, 40):
        record, clips = look(write(tmp_path / "a.wav", tone((N + extra) / RATE)))
        assert (record.verdict, len(clips)) == ("kept", 1)


def test_of_a_long_sound_the_loudest_window_is_taken_and_faded(tmp_path: Path) -> None:
    waveform = np.concatenate([tone(1.0, level=0.1), tone(0.3, level=0.9), tone(1.0, level=0.1)])
    record, [clip] = look(write(tmp_path / "a.wav", waveform))
    assert record.verdict == "trimmed"
    assert record.reason.startswith("the loudest 0.512 s of 2.300 s, from 0.99")
    loud = np.abs(clip) > 0.5
    assert 0 < np.flatnonzero(loud)[0] < 100
    assert np.flatnonzero(loud)[-1] < 2600
    assert np.abs(clip[-8:]).max() < 0.01


def test_a_clip_that_starts_inside_a_sound_is_faded_in(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    noise = rng.uniform(-0.2, 0.2, 12_000).astype(np.float32)
    noise[6000:8000] *= 4
    record, [clip] = look(write(tmp_path / "a.wav", noise))
    assert record.starts[0] > 0
    ends = [np.abs(clip[:4]).max(), np.abs(clip[-4:]).max()]
    assert max(ends) < 0.02 < np.abs(clip[100:200]).mean()


def test_every_clip_peaks_at_one_decibel_below_full_scale(tmp_path: Path) -> None:
    for level in (0.003, 0.3, 0.99):
        _, [clip] = look(write(tmp_path / "a.wav", tone(0.3, level=level)))
        assert np.abs(clip).max() == pytest.approx(PEAK, abs=2e-5)


def test_the_level_stays_where_it_is_not_to_be_normalised(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.3, level=0.123))
    _, [clip] = look(path, recipe(normalise="none"))
    assert np.abs(clip).max() == pytest.approx(0.123, abs=1e-3)


def test_a_float_file_beyond_full_scale_is_lowered_to_fit(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.3, level=4.0), subtype="FLOAT")
    record, [clip] = look(path, recipe(normalise="none"))
    assert record.peak_db == pytest.approx(12.04, abs=0.1)
    assert np.abs(clip).max() == pytest.approx(1.0, abs=1e-3)
    assert (np.abs(clip) > 0.9999).mean() < 0.1


def test_a_constant_part_is_removed(tmp_path: Path) -> None:
    record, [clip] = look(write(tmp_path / "a.wav", tone(0.5, level=0.3) + np.float32(0.2)))
    assert record.dc_offset == pytest.approx(0.2, abs=1e-4)
    assert clip.mean() == pytest.approx(0, abs=1e-3)


def test_silence_at_both_ends_is_taken_off_and_counted(tmp_path: Path) -> None:
    waveform = np.concatenate([silence(0.7), tone(0.3), silence(1.0)])
    record, [clip] = look(write(tmp_path / "a.wav", waveform))
    assert record.starts == (5600 - 40,)
    assert record.silence_trimmed_seconds == pytest.approx(1.7, abs=2e-4)
    assert record.source_seconds == 2.0
    assert np.flatnonzero(np.abs(clip) > 0.3)[0] < 60


def test_channels_are_mixed_and_rates_changed(tmp_path: Path) -> None:
    left = tone(0.3, rate=44100, hertz=500)
    path = write(tmp_path / "a.flac", np.stack([left, 0 * left], axis=1), 44100)
    record, [clip] = look(path)
    assert (record.source_rate, record.channels, record.format) == (44100, 2, "FLAC PCM_16")
    spectrum = np.abs(np.fft.rfft(clip[:2048] * np.hanning(2048)))
    assert spectrum.argmax() * RATE / 2048 == pytest.approx(500, abs=4)


def test_slices_keep_their_levels_beside_each_other(tmp_path: Path) -> None:
    waveform = np.concatenate([tone(N / RATE, level=0.2), tone(N / RATE, level=0.8)])
    record, clips = look(write(tmp_path / "a.wav", waveform), recipe(slice=True))
    assert record.verdict == "sliced"
    assert record.starts == (0, N // 40 * 40 - 40)
    peaks = np.abs(clips).max(axis=1)
    assert peaks[0] == pytest.approx(PEAK / 4, abs=2e-3)
    assert peaks[1] == pytest.approx(PEAK, abs=2e-3)


def test_a_long_file_is_cut_the_same_whether_held_or_decoded_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    noise = rng.normal(0, 0.1, 22_050 * 9).astype(np.float32)
    path = write(tmp_path / "a.wav", noise * np.linspace(1, 3, len(noise), dtype=np.float32), 22050)
    decoded: list[None] = []
    decode = AudioFile.decode

    def counted(file: AudioFile, **options: Any) -> Any:
        decoded.append(None)
        return decode(file, **options)

    monkeypatch.setattr(AudioFile, "decode", counted)
    for wanted in (recipe(), recipe(slice=True)):
        decoded.clear()
        held = look(path, wanted)
        assert len(decoded) == 1
        with monkeypatch.context() as patch:
            patch.setattr(module, "KEPT_SAMPLES", 1000)
            patch.setattr("soundgan.audio.decode.BLOCK_SAMPLES", 5000)
            twice = look(path, wanted)
        assert len(decoded) == 3
        assert held[0] == twice[0]
        np.testing.assert_array_equal(held[1], twice[1])


@pytest.mark.parametrize(
    ("waveform", "subtype", "verdict", "reason"),
    [
        (silence(1.0), "PCM_16", "silent", "its loudest moment is at -120.0 dBFS"),
        (tone(1.0, level=1e-4), "FLOAT", "silent", "its loudest moment is at -8"),
        (np.full(8000, 0.4, np.float32), "FLOAT", "silent", "its loudest moment is at -120.0 dBFS"),
        (np.zeros(0, np.float32), "PCM_16", "too short", "it holds no samples"),
        (tone(0.004), "PCM_16", "too short", "4.0 ms of sound"),
        (np.array([0, 0, 0.9] + [0] * 900, np.float32), "FLOAT", "too short", "5.0 ms of sound"),
        (np.array([0.1, np.nan, 0.2, -np.inf], np.float32), "FLOAT", "corrupt",
         "2 of its 4 samples are not finite"),
    ],
)  # fmt: skip
def test_a_file_without_usable_sound_says_why(
    tmp_path: Path, waveform: np.ndarray, subtype: str, verdict: str, reason: str
) -> None:
    record, clips = look(write(tmp_path / "a.wav", waveform, subtype=subtype))
    assert record.verdict == verdict
    assert record.reason.startswith(reason)
    assert (len(clips), record.starts, record.decoded_sha256) == (0, (), None)


def test_channels_that_cancel_out_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.stack([tone(0.5), -tone(0.5)], axis=1))
    record, _ = look(path)
    assert record.verdict == "silent"
    assert record.reason.endswith("its channels cancel out, `channel=left` takes one of them")


@pytest.mark.parametrize(("channel", "number"), [("left", 0), ("right", 1)])
def test_one_channel_of_a_file_gives_the_clip_that_it_gives_alone(
    tmp_path: Path, channel: str, number: int
) -> None:
    both = np.stack([tone(0.1), -tone(0.2, level=0.4)[:800]], axis=1)
    record, clips = look(write(tmp_path / "a.wav", both), recipe(channel=channel))
    alone, expected = look(write(tmp_path / "b.wav", both[:, number]))
    np.testing.assert_array_equal(clips, expected)
    assert record.decoded_sha256 == alone.decoded_sha256
    assert record.mix_db is None


def test_a_silent_channel_that_was_asked_for_names_the_other(tmp_path: Path) -> None:
    both = np.stack([tone(0.1), silence(0.1)], axis=1)
    record, _ = look(write(tmp_path / "a.wav", both), recipe(channel="right"))
    assert record.verdict == "silent"
    assert record.reason.endswith("its sound is in another channel, `channel=mix` takes all")


def test_flattened_peaks_are_used_but_named(tmp_path: Path) -> None:
    record, clips = look(write(tmp_path / "a.wav", np.clip(tone(0.3, level=2.0), -1, 1)))
    assert (record.verdict, len(clips)) == ("clipped", 1)
    assert record.clipped_share == pytest.approx(2 / 3, abs=0.05)
    assert "lie in flattened peaks" in record.reason


def test_the_same_samples_in_another_container_have_the_same_hash(tmp_path: Path) -> None:
    waveform = (np.round(tone(0.3) * 32768) / 32768).astype(np.float32)
    hashes = {
        look(write(tmp_path / f"a.{form}", waveform, format=form))[0].decoded_sha256
        for form in ("wav", "flac", "aiff")
    }
    assert len(hashes) == 1


def test_a_float_file_of_enormous_values_is_handled_like_any_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.3, level=1e30), subtype="FLOAT")
    _, [clip] = look(path)
    assert np.abs(clip).max() == pytest.approx(PEAK, abs=1e-3)


@pytest.mark.parametrize(("value", "said"), [(1e30, "1e+30"), (-250.0, "250")])
def test_a_single_enormous_sample_is_named(tmp_path: Path, value: float, said: str) -> None:
    waveform = tone(0.3)
    waveform[1000] = value
    record, clips = look(write(tmp_path / "a.wav", waveform, subtype="FLOAT"))
    assert not len(clips)
    assert record.verdict == "too short"
    assert record.reason == f"a sample of {said} drowns all others; full scale is 1"


def test_the_recipe_s_fingerprint_changes_with_every_part_of_it() -> None:
    variants = [
        recipe(),
        recipe(sample_rate=16000),
        recipe(n_samples=128),
        recipe(trim_db=41.0),
        recipe(normalise="none"),
        recipe(channel="left"),
        recipe(strict=True),
    ]
    assert len({variant.fingerprint for variant in variants}) == len(variants)


def test_whether_a_file_is_cut_up_stands_in_its_record_and_key(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.3))
    one, other = (look(path, recipe(slice=cut))[0] for cut in (False, True))
    assert recipe().fingerprint == recipe(slice=True).fingerprint
    assert (one.cut_up, other.cut_up) == (False, True)
    assert one.source_sha256 == other.source_sha256
    assert one.key != other.key
    assert recipe().fingerprint == recipe().fingerprint


def test_a_file_of_nothing_but_a_constant_says_so(tmp_path: Path) -> None:
    waveform = np.concatenate([silence(0.5), np.full(4000, 0.4, np.float32), silence(0.5)])
    record, _ = look(write(tmp_path / "a.wav", waveform, subtype="FLOAT"))
    assert record.verdict == "silent"
    assert record.reason.endswith("it holds a constant of 0.4 and nothing else")


def test_channels_with_different_constants_give_the_clip_of_the_sound_alone(
    tmp_path: Path,
) -> None:
    sound = tone(0.25, hertz=100) * np.exp(-np.arange(2000) / 400).astype(np.float32)
    both = np.stack([sound + np.float32(0.1), sound - np.float32(0.02)], axis=1)
    padded = np.concatenate([np.zeros((4007, 2), np.float32), both, np.zeros((777, 2), np.float32)])
    tight_record, [tight] = look(write(tmp_path / "tight.wav", both, subtype="FLOAT"))
    record, [clip] = look(write(tmp_path / "padded.wav", padded, subtype="FLOAT"))
    assert record.dc_offset == tight_record.dc_offset == pytest.approx(both.mean(), abs=1e-4)
    lead = 4007 - record.starts[0]
    np.testing.assert_allclose(clip[lead : lead + 2000], tight[:2000], atol=1e-3)
    assert not clip[:lead].any()


def test_what_no_clip_holds_is_counted_without_the_silence_between(tmp_path: Path) -> None:
    sounds = [tone(0.1), silence(1.0), tone(0.5, level=0.9), silence(1.0), tone(0.2)]
    path = write(tmp_path / "a.wav", np.concatenate(sounds))
    clip = N / RATE
    record, _ = look(path)
    assert (record.verdict, record.used_seconds) == ("trimmed", clip)
    assert record.unused_seconds == pytest.approx(0.8 - clip, abs=0.02)
    record, _ = look(path, recipe(slice=True))
    assert record.used_seconds == pytest.approx(0.3 + clip, abs=0.05)
    assert record.unused_seconds == pytest.approx(0.5 - clip, abs=0.02)
    record, _ = look(write(tmp_path / "b.wav", tone(0.2)))
    assert (record.used_seconds, record.unused_seconds) == (0.2, 0.0)


@pytest.mark.parametrize("rate", [44100, 11025, 16000])
def test_a_step_at_the_edge_of_silence_leaves_no_offset_at_another_rate(
    tmp_path: Path, rate: int
) -> None:
    sound = tone(0.25, hertz=200, rate=rate) * np.exp(-16 * np.arange(round(0.25 * rate)) / rate)
    waveform = np.concatenate([silence(0.31, rate=rate), sound + 0.1, silence(0.4, rate=rate)])
    path = write(tmp_path / "a.wav", waveform.astype(np.float32), rate, subtype="FLOAT")
    record, [clip] = look(path)
    lead = round(0.31 * RATE) - record.starts[0]
    # What rings before and behind a step of a tenth is a tenth of that, and only near it.
    assert np.abs(clip[: lead - 1]).max() < 0.02
    assert np.abs(clip[: lead - 20]).mean() < 0.002
    assert np.abs(clip[lead + 2000 + 2 :]).max() < 0.02
    assert record.dc_offset == pytest.approx(0.1, abs=2e-3)


@pytest.mark.parametrize("around", [(0, 0), (4000, 8000), (4011, 3), (30, 777), (0, 100)])
def test_a_sound_as_long_as_the_clip_is_kept_whole_whatever_silence_is_around_it(
    tmp_path: Path, around: tuple[int, int]
) -> None:
    sound = np.cos(np.arange(N) * 0.3).astype(np.float32) * np.float32(0.5)
    waveform = np.concatenate([np.zeros(around[0]), sound, np.zeros(around[1])])
    record, [clip] = look(write(tmp_path / "a.wav", waveform.astype(np.float32)))
    assert (record.verdict, record.sound_seconds) == ("kept", N / RATE)
    np.testing.assert_allclose(clip, PEAK / 0.5 * sound, atol=4e-3)


@pytest.mark.parametrize("rate", [RATE, 11025, 6000])
@pytest.mark.parametrize("constant", [0.3, -0.02])
def test_a_constant_is_silence_at_every_rate(tmp_path: Path, rate: int, constant: float) -> None:
    path = write(tmp_path / "a.wav", np.full(rate, constant, np.float32), rate, subtype="FLOAT")
    record, clips = look(path)
    assert record.verdict == "silent"
    assert "it holds a constant of" in record.reason
    assert not len(clips)


@pytest.mark.parametrize("rate", [11025, 48000])
def test_a_constant_part_changes_no_clip_at_another_rate(tmp_path: Path, rate: int) -> None:
    time = np.arange(round(0.2 * rate)) / rate
    hit = 0.6 * np.sin(2 * np.pi * 300 * time) * np.exp(-25 * time)
    clips = []
    for constant in (0.0, 0.1, -0.2):
        path = write(tmp_path / "a.wav", (hit + constant).astype(np.float32), rate, subtype="FLOAT")
        record, [clip] = look(path)
        assert record.dc_offset == pytest.approx(constant + hit.mean(), abs=0.002)
        clips.append(clip)
    for clip in clips[1:]:
        np.testing.assert_allclose(clip, clips[0], atol=0.01)
        assert abs(clip[0] - clips[0][0]) < 0.01
