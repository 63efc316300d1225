"""One source file to its verdict and its clips."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.constant import rests_at
from soundgan.audio.cut import Window, cut_windows
from soundgan.audio.decode import AudioFile
from soundgan.audio.ends import EndsBuilder
from soundgan.audio.envelope import (
    POST_ROLL_SECONDS,
    PRE_ROLL_SECONDS,
    Extent,
    audible,
    find_extent,
    loudest_window,
)
from soundgan.audio.joint_envelope import JointEnvelope, JointEnvelopeBuilder
from soundgan.audio.level import PEAK_DB, amplitude, decibels, fade, peak, quantise
from soundgan.audio.onsets import cut_at_onsets, find_events
from soundgan.audio.origin import made_here
from soundgan.audio.resample import resample
from soundgan.audio.stream import (
    CorruptAudioError,
    ForeignAudioError,
    Header,
    NotAudioError,
    Stream,
)
from soundgan.audio.tally import Tally
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.record import FileRecord, FileVerdict

SILENCE_DB = -60.0
"""A file whose loudest moment stays below this holds nothing but noise of its converter."""

LEAST_SECONDS = 0.010
GENERATED = "made by soundgan; `with_generated` uses it"
CLIPPED_SHARE = 0.01
BEYOND = 10.0
"""A sample of a float file beyond this is a mistake, and drowns everything else."""

KEPT_SAMPLES = 1 << 22
"""Decoded samples held for cutting; a longer file is decoded a second time instead."""

Sink = Callable[[NDArray[np.int16]], None]


@dataclass(frozen=True, eq=False)
class _Heard:
    """A file after its first pass.

    Attributes:
        header: What the file says about itself.
        tally: What was counted.
        envelope: Energy over time at the clips' rate.
        sound: The span between the silences.
        lowest: Smallest sample of each channel at the clips' rate, [C].
        highest: Largest one.
        kept: The waveform at the clips' rate in blocks [n, C], unless it is long.
        rest: What each channel rests at, where the rate is changed, [C].
        note: What is odd about the file.
    """

    header: Header
    tally: Tally
    envelope: JointEnvelope
    sound: Extent
    lowest: NDArray[np.float32]
    highest: NDArray[np.float32]
    kept: list[NDArray[np.float32]] | None
    rest: NDArray[np.float64]
    note: str


def examine(
    file: AudioFile, digest: str, recipe: ClipRecipe, sink: Sink, beat: Callable[[], None]
) -> FileRecord:
    """Decode, judge and cut one file.

    Args:
        file: The open file.
        digest: Hash of its bytes.
        recipe: What its clips should be.
        sink: Takes clips, int16 [C, N], in order, as soon as they are ready.
        beat: Called for every decoded block, as a sign of life.
    """
    known: dict[str, Any] = {"source_sha256": digest, "bytes": file.size, "cut_up": recipe.slice}
    try:
        if not recipe.with_generated and made_here(file.read, file.size):
            file.decode()  # what is no audio says so
            return FileRecord(**known, verdict="generated", reason=GENERATED)
        heard = _listen(file, recipe, beat)
        facts = known | _facts(heard, recipe)
        unusable = _unusable(heard, recipe)
        if unusable is not None:
            reason = _joined(unusable[1], heard.note)
            return FileRecord(**facts, verdict=unusable[0], reason=reason)
        windows = _windows(heard, recipe)
        gain = _shared_gain(heard, recipe) if len(windows) > 1 else None
        pieces = cut_windows(_again(file, heard, recipe, beat), windows)
        for piece, window in zip(pieces, windows, strict=True):
            sink(_finish(piece, window, heard, recipe, gain))
    except ForeignAudioError as error:
        return FileRecord(**known, verdict="unsupported", reason=str(error))
    except NotAudioError as error:
        return FileRecord(**known, verdict="not audio", reason=str(error))
    except CorruptAudioError as error:
        return FileRecord(**known, verdict="corrupt", reason=str(error))
    verdict, reason = _fit(heard, windows, recipe, facts["clipped_share"])
    return FileRecord(
        **facts,
        verdict=verdict,
        reason=_joined(reason, heard.note),
        used_seconds=round(sum(w.end - w.begin for w in windows) / recipe.sample_rate, 4),
        unused_seconds=round(_unused(heard, windows, recipe) / recipe.sample_rate, 4),
        decoded_sha256=heard.tally.decoded_sha256,
        starts=tuple(window.begin for window in windows),
    )


def _listen(file: AudioFile, recipe: ClipRecipe, beat: Callable[[], None]) -> _Heard:
    """First pass: count, and gather the envelope at the clips' rate."""
    stream = file.decode(strict=recipe.strict)
    rate, channels = stream.header.sample_rate, recipe.channels
    tally = Tally(rate, recipe.channel, channels=channels)
    builder = JointEnvelopeBuilder(recipe.sample_rate, channels)
    kept: list[NDArray[np.float32]] | None = []
    n_kept = 0
    lowest, highest = (np.full(channels, value, np.float32) for value in (math.inf, -math.inf))
    ends = [EndsBuilder(rate) for _ in range(channels)]
    blocks, rest = _blocks(stream, tally, beat, ends), np.zeros(channels)
    if rate != recipe.sample_rate:
        rest, blocks = rests_at(blocks, rate)
    for block in _resampled(blocks, rate, recipe, rest):
        builder.add(block)
        for at, channel in enumerate(block.T):  # numpy is slow along the first of two axes
            lowest[at] = channel.min(initial=lowest[at])
            highest[at] = channel.max(initial=highest[at])
        n_kept += len(block)
        kept = [*kept, block] if kept is not None and n_kept <= KEPT_SAMPLES else None
    if tally.nonfinite:
        samples = tally.frames * stream.header.channels
        raise CorruptAudioError(f"{tally.nonfinite} of its {samples} samples are not finite")
    envelope = builder.finish([end.finish(recipe.sample_rate) for end in ends])
    sound = find_extent(envelope, recipe.sample_rate, trim_db=recipe.trim_db)
    note = "; ".join(stream.notes)
    return _Heard(stream.header, tally, envelope, sound, lowest, highest, kept, rest, note)


