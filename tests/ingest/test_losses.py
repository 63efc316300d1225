"""What is said to be lost, against files whose losses are known."""

from __future__ import annotations

from typing import Any

import pytest

from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.ledger import Entry
from soundgan.ingest.losses import Loss, list_losses
from soundgan.ingest.record import FileRecord


def recipe(**changes: Any) -> ClipRecipe:
    values: dict[str, Any] = {
        "sample_rate": 44_100, "n_samples": 44_100, "trim_db": 40.0, "normalise": "peak",
        "slice": False,
    }  # fmt: skip
    return ClipRecipe(**(values | changes))


def used(number: int, split: str = "train", **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "source_sha256": f"{number:064x}", "bytes": 9, "verdict": "padded", "reason": "",
        "source_rate": 44_100, "channels": 1, "sound_seconds": 0.5, "used_seconds": 0.5,
        "unused_seconds": 0.0, "peak_db": -3.0, "starts": (0,),
    }  # fmt: skip
    record = FileRecord(**(values | changes))
    splits = (split,) * len(record.starts)
    return Entry(f"{number}.wav", record, record.verdict, "", None, None, splits)  # type: ignore[arg-type]


def left_out(number: int, verdict: str, path: str = "") -> Entry:
    record = FileRecord(source_sha256=None, bytes=0, verdict=verdict, reason="because")  # type: ignore[arg-type]
    return Entry(path or f"{number}.wav", record, record.verdict, "because", None, None, ())


def losses(entries: list[Entry], **changes: Any) -> dict[str, Loss]:
    found = list_losses(entries, recipe(**changes))
    assert len({loss.kind for loss in found}) == len(found)
    return {loss.kind: loss for loss in found}


PLAIN = [used(number) for number in range(7)]


def test_where_everything_is_used_nothing_is_lost() -> None:
    assert losses(PLAIN) == {}


def test_what_is_longer_than_a_clip_is_counted_in_files_and_seconds() -> None:
    long = used(9, verdict="trimmed", sound_seconds=3.02, used_seconds=1.0, unused_seconds=1.5)
    cut = losses([*PLAIN, long])["cut"]
    assert (cut.files, cut.share, cut.option) == (1, 0.125, "clip_seconds=3.1")
    assert cut.text == (
        "longer than a clip: 1 of 8 files (12 %), 1.5 s of sound (25 %) cut off; "
        "`clip_seconds=3.1` holds 95 of 100 whole, `slice` makes a clip of every sound inside"
    )


def test_a_recording_of_minutes_is_not_to_be_one_clip() -> None:
    long = used(9, verdict="trimmed", sound_seconds=300.0, used_seconds=1.0, unused_seconds=200.0)
    assert losses([*PLAIN, long])["cut"].option == "slice"


def test_where_recordings_are_cut_up_slicing_is_no_remedy() -> None:
    numbers: dict[str, Any] = {"sound_seconds": 9.0, "used_seconds": 5.0, "unused_seconds": 2.0}
    long = used(9, verdict="sliced", cut_up=True, **numbers)
    cut = losses([*PLAIN, long])["cut"]
    assert cut.option == "clip_seconds"
    assert "`slice`" not in cut.text


def test_beside_recordings_that_are_cut_up_the_length_proposed_is_that_of_the_others() -> None:
    takes = [used(n, cut_up=True, sound_seconds=300.0, unused_seconds=2.0) for n in range(20, 40)]
    long = used(9, verdict="trimmed", sound_seconds=3.02, used_seconds=1.0, unused_seconds=1.5)
    cut = losses([*PLAIN, *takes, long])["cut"]
    assert (cut.files, cut.option) == (21, "clip_seconds=3.1")


def test_a_higher_rate_is_lost_and_a_lower_one_not() -> None:
    high = [used(9, source_rate=48_000), used(10, source_rate=96_000), used(11, source_rate=8000)]
    rate = losses([*PLAIN, *high])["rate"]
    assert (rate.files, rate.share, rate.option) == (2, 0.2, "sample_rate=96000")
    assert rate.text.startswith("of a higher rate than 44100 Hz: 2 of 10 files (20 %), nothing")


