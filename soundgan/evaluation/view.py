"""The two pictures of a sound that every feature extractor looks at: its whole, and its attack.

They are the same for all models: what a model was trained on, a linear or a mel spectrogram of any
size, has no part in how its sounds are judged. Rate and length of the clips alone decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.mel import MelSettings, filterbank
from soundgan.audio.scale import to_levels
from soundgan.audio.stft import STFTSettings, stft
from soundgan.errors import AudioError
from soundgan.evaluation.envelope import envelope_of, onset_of

N_BANDS, N_ROWS = 64, 16
"""Mel bands of a picture, from 40 Hz to Nyquist, and the rows of cells that they are
divided into."""

COLUMNS = 64
"""A picture has a multiple of so many frames, so that any can be put side by side."""

FLOOR_DB = -80.0
LOWEST_HZ = 40.0

WHOLE_FRAME_SECONDS = 0.012
"""The longest frame of the whole."""

ATTACK_SECONDS = 0.25
ATTACK_FRAMES = 192
"""Frames of 1.3 ms."""

LEAD_SECONDS = 0.005
ONSET_DB = -30.0
"""The attack's picture begins 5 ms before sound first comes within 30 dB of its loudest."""

_MIN_FFT = 256


@dataclass(frozen=True)
class View:
    """One way to look at clips.

    Attributes:
        name: Its name in the report.
        title: What a table calls it.
        look: Waveforms [B, C, N] and a rate in Hz to pictures [B, 64, T].
        n_columns: Into how many columns of cells a picture is divided to be described.
    """

    name: str
    title: str
    look: Callable[[Tensor, int], Tensor]
    n_columns: int


def whole_view(waveforms: Tensor, sample_rate: int) -> Tensor:
    """Log-mel pictures of whole clips, 64 bands from 40 Hz to Nyquist in frames of at most 12 ms.

    A frame sees four of itself through a Hann window. Levels are relative to the loudest point of
    the clip's own picture: how loud a clip is does not show. Of several channels the mean power
    is taken, so that nothing cancels.

    Args:
        waveforms: float32 [B, C, N], as a rule in [-1, 1].
        sample_rate: Hz, above 80.

    Returns:
        float32 [B, 64, T] with T the lowest fitting multiple of 64; row 0 is the lowest band, 1 the
        peak, -1 is 80 dB below it or silence.

    Raises:
        AudioError: Empty, not [B, C, N], not finite, or a sample rate of 80 Hz or less.
    """
    _check(waveforms, sample_rate)
    n_samples = waveforms.shape[2]
    seconds = n_samples / sample_rate
    n_frames = COLUMNS * max(1, math.ceil(seconds / (COLUMNS * WHOLE_FRAME_SECONDS)))
    return _picture(waveforms, sample_rate, n_frames)


def attack_view(waveforms: Tensor, sample_rate: int) -> Tensor:
    """Log-mel pictures of the first 250 ms of sound, 64 bands in 192 frames of 1.3 ms.

    They begin 5 ms before the onset, wherever in the clip that is, and see silence behind its
    end. Otherwise as :func:`whole_view`.

    Args:
        waveforms: float32 [B, C, N].
        sample_rate: Hz, above 80.

    Returns:
        float32 [B, 64, 192].

    Raises:
        AudioError: As :func:`whole_view`.
    """
    _check(waveforms, sample_rate)
    lead, n_samples = (round(s * sample_rate) for s in (LEAD_SECONDS, ATTACK_SECONDS))
    start = onset_of(envelope_of(waveforms, sample_rate), ONSET_DB) - lead
    index = start[:, None] + torch.arange(n_samples)
    inside = (index >= 0) & (index < waveforms.shape[2])
    index = index.clamp(0, waveforms.shape[2] - 1)[:, None].expand(-1, waveforms.shape[1], -1)
    attacks = waveforms.gather(2, index) * inside[:, None]
    return _picture(attacks, sample_rate, ATTACK_FRAMES)


WHOLE = View("whole", "the whole sound", whole_view, n_columns=16)
ATTACK = View("attack", "the attack, its first 250 ms", attack_view, n_columns=32)
VIEWS = (WHOLE, ATTACK)


def analysis(n_samples: int, n_frames: int) -> STFTSettings:
    """The STFT that puts ``n_samples`` into ``n_frames``."""
    hop_length = math.ceil(n_samples / n_frames)
    win_length = 4 * hop_length
    n_fft = max(_MIN_FFT, 1 << (win_length - 1).bit_length())
    return STFTSettings(n_fft=n_fft, hop_length=hop_length, win_length=win_length)


def _picture(waveforms: Tensor, sample_rate: int, n_frames: int) -> Tensor:
    settings = analysis(waveforms.shape[2], n_frames)
    weights = filterbank(
        MelSettings(sample_rate, settings.n_fft, N_BANDS, LOWEST_HZ, sample_rate / 2)
    )
    magnitude = stft(waveforms, settings, n_frames=n_frames).abs()
    if waveforms.shape[1] == 1:
        magnitude = magnitude[:, 0]
    else:
        magnitude = magnitude.square().mean(dim=1).sqrt()
    bands = weights @ magnitude
    peak = bands.amax(dim=(1, 2), keepdim=True)
    relative = torch.where(peak > 0, bands / peak, 0.0)
    level = to_levels(relative, full_scale=1.0, floor_db=FLOOR_DB)
    return (1.0 - level * (2.0 / FLOOR_DB)).clamp(-1.0, 1.0)


def _check(waveforms: Tensor, sample_rate: int) -> None:
    if waveforms.ndim != 3 or waveforms.numel() == 0:
        raise AudioError(f"waveforms: expected clips [B, C, N], got {list(waveforms.shape)}")
    if sample_rate <= 2 * LOWEST_HZ:
        raise AudioError(
            f"sample_rate: must be above {2 * LOWEST_HZ:g} Hz to be judged, got {sample_rate}"
        )
    if not torch.isfinite(waveforms).all():
        broken = int((~torch.isfinite(waveforms).all(dim=(1, 2))).nonzero()[0])
        raise AudioError(f"waveforms: clip {broken} is not finite; leave it out")