def _joined(*words: str) -> str:
    return "; ".join(filter(None, words))


def _again(
    file: AudioFile, heard: _Heard, recipe: ClipRecipe, beat: Callable[[], None]
) -> Iterable[NDArray[np.float32]]:
    """The waveform at the clips' rate a second time."""
    if heard.kept is not None:
        return heard.kept
    stream = file.decode(strict=recipe.strict)
    rate = stream.header.sample_rate
    blocks = _blocks(stream, Tally(rate, recipe.channel, channels=recipe.channels), beat)
    return _resampled(blocks, rate, recipe, heard.rest)


def _blocks(
    stream: Stream, tally: Tally, beat: Callable[[], None], ends: Sequence[EndsBuilder] = ()
) -> Iterator[NDArray[np.float32]]:
    """Blocks [n, C]; from the first sample that is no number on, only counted."""
    for block in stream.blocks:
        beat()
        taken = tally.mix(block)
        if not tally.nonfinite:
            if len(taken):
                for end, channel in zip(ends, taken.T, strict=False):
                    end.add(channel)
            yield taken


def _resampled(
    blocks: Iterator[NDArray[np.float32]], rate: int, recipe: ClipRecipe, rest: NDArray[np.float64]
) -> Iterator[NDArray[np.float32]]:
    """Blocks [n, C] at the clips' rate."""
    target = recipe.sample_rate
    if recipe.channels > 1:
        yield from resample(blocks, rate, target, channels=recipe.channels, rest=rest)
        return
    for block in resample((block[:, 0] for block in blocks), rate, target, rest=rest):
        yield block[:, None]


def _unusable(heard: _Heard, recipe: ClipRecipe) -> tuple[FileVerdict, str] | None:
    sound = heard.sound
    if not heard.envelope.n_samples:
        return "too short", "it holds no samples"
    if sound.loudest_db < SILENCE_DB:
        reach = float(np.maximum(-heard.lowest, heard.highest).max())
        note = ""
        if reach > amplitude(SILENCE_DB) * 10:
            note = f"; it holds a constant of {heard.envelope.mean:.3g} and nothing else"
        elif recipe.channels == 1 and heard.tally.peak > amplitude(SILENCE_DB) * 10:
            note = (
                "; its channels cancel out, `channel=left` takes one of them"
                if recipe.channel == "mix"
                else "; its sound is in another channel, `channel=mix` takes all"
            )
        return "silent", f"its loudest moment is at {sound.loudest_db:.1f} dBFS{note}"
    if sound.active_seconds < LEAST_SECONDS:
        if heard.tally.peak > BEYOND:
            highest = f"{heard.tally.peak:.3g}"
            return "too short", f"a sample of {highest} drowns all others; full scale is 1"
        return "too short", f"{math.floor(10_000 * sound.active_seconds) / 10} ms of sound"
    return None


def _windows(heard: _Heard, recipe: ClipRecipe) -> list[Window]:
    sound, length = heard.sound, recipe.n_samples
    if sound.n_samples <= length:
        return [Window(max(sound.start, sound.end - length), sound.end)]
    if recipe.slice:
        events = find_events(heard.envelope, recipe.sample_rate, trim_db=recipe.trim_db)
        return cut_at_onsets(heard.envelope, events, sound, recipe.sample_rate, length)
    start = loudest_window(heard.envelope, sound, length)
    return [Window(start, min(start + length, sound.end))]


