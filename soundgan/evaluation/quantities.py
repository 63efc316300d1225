"""What a person could name and measure of a sound: attack, decay, brightness, width."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.stft import STFTSettings, stft
from soundgan.errors import AudioError
from soundgan.evaluation.envelope import end_of, envelope_of, onset_of
from soundgan.evaluation.pairs import blocks
from soundgan.runtime.threads import map_in_threads

HIGH_HZ = 8000.0
"""Where the highs begin; a rate whose Nyquist is no higher has none."""

ATTACK_FROM_DB, ATTACK_TO_DB = -20.0, -6.0
RISE_FROM_DB, RISE_SECONDS = -40.0, 0.001
DECAY_DB = -20.0
END_DB, END_SECONDS = -40.0, 0.005
SPECTRUM_SECONDS = 0.02
EDGE_DB = -60.0
FLOOR_DB = -80.0
WIDEST_DB = 60.0

_BLOCK_SAMPLES = 1 << 21
"""Samples that are in memory at a time, for each thread."""


@dataclass(frozen=True)
class Quantity:
    """One thing that is measured of every sound.

    Attributes:
        key: Its name in the report.
        title: What a table calls it.
        unit: Of the values; empty where they have none.
        ratio: Whether people hear its ratios (times, frequencies) rather than its differences.
        least: The smallest standard deviation that counts: of the natural logarithm of a
            ``ratio``, else in the unit. What varies less than one could hear is not blown up.
    """

    key: str
    title: str
    unit: str
    ratio: bool
    least: float


ATTACK = Quantity("attack_time", "attack time", "ms", ratio=True, least=0.1)
RISE = Quantity("steepness", "steepest rise in 1 ms", "dB", ratio=False, least=1.0)
CREST = Quantity("crest_factor", "crest factor", "dB", ratio=False, least=0.5)
DECAY = Quantity("decay_time", "decay time", "ms", ratio=True, least=0.1)
LENGTH = Quantity("length", "length", "ms", ratio=True, least=0.1)
END = Quantity("end_level", "level at the end", "dB", ratio=False, least=3.0)
BRIGHTNESS = Quantity("brightness", "brightness", "Hz", ratio=True, least=0.05)
EDGE = Quantity("upper_edge", "upper edge", "Hz", ratio=True, least=0.05)
HIGHS = Quantity("above_8_khz", "energy above 8 kHz", "dB", ratio=False, least=1.0)
WIDTH = Quantity("side_to_mid", "side over mid", "dB", ratio=False, least=1.0)
CORRELATION = Quantity("correlation", "correlation", "", ratio=False, least=0.05)

QUANTITIES = (ATTACK, RISE, CREST, DECAY, LENGTH, END, BRIGHTNESS, EDGE, HIGHS, WIDTH, CORRELATION)


def quantities_of(sample_rate: int, n_channels: int) -> tuple[Quantity, ...]:
    """Those that sounds of this rate and so many channels have."""
    without: set[Quantity] = set() if sample_rate / 2 > HIGH_HZ else {HIGHS}
    if n_channels == 1:
        without |= {WIDTH, CORRELATION}
    return tuple(quantity for quantity in QUANTITIES if quantity not in without)


def measure(waveforms: Tensor, sample_rate: int) -> Tensor:
    """All quantities of waveforms: float64 [B, Q] in the order of :func:`quantities_of`.

    Levels of several channels are of their summed power, so that nothing cancels. A silent clip
    has none of them: its row is NaN.

    Args:
        waveforms: float32 [B, C, N].
        sample_rate: Hz.

    Raises:
        AudioError: Empty, not [B, C, N], or not finite.
    """
    if waveforms.ndim != 3 or waveforms.numel() == 0:
        raise AudioError(f"waveforms: expected clips [B, C, N], got {list(waveforms.shape)}")
    if not torch.isfinite(waveforms).all():
        raise AudioError("waveforms: not finite; leave broken ones out")
    wanted = quantities_of(sample_rate, waveforms.shape[1])
    n_clips = max(1, _BLOCK_SAMPLES // waveforms[0].numel())

    def work(block: Tensor) -> Tensor:
        silent = block.abs().amax(dim=(1, 2)) == 0
        found = _of_levels(block, sample_rate) | _of_spectrum(block, sample_rate)
        if block.shape[1] > 1:
            found |= {WIDTH.key: side_to_mid_db(block), CORRELATION.key: correlation(block)}
        table = torch.stack([found[quantity.key] for quantity in wanted], dim=1)
        table[silent] = torch.nan
        return table

    return torch.cat(map_in_threads(work, blocks(waveforms.detach().cpu().float(), n_clips)))


def _of_levels(block: Tensor, sample_rate: int) -> dict[str, Tensor]:
    envelope = envelope_of(block, sample_rate)
    return {
        ATTACK.key: attack_ms(envelope, sample_rate),
        RISE.key: steepest_rise_db(envelope, sample_rate),
        CREST.key: crest_db(block),
        DECAY.key: decay_ms(block, envelope, sample_rate),
        LENGTH.key: length_ms(envelope, sample_rate),
        END.key: end_level_db(block, sample_rate),
    }


def _of_spectrum(block: Tensor, sample_rate: int) -> dict[str, Tensor]:
    power, hertz = power_spectrum(block, sample_rate)
    return {
        BRIGHTNESS.key: centroid_hz(power, hertz),
        EDGE.key: upper_edge_hz(power, hertz),
        HIGHS.key: highs_db(power, hertz),
    }


def attack_ms(envelope: Tensor, sample_rate: int) -> Tensor:
    """Time in which power [B, N] rises from -20 to -6 dB of its highest, ms [B], at least 0.1.

    Where sound begins at once it is a quarter of a millisecond, because power is a mean over one.
    """
    rise = onset_of(envelope, ATTACK_TO_DB) - onset_of(envelope, ATTACK_FROM_DB)
    return (1000.0 * rise.double() / sample_rate).clamp(min=0.1)


def steepest_rise_db(envelope: Tensor, sample_rate: int) -> Tensor:
    """The most by which power [B, N] rises within a millisecond, dB [B] in 0..40.

    Power below -40 dB of the highest counts as that. What blurs an attack lowers it first.
    """
    floor = envelope.amax(dim=1, keepdim=True) * 10.0 ** (RISE_FROM_DB / 10.0)
    level = 10.0 * torch.log10(torch.maximum(envelope, floor).clamp(min=1e-30))
    n = max(1, round(RISE_SECONDS * sample_rate))
    before = torch.nn.functional.pad(level[:, :-n], (n, 0), value=torch.inf)
    before[:, :n] = 10.0 * torch.log10(floor.clamp(min=1e-30))  # silence lies before a clip
    return (level - before).amax(dim=1)


def crest_db(waveforms: Tensor) -> Tensor:
    """Peak over root mean square of whole clips [B, C, N], dB [B]."""
    squares = waveforms.double().square()
    return _db(squares.amax(dim=(1, 2)), squares.mean(dim=(1, 2)))


def decay_ms(waveforms: Tensor, envelope: Tensor, sample_rate: int) -> Tensor:
    """Time from the highest power until a hundredth of the energy is left (-20 dB), ms [B].

    Energy that is still to come is Schroeder's decay curve; an echo lifts it at once.

    Args:
        waveforms: [B, C, N].
        envelope: Their power [B, N].
        sample_rate: Hz.
    """
    left = waveforms.double().square().mean(dim=1).flip(1).cumsum(dim=1).flip(1)
    peak = envelope.argmax(dim=1, keepdim=True)
    low = left <= left.gather(1, peak) * 10.0 ** (DECAY_DB / 10.0)
    # What is left never rises: samples above the limit are all those before it.
    samples: Tensor = (~low).sum(dim=1) - peak[:, 0]
    return (1000.0 * samples.double() / sample_rate).clamp(min=0.1)


def length_ms(envelope: Tensor, sample_rate: int) -> Tensor:
    """Time from the onset until power [B, N] is 40 dB below its highest for good, ms [B]."""
    samples = end_of(envelope, END_DB) - onset_of(envelope, ATTACK_FROM_DB)
    return (1000.0 * samples.double() / sample_rate).clamp(min=0.1)


def end_level_db(waveforms: Tensor, sample_rate: int) -> Tensor:
    """Highest level of the last 5 ms of sound, relative to the peak, dB [B], at least -40.

    Sound ends with the last sample within 40 dB of the peak. A click there, or a tail that is cut
    instead of faded, is loud; what dies away is not.

    Args:
        waveforms: [B, C, N].
        sample_rate: Hz.
    """
    power = waveforms.abs().amax(dim=1).double().square()
    n = max(1, round(END_SECONDS * sample_rate))
    index = (end_of(power, END_DB)[:, None] - 1 - torch.arange(n)).clamp(min=0)
    return _db(power.gather(1, index).amax(dim=1), power.amax(dim=1))


def power_spectrum(waveforms: Tensor, sample_rate: int) -> tuple[Tensor, Tensor]:
    """Mean power of clips [B, C, N] in frames of 20 ms or more: float64 [B, F], and Hz [F]."""
    n_fft = 1 << (round(SPECTRUM_SECONDS * sample_rate) - 1).bit_length()
    settings = STFTSettings(n_fft=n_fft, hop_length=n_fft // 2, win_length=n_fft)
    power = stft(waveforms, settings).abs().double().square().mean(dim=(1, 3))
    return power, torch.arange(settings.n_bins, dtype=torch.float64) * sample_rate / n_fft


def centroid_hz(power: Tensor, hertz: Tensor) -> Tensor:
    """Centre of gravity of the magnitudes of a mean power spectrum [B, F], Hz [B]."""
    magnitude = power.sqrt()
    total = magnitude.sum(dim=1).clamp(min=1e-30)
    centre: Tensor = (magnitude @ hertz / total).clamp(min=1.0)
    return centre


def upper_edge_hz(power: Tensor, hertz: Tensor) -> Tensor:
    """Highest frequency at which a mean power spectrum [B, F] is within 60 dB of its peak, Hz [B].

    What is cut off above a frequency loses its edge, whatever little energy there was.
    """
    heard = power >= power.amax(dim=1, keepdim=True) * 10.0 ** (EDGE_DB / 10.0)
    last = power.shape[1] - 1 - heard.flip(1).to(torch.uint8).argmax(dim=1)
    return hertz[last].clamp(min=1.0)


def highs_db(power: Tensor, hertz: Tensor) -> Tensor:
    """Energy above 8 kHz relative to all of it, dB [B], at least -80."""
    return _db(power[:, hertz > HIGH_HZ].sum(dim=1), power.sum(dim=1))


def side_to_mid_db(waveforms: Tensor) -> Tensor:
    """Energy of (left - right) over that of (left + right), dB [B] in -60..60.

    Args:
        waveforms: [B, C, N], C >= 2; channels beyond the second are not looked at.
    """
    left, right = waveforms[:, 0].double(), waveforms[:, 1].double()
    side, mid = (left - right).square().sum(dim=1), (left + right).square().sum(dim=1)
    ratio = 10.0 * torch.log10(side.clamp(min=1e-30) / mid.clamp(min=1e-30))
    return ratio.clamp(-WIDEST_DB, WIDEST_DB)


def correlation(waveforms: Tensor) -> Tensor:
    """Correlation of left and right [B] in -1..1: 1 where they are alike, 0 where one is silent.

    Args:
        waveforms: [B, C, N], C >= 2; channels beyond the second are not looked at.
    """
    left, right = waveforms[:, 0].double(), waveforms[:, 1].double()
    size = (left.square().sum(dim=1) * right.square().sum(dim=1)).sqrt()
    return (left * right).sum(dim=1) / size.clamp(min=1e-30)


def _db(energy: Tensor, reference: Tensor) -> Tensor:
    """Level of an energy relative to another, dB, at least -80."""
    ratio = energy / reference.clamp(min=1e-30)
    return 10.0 * torch.log10(ratio.clamp(min=10.0 ** (FLOOR_DB / 10.0)))
