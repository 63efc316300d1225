"""torchaudio's Griffin-Lim, kept as an independent reference for our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.mel import Bands
from soundgan.audio.outline import Outline, limits
from soundgan.audio.stft import STFTSettings, window
from soundgan.config.settings import Settings
from soundgan.errors import AudioError
from soundgan.inversion.checks import check_magnitude
from soundgan.inversion.contract import Inversion
from soundgan.inversion.rounds import at_level
from soundgan.runtime.draws import DrawsFrom
from soundgan.runtime.seeding import derive_seed
from soundgan.runtime.torchaudio_bridge import load_torchaudio


class TorchaudioGriffinLimOptions(Settings):
    """Options of torchaudio's Griffin-Lim."""

    iterations: int = Field(default=32, ge=1, le=10_000)
    """Projections onto consistent spectra."""
    momentum: float = Field(default=0.99, ge=0.0, lt=1.0)
    """Share of the last change that is added again; 0 is the classic algorithm."""


class TorchaudioGriffinLim(Inversion):
    """One item after the other, so that each draws its phase from its own seed."""

    Options: ClassVar[type[TorchaudioGriffinLimOptions]] = TorchaudioGriffinLimOptions
    options: TorchaudioGriffinLimOptions

    def __init__(self, options: TorchaudioGriffinLimOptions) -> None:
        super().__init__(options)
        self._griffinlim = load_torchaudio().functional.griffinlim

    def __call__(
        self,
        magnitude: Tensor,
        stft: STFTSettings,
        *,
        n_samples: int,
        seeds: Sequence[int],
        bands: Bands | None = None,
        outline: Outline | None = None,
    ) -> Tensor:
        """Waveforms [B, n_samples]; see :class:`Inversion`.

        Raises:
            AudioError: Also when the clip is shorter than half a transform.
        """
        check_magnitude(magnitude, stft, n_samples=n_samples, seeds=seeds)
        # The longest waveform of exactly T centred frames in torchaudio's count.
        length = magnitude.shape[2] * stft.hop_length - 1
        if length <= stft.n_fft // 2:
            raise AudioError(
                f"torchaudio_griffin_lim: needs more than {stft.n_fft // 2} samples, "
                f"got {length}; choose inversion.name = 'griffin_lim'"
            )
        pieces = [
            self._invert(item, stft, length, seed)
            for item, seed in zip(magnitude, seeds, strict=True)
        ]
        waveforms = torch.stack(pieces) if pieces else magnitude.new_zeros(0, length)
        sounds = pad(waveforms, (0, max(0, n_samples - length)))[:, :n_samples].contiguous()
        limits(outline, n_samples)[-1].hold(sounds)
        return sounds

    def _invert(self, magnitude: Tensor, stft: STFTSettings, length: int, seed: int) -> Tensor:
        """One waveform [length]."""
        loudest = magnitude.max().clamp(min=1e-30)
        # torchaudio takes no generator.
        with DrawsFrom(derive_seed(seed, "phase")), torch.no_grad():
            waveform: Tensor = self._griffinlim(
                magnitude / loudest,
                window=window(stft),
                n_fft=stft.n_fft,
                hop_length=stft.hop_length,
                win_length=stft.n_fft,
                power=1.0,
                n_iter=self.options.iterations,
                momentum=self.options.momentum,
                length=length,
                rand_init=True,
            )
        return at_level(waveform, loudest)