def _unused(heard: _Heard, windows: list[Window], recipe: ClipRecipe) -> int:
    """Samples of audible hops that lie in no window."""
    loud, hop = audible(heard.envelope, trim_db=recipe.trim_db), heard.envelope.hop_length
    for window in windows:
        loud[window.begin // hop : -(-window.end // hop)] = False
    return int(loud.sum()) * hop


def _fit(
    heard: _Heard, windows: list[Window], recipe: ClipRecipe, clipped_share: float
) -> tuple[FileVerdict, str]:
    """The verdict on a file that gave clips."""
    rate, length = recipe.sample_rate, heard.sound.n_samples
    excess, tolerance = length - recipe.n_samples, heard.envelope.hop_length
    verdict: FileVerdict = "kept" if excess >= -tolerance else "padded"
    reason = ""
    if len(windows) > 1:
        verdict, reason = "sliced", f"{length / rate:.3f} s of sound in {len(windows)} clips"
    elif excess > tolerance:
        verdict = "trimmed"
        reason = (
            f"the loudest {recipe.n_samples / rate:.3f} s of {length / rate:.3f} s, "
            f"from {windows[0].begin / rate:.3f} s on"
        )
    if clipped_share > CLIPPED_SHARE:
        flat = f"{100 * clipped_share:.1f} % of its samples lie in flattened peaks"
        return "clipped", f"{flat}; {reason}" if reason else flat
    return verdict, reason


def _finish(
    piece: NDArray[np.float32],
    window: Window,
    heard: _Heard,
    recipe: ClipRecipe,
    gain: float | None,
) -> NDArray[np.int16]:
    """Remove DC, fade what was cut, set the level, append silence: of [n, C], as [C, N]."""
    rate, envelope = recipe.sample_rate, heard.envelope
    waveform = piece.T.copy()
    for channel, part in zip(waveform, envelope.parts, strict=True):
        part.resting.remove(channel, window.begin, envelope.hop_length)
    # Digital silence may fade, but not the sound that it touches.
    lead, pre_roll = envelope.head.n_samples - window.begin, round(PRE_ROLL_SECONDS * rate)
    goes_on = window.end < envelope.n_samples - envelope.tail.n_samples
    for channel in waveform:
        fade(
            channel,
            (min(lead, pre_roll) if lead >= 0 else pre_roll) if window.begin else 0,
            round(POST_ROLL_SECONDS * rate) if goes_on else 0,
        )
    waveform *= np.float32(_gain(peak(waveform), recipe) if gain is None else gain)
    clip = np.zeros((recipe.channels, recipe.n_samples), np.int16)
    quantise(waveform, clip[:, : waveform.shape[1]])
    return clip


def _gain(highest: float, recipe: ClipRecipe) -> float:
    if recipe.normalise == "peak":
        return amplitude(PEAK_DB) / max(highest, 1e-9)
    return 1.0 / max(highest, 1.0)


def _shared_gain(heard: _Heard, recipe: ClipRecipe) -> float:
    """One level for all slices of a file, so that they stay as loud beside each other.

    Like everything about a clip it follows from the samples kept alone: clips are taken over, and
    told to be duplicates, by the hash of those.
    """
    means = heard.envelope.means
    return _gain(float(np.maximum(heard.highest - means, means - heard.lowest).max()), recipe)


def _facts(heard: _Heard, recipe: ClipRecipe) -> dict[str, Any]:
    """Numbers for the report, rounded to what they are worth."""
    header, tally, sound = heard.header, heard.tally, heard.sound
    source_seconds = tally.frames / header.sample_rate
    sound_seconds = sound.n_samples / recipe.sample_rate
    heard_samples = max(1.0, sound_seconds * header.sample_rate * header.channels)
    return {
        "note": heard.note,
        "format": header.form,
        "decoder": header.decoder,
        "source_rate": header.sample_rate,
        "channels": header.channels,
        "mix_db": None if tally.mix_db is None else round(tally.mix_db, 1),
        "side_db": None if tally.side_db is None else round(tally.side_db, 1),
        "source_seconds": round(source_seconds, 4),
        "sound_seconds": round(sound_seconds, 4),
        "silence_trimmed_seconds": round(max(0.0, source_seconds - sound_seconds), 4),
        "peak_db": round(decibels(tally.peak), 2),
        "rms_db": round(sound.rms_db, 2),
        "dc_offset": round(heard.envelope.mean, 5),
        "clipped_share": round(min(1.0, tally.clipped / heard_samples), 4),
    }
