"""The one picture of a sound that every feature extractor looks at.

It is the same for all models: what a model was trained on, a linear or a mel spectrogram of any
size, has no part in how its sounds are judged.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from soundgan.audio.mel import MelSettings, filterbank
from soundgan.audio.scale import to_levels
from soundgan.audio.stft import STFTSettings, stft
from soundgan.errors import AudioError
from soundgan.evaluation.pairs import blocks
from soundgan.runtime.threads import map_in_threads

SIZE = 64
"""Mel bands, and frames, of a picture."""

FLOOR_DB = -80.0
LOWEST_HZ = 40.0

_MIN_FFT = 256
_BLOCK_VALUES = 1 << 22
"""Windowed samples that are in memory at a time, for each thread."""


def mel_view(waveforms: Tensor, sample_rate: int) -> Tensor:
    """Log-mel pictures of waveforms, 64 bands from 40 Hz to Nyquist in 64 frames.

    A frame is a 64th of the clip, whatever its length, and sees four of them through a Hann
    window. Levels are relative to the loudest point of the clip's own picture: how loud a clip is
    does not show. The same waveforms give the same numbers for any number of threads.

    Args:
        waveforms: float32 [N, samples], as a rule in [-1, 1].
        sample_rate: Hz, above 80.

    Returns:
        float32 [N, 64, 64], row 0 the lowest band: 1 is the peak, -1 is 80 dB below it or silence.

    Raises:
        AudioError: Empty, not [N, samples], not finite, or a sample rate of 80 Hz or less.
    """
    _check(waveforms, sample_rate)
    settings = analysis(waveforms.shape[1])
    weights = filterbank(MelSettings(sample_rate, settings.n_fft, SIZE, LOWEST_HZ, sample_rate / 2))

    def picture(block: Tensor) -> Tensor:
        bands = weights @ stft(block, settings, n_frames=SIZE).abs()
        peak = bands.amax(dim=(1, 2), keepdim=True)
        relative = torch.where(peak > 0, bands / peak, 0.0)
        level = to_levels(relative, full_scale=1.0, floor_db=FLOOR_DB)
        return (1.0 - level * (2.0 / FLOOR_DB)).clamp(-1.0, 1.0)

    n_clips = max(1, _BLOCK_VALUES // (SIZE * settings.n_fft))
    return torch.cat(map_in_threads(picture, blocks(waveforms.detach().cpu().float(), n_clips)))


def analysis(n_samples: int) -> STFTSettings:
    """The STFT that puts a clip of ``n_samples`` into 64 frames."""
    hop_length = math.ceil(n_samples / SIZE)
    win_length = 4 * hop_length
    n_fft = max(_MIN_FFT, 1 << (win_length - 1).bit_length())
    return STFTSettings(n_fft=n_fft, hop_length=hop_length, win_length=win_length)


def _check(waveforms: Tensor, sample_rate: int) -> None:
    if waveforms.ndim != 2 or waveforms.numel() == 0:
        raise AudioError(f"waveforms: expected clips [N, samples], got {list(waveforms.shape)}")
    if sample_rate <= 2 * LOWEST_HZ:
        raise AudioError(
            f"sample_rate: must be above {2 * LOWEST_HZ:g} Hz to be judged, got {sample_rate}"
        )
    if not torch.isfinite(waveforms).all():
        broken = int((~torch.isfinite(waveforms).all(dim=1)).nonzero()[0])
        raise AudioError(f"waveforms: clip {broken} is not finite; leave it out")