def test_the_rate_proposed_is_the_one_that_most_files_have() -> None:
    high = [used(i, source_rate=48_000) for i in range(9, 14)] + [used(14, source_rate=192_000)]
    assert losses([*PLAIN, *high])["rate"].option == "sample_rate=48000"


def test_mixed_channels_are_told_apart_by_what_mixing_takes() -> None:
    levels = [0.0, -0.2, -3.0, -5.0, -6.0, -12.0]
    stereo = [used(20 + n, channels=2, mix_db=level) for n, level in enumerate(levels)]
    channels = losses([*PLAIN[:4], *stereo])["channels"]
    assert (channels.files, channels.share) == (6, 0.6)
    assert channels.text == (
        "mixed from several channels to one: 6 of 10 files (60 %); the channels are "
        "nearly alike in 2, different in 3, cancelling each other in 1; `channels=stereo` keeps "
        "left and right, `channel=left` or right takes one"
    )


def test_files_that_mixing_hollows_out_are_named_with_what_it_takes() -> None:
    stereo = [used(20, channels=2, mix_db=-14.2), used(21, channels=2, mix_db=-6.0)]
    hollow = losses([*PLAIN, *stereo])["hollow"]
    assert (hollow.files, hollow.option) == (1, "channels=stereo")
    assert hollow.first == (("20.wav", "its mix is 14 dB weaker"),)
    assert "the mix of 1 of 9 files (11 %) is more than 6 dB weaker" in hollow.text


def test_one_channel_of_six_that_sounds_alone_is_not_hollowed_out_by_mixing() -> None:
    level = -15.6  # a sixth
    assert "hollow" not in losses([*PLAIN, used(20, channels=6, mix_db=level)])
    assert "hollow" in losses([*PLAIN, used(20, channels=6, mix_db=level - 0.1)])


def test_one_channel_instead_of_the_mix_is_told_with_the_way_back() -> None:
    found = losses([*PLAIN, used(20, channels=2)], channel="right")
    assert set(found) == {"channels"}
    assert found["channels"].option == "channel=mix"
    assert found["channels"].text == (
        "only the right of several channels used: 1 of 8 files (12 %); `channel=mix` takes all"
    )


def test_quiet_files_are_told_unless_they_stay_quiet() -> None:
    quiet = [*PLAIN, used(9, peak_db=-41.2), used(10, peak_db=-12.0), used(11, peak_db=-14.0)]
    level = losses(quiet)["level"]
    assert (level.files, level.option) == (2, "normalise=none")
    assert "raised by 12 to 40 dB" in level.text
    assert losses(quiet, normalise="none") == {}


def test_what_is_odd_about_files_is_told() -> None:
    found = losses([*PLAIN, used(9, note="40 bytes short")])["odd"]
    assert (found.files, found.first) == (1, (("9.wav", "40 bytes short"),))


def test_files_without_a_label_are_named() -> None:
    stray = used(9, split="unlabelled")
    found = losses([*PLAIN, stray])["unlabelled"]
    assert (found.files, found.option, found.first) == (1, "unlabelled", (("9.wav", "no label"),))


@pytest.mark.parametrize("verdict", ["corrupt", "too short", "silent", "duplicate", "not audio"])
def test_the_first_five_files_left_out_are_named_with_their_reason(verdict: str) -> None:
    lost = [left_out(number, verdict) for number in range(9)]
    found = losses([*PLAIN, *lost])[verdict]
    assert (found.files, found.share, found.option) == (9, round(9 / 16, 4), None)
    assert found.first == tuple((f"{number}.wav", "because") for number in range(5))


def test_a_text_among_sounds_is_no_loss() -> None:
    assert losses([*PLAIN, left_out(9, "not audio", "README.md")]) == {}


def test_a_folder_without_any_sound_still_has_its_losses() -> None:
    assert set(losses([left_out(1, "silent"), left_out(2, "corrupt")])) == {"silent", "corrupt"}
