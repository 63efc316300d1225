"""Stereo sounds as three planes of levels: mid, and the side by the channel it is in phase with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from soundgan.audio.mel import Bands
from soundgan.audio.outline import Outline, OutlineMeter
from soundgan.audio.stft import stft
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import MOST_FOR_OUTLINE
from soundgan.errors import ArtefactError, AudioError
from soundgan.inversion.contract import Inversion
from soundgan.inversion.following import Following
from soundgan.representations.levels import LevelRepresentation
from soundgan.runtime.threads import map_in_threads

PLANES = 3
"""Mid, the side that left has more of, and the side that right has more of."""

SIDES = "sides."
"""Before the names of the sides' statistics."""

_NEIGHBOURHOOD = 5
"""Bins and frames over which it is told which channel the side belongs to: fewer flicker where
the channels are unrelated, more mix up sounds that lie left and right of each other."""

_AT_A_TIME = 32
"""Clips whose levels are in memory beside those that are kept."""

_TOGETHER = 8
"""Clips whose spectra are in memory at once, in one thread."""


class StereoCodec(Codec):
    """Images [B, 3, F, T] of waveforms [B, 2, N], left and right.

    With mid M = (L + R) / 2 and side S = (L - R) / 2 the planes show the levels of M, of the part
    of S that is in phase with M, which left has more of, and of the part that is against it, which
    right has more of. The squares of both parts add up to that of S. Each is shown between the
    same floor and a loudest level of its own kind.

    The way back inverts the mid as if it were a mono sound, so the sum of the channels is free of
    cancellation. The side begins with the phase of the mid, turned over where right has more, and
    some rounds bring it to where a waveform of its levels can be.

    Attributes:
        mid: Representation of the mid, and of its analysis.
        sides: That of the other planes, of the same analysis.
        inversion: Magnitudes of the mid to its waveform.
    """

    def __init__(
        self,
        mid: LevelRepresentation,
        sides: LevelRepresentation,
        inversion: Inversion,
        *,
        outline: Outline | None = None,
    ) -> None:
        self.mid = mid
        self.sides = sides
        self.inversion = inversion
        self.clip = mid.clip
        self.shape = (PLANES, mid.image.height, mid.image.width)
        self.silence = -1.0
        self.outline = outline

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Measure the ranges of the levels, and the outline."""
        for _ in self._measuring(batches):
            pass

    def fit_and_encode(self, batches: Iterable[Tensor], count: int) -> Tensor:
        """In one pass: every clip meets the transforms once."""
        x, at = torch.empty(count, *self.shape), 0
        for levels in self._measuring(batches):
            x[at : at + len(levels)] = levels
            at += len(levels)
        for part in torch.split(x, _AT_A_TIME):
            part[:] = self._shown(part)
        return x

    def _measuring(self, batches: Iterable[Tensor]) -> Iterator[Tensor]:
        """The levels [B, 3, F, T] of some clips after the other; their ranges are known at last."""
        meter = OutlineMeter(self.clip.sample_rate)
        mid, sides = self.mid.meter(), self.sides.meter()
        for waveforms in batches:
            self._look(meter, waveforms)
            for some in torch.split(waveforms, _AT_A_TIME):
                levels = self._levels(some)
                mid.add(levels[:, 0])
                sides.add(levels[:, 1:].flatten(0, 1))
                yield levels
        self.mid.set_range_of(mid)
        self.sides.set_range_of(sides)
        self.outline = meter.outline(most=MOST_FOR_OUTLINE)

    def statistics(self) -> dict[str, Tensor]:
        """Those of both representations."""
        sides = {f"{SIDES}{name}": tensor for name, tensor in self.sides.statistics().items()}
        return self.mid.statistics() | sides

    def load_statistics(self, statistics: dict[str, Tensor]) -> None:
        """Those of both representations.

        Raises:
            ArtefactError: A tensor is missing, not expected, or of the wrong shape.
        """
        parts: tuple[dict[str, Tensor], dict[str, Tensor]] = ({}, {})
        for name, tensor in statistics.items():
            parts[name.startswith(SIDES)][name.removeprefix(SIDES)] = tensor
        self.mid.load_statistics(parts[0])
        try:
            self.sides.load_statistics(parts[1])
        except ArtefactError as error:
            raise ArtefactError(f"{SIDES[:-1]}: {error}") from error

    def encode(self, waveforms: Tensor) -> Tensor:
        """Images [B, 3, F, T] of waveforms [B, 2, N]."""
        some = torch.split(waveforms, _AT_A_TIME)
        return torch.cat([self._shown(self._levels(part)) for part in some])

    def _shown(self, levels: Tensor) -> Tensor:
        """Images [B, 3, F, T] in the memory of their levels."""
        mid, *sides = levels.unbind(1)
        return torch.cat([self.mid.image_of(mid), *map(self.sides.image_of, sides)], dim=1)

    def waveforms(self, x: Tensor, seeds: Sequence[int]) -> Tensor:
        """Waveforms [B, 2, N] whose spectrograms come nearest to images [B, 3, F, T]."""
        if x.shape[1:] != self.shape:
            wanted = ", ".join(map(str, self.shape))
            raise AudioError(f"images: expected [B, {wanted}], got {list(x.shape)}")
        analysis, n_samples = self.mid.stft, self.clip.n_samples
        found = self.mid.decode(x[:, :1])
        mid = self.inversion(
            found.magnitude,
            analysis,
            n_samples=n_samples,
            seeds=seeds,
            bands=found.bands,
            outline=self.outline,
        )
        left, right = (self.sides.decode(x[:, plane : plane + 1]) for plane in (1, 2))
        guide = stft(mid, analysis, n_frames=self.mid.n_frames)
        guide = torch.where(left.magnitude >= right.magnitude, guide, -guide)
        side = Following(guide)(
            _joined(left.magnitude, right.magnitude),
            analysis,
            n_samples=n_samples,
            seeds=seeds,
            bands=_joined_bands(left.bands, right.bands),
            outline=self.outline,
        )
        return torch.stack([mid + side, mid - side], dim=1)

    def pictures(self, x: Tensor) -> Tensor:
        """The planes above each other [B, 3 F, T]: seen upright, mid, left and right."""
        return x.flip(1).flatten(1, 2)

    def corrected(self, x: Tensor) -> Tensor:
        """The mid with its known errors taken out; sides are too different to have the same."""
        return x if self.levels is None else torch.cat([self.levels(x[:, :1]), x[:, 1:]], dim=1)

    def _look(self, meter: OutlineMeter, waveforms: Tensor) -> None:
        """The mid's ends count, those of left where there is no mid, and the peak of both."""
        mid = (waveforms[:, 0] + waveforms[:, 1]) / 2
        there = mid.abs().amax(dim=1, keepdim=True) > 0
        ends = torch.where(there, mid, waveforms[:, 0])
        meter.add(ends, peaks=waveforms.abs().amax(dim=(1, 2)))

    def _levels(self, waveforms: Tensor) -> Tensor:
        """Levels in dB [B, 3, F, T] of waveforms [B, 2, N].

        Raises:
            AudioError: They are not stereo, or do not have the length of the clips.
        """
        n_samples = self.clip.n_samples
        if waveforms.ndim != 3 or waveforms.shape[1:] != (2, n_samples):
            raise AudioError(
                f"waveforms: expected stereo [B, 2, {n_samples}], got {list(waveforms.shape)}"
            )
        if not len(waveforms):
            return waveforms.new_zeros(0, *self.shape)
        return torch.cat(map_in_threads(self._some_levels, torch.split(waveforms, _TOGETHER)))

    def _some_levels(self, waveforms: Tensor) -> Tensor:
        left, right = waveforms[:, 0], waveforms[:, 1]
        mid, side = (
            stft(half / 2, self.mid.stft, n_frames=self.mid.n_frames)
            for half in (left + right, left - right)
        )
        share = (1.0 + lean(mid, side)) / 2
        size = side.abs()
        planes = [
            self.mid.levels_of(mid.abs()),
            self.sides.levels_of(size * share.sqrt()),
            self.sides.levels_of(size * (1.0 - share).sqrt()),
        ]
        return torch.stack(planes, dim=1)


def lean(mid: Tensor, side: Tensor) -> Tensor:
    """To which channel a side belongs, in [-1, 1], near every point of spectra [B, n_bins, T].

    1 where it is in phase with the mid, so that left is louder, -1 where it is against it, 0 where
    the two are unrelated or silent.
    """
    together = _around(mid.real * side.real + mid.imag * side.imag)
    power = _around(mid.abs().square()) * _around(side.abs().square())
    return (together / power.sqrt().clamp(min=1e-20)).clamp(-1.0, 1.0)


def _around(values: Tensor) -> Tensor:
    """Means [B, F, T] of what lies around each point."""
    size = _NEIGHBOURHOOD
    return avg_pool2d(values[:, None], size, 1, size // 2, count_include_pad=False)[:, 0]


def _joined(one: Tensor, other: Tensor) -> Tensor:
    """The magnitudes whose squares are the sums of these squares."""
    return one.square().add_(other.square()).sqrt_()


def _joined_bands(one: Bands | None, other: Bands | None) -> Bands | None:
    if one is None or other is None:
        return None
    return Bands(one.weights, _joined(one.magnitude, other.magnitude))
