"""Directions in which a model's sounds become brighter, longer and so on, found by measurement.

Ridge regression from codes to what can be measured in images. Nothing is trained, and a direction
that does not tell how new sounds measure is not offered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.codec.spectrogram import SpectrogramCodec, spectrograms_of
from soundgan.evaluation.quantities import centroid_hz
from soundgan.inference.latents import draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.ranges import MORE
from soundgan.runtime.threads import map_in_threads, one_thread

NAMES = tuple(MORE)
"""What a direction makes of a sound, in the order in which several are gone along."""

LEAST_R2 = 0.5
"""Directions that explain less of the differences between new sounds are not offered."""

SEED = 1 << 61
"""Of the first sound that is measured; the others follow."""

N_NEW = 300
"""Sounds that directions are judged by, and not fitted to."""

SHARP_SECONDS, LOW_HZ, HIGH_HZ = 0.03, 150.0, 5000.0
FLOOR = 1e-8
"""Of power, relative to the loudest or the whole: 80 dB below."""

_RIDGE = 10.0
_AT_ONCE = 25


@dataclass(frozen=True)
class Direction:
    """One direction.

    Attributes:
        name: What it makes of a sound, one of :data:`NAMES`.
        r2: Share of the differences between new sounds that it foretells, at most 1.
        unit: Its numbers, of length 1, one for each of the code.
    """

    name: str
    r2: float
    unit: tuple[float, ...]

    @property
    def offered(self) -> bool:
        """Whether it is good enough."""
        return self.r2 >= LEAST_R2


def measure_directions(model: LoadedModel, label: int | None) -> tuple[Direction, ...]:
    """All directions of one class, good or not: some 10 ms a sound, a thousand sounds.

    Args:
        model: A loaded model of mono spectrograms.
        label: Number of the class, or ``None`` for a model without.

    Raises:
        UsageError: The model is another one.
    """
    codec = spectrograms_of(model.codec)
    size = model.generator.latent_dim - model.generator.noise_dim
    n_fitted = min(max(600, 10 * size), 2000)
    seeds = range(SEED, SEED + n_fitted + N_NEW)
    labels = None if label is None else torch.tensor([label])

    def work(start: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        latents = draw_latents(seeds[start : start + _AT_ONCE], model.generator.latent_dim)
        drawn = torch.cat([model.generator(row[None], labels) for row in latents])
        return latents[:, :size].double(), qualities(codec, codec.corrected(drawn))

    parts = map_in_threads(work, range(0, len(seeds), _AT_ONCE))
    codes = torch.cat([part[0] for part in parts])
    with one_thread():
        return tuple(
            _fit(name, codes, torch.cat([part[1][name] for part in parts]), n_fitted)
            for name in NAMES
        )


def _fit(name: str, codes: Tensor, values: Tensor, n_fitted: int) -> Direction:
    """The direction of ``values`` [N] over ``codes`` [N, C], and how good it is on the last."""
    x, y = codes[:n_fitted], values[:n_fitted]
    centred = x - x.mean(dim=0)
    penalty = _RIDGE * torch.eye(x.shape[1], dtype=torch.float64)
    weights = torch.linalg.solve(centred.T @ centred + penalty, centred.T @ (y - y.mean()))
    rest = values[n_fitted:]
    foretold = (codes[n_fitted:] - x.mean(dim=0)) @ weights + y.mean()
    spread = float((rest - rest.mean()).square().sum())
    length = float(weights.square().sum().sqrt())
    if not (spread > 0 and 0 < length < math.inf):
        return Direction(name, 0.0, (0.0,) * len(weights))
    r2 = 1.0 - float((rest - foretold).square().sum()) / spread
    # Few digits: machines that round differently find the same numbers, and so the same address.
    return Direction(name, round(r2, 4), tuple((weights / length).round(decimals=4).tolist()))


def qualities(codec: SpectrogramCodec, images: Tensor) -> dict[str, Tensor]:
    """What can be measured in mono images [B, C, F, T]: float64 [B] for each of :data:`NAMES`.

    Frequencies and times as binary logarithms, shares of energy and flatness in dB.
    """
    magnitude = codec.representation.decode(images).magnitude.double()
    bins = magnitude.shape[-2]
    hertz = torch.linspace(0.0, codec.clip.sample_rate / 2, bins, dtype=torch.float64)
    power = magnitude.square()
    frame = codec.representation.stft.hop_length / codec.clip.sample_rate
    spectrum, envelope = power.sum(dim=2), power.sum(dim=1)
    floored = spectrum + FLOOR * spectrum.amax(dim=1, keepdim=True) + 1e-30
    begun = envelope.cumsum(dim=1) / envelope.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return {
        "brighter": centroid_hz(spectrum, hertz).log2(),
        "sharper": _share_db(_early(begun, frame)),
        "longer": (_reached(begun, 0.99) * frame).clamp(min=1e-4).log2(),
        "boomier": _share_db(_part(spectrum, hertz < LOW_HZ)),
        "airier": _share_db(_part(spectrum, hertz > min(HIGH_HZ, codec.clip.sample_rate / 5))),
        "noisier": 10.0 * (floored.log10().mean(dim=1) - floored.mean(dim=1).log10()),
        "higher": _strongest(spectrum, hertz).clamp(min=20.0).log2(),
    }


def _share_db(share: Tensor) -> Tensor:
    """Shares as decibels over the rest, so that they have no end on either side."""
    share = share.clamp(FLOOR, 1.0 - FLOOR)
    return 10.0 * (share / (1.0 - share)).log10()


def _part(spectrum: Tensor, wanted: Tensor) -> Tensor:
    return spectrum[:, wanted].sum(dim=1) / spectrum.sum(dim=1).clamp(min=1e-30)


def _reached(begun: Tensor, share: float) -> Tensor:
    """Frames until ``begun`` [B, T], which rises to 1, reaches a share; between two, on a line."""
    at = (begun < share).sum(dim=1, keepdim=True).clamp(max=begun.shape[1] - 1)
    above = begun.gather(1, at)
    below = torch.where(at > 0, begun.gather(1, (at - 1).clamp(min=0)), torch.zeros_like(above))
    return (at + (share - below) / (above - below).clamp(min=1e-12))[:, 0]


def _early(begun: Tensor, frame: float) -> Tensor:
    """Share of the energy in the first 30 ms from where one hundredth has been heard."""
    onset = (begun < 0.01).sum(dim=1, keepdim=True)
    last = onset - 1 + max(1, round(SHARP_SECONDS / frame))
    return begun.gather(1, last.clamp(max=begun.shape[1] - 1))[:, 0]


def _strongest(spectrum: Tensor, hertz: Tensor) -> Tensor:
    """The strongest frequency, as the centre of its bin and of two to either side, Hz."""
    peak = spectrum.argmax(dim=1, keepdim=True)
    near = (torch.arange(len(hertz)) - peak).abs() <= 2
    around = spectrum * near
    return around @ hertz / around.sum(dim=1).clamp(min=1e-30)
