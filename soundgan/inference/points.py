"""Addresses to latents: where in the space of a model a sound lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from soundgan.addresses.address import Address, Code, Part, Share, Step, encode_label, origin
from soundgan.errors import UsageError
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.registry import did_you_mean
from soundgan.runtime.seeding import torch_stream

Codes = Mapping[str, CodeNumbers]
"""The numbers of codes, by their hash."""


@dataclass(frozen=True, eq=False)
class Point:
    """Everything that one sound is made from.

    Attributes:
        code: What the sound is, float32 [C].
        grain: Its noise, float32 [G]; empty where the model injects none.
        shares: Share of each class by its number; they add up to 1. ``None`` without classes.
        seed: Of what is random about finding the phase.
    """

    code: Tensor
    grain: Tensor
    shares: Mapping[int, float] | None
    seed: int

    @property
    def latent(self) -> Tensor:
        """What the generator takes, [C + G]."""
        return torch.cat([self.code, self.grain])

    @property
    def label(self) -> int | None:
        """Its class, where it has exactly one."""
        return next(iter(self.shares)) if self.shares and len(self.shares) == 1 else None


def has_takes(model: LoadedModel) -> bool:
    """Whether one code makes many sounds, which differ in grain only."""
    return model.generator.noise_dim > 0


def full_address(model: LoadedModel, address: Address, codes: Codes) -> Address:
    """The same sound, with its class written out where it has one."""
    if address.classes is not None or isinstance(address.source, tuple):
        return address
    label = point_of(model, address, codes).label
    if label is None:
        return address
    names = model.description.labels
    free = label == model.description.free_label
    return replace(address, classes=() if free else (Share(names[label]),))


def point_of(model: LoadedModel, address: Address, codes: Codes | None = None) -> Point:
    """The point that an address names.

    The address of a seed names the latent and the class that ``generate`` draws for it.

    Args:
        model: Whose sound it is.
        address: Of the sound.
        codes: Numbers of the codes it names.

    Raises:
        UsageError: The model has no such class or no takes, or a code is not known.
    """
    point = _source(model, address, codes or {})
    if address.classes is not None:
        point = replace(point, shares=_shares(model, address.classes))
    if model.description.labels and point.shares is None:
        raise UsageError(f"{address}: names no class; put one behind it, as in {address}:kick")
    code = point.code
    for step, variation in enumerate(address.variations):
        if isinstance(variation, Step):
            numbers = _numbers(model, address, variation.hash, codes or {})
            code = along(code, numbers, variation.amount)
            continue
        stream = torch_stream(variation.number, "variation", origin(address, step))
        away = torch.randn(len(code), generator=stream)
        code = moved(code, away, variation.strength)
    grain = point.grain
    if address.take:
        if not has_takes(model):
            raise UsageError(
                f"{address}: this model has no takes, its sounds follow from their codes alone; "
                "ask for variations"
            )
        stream = torch_stream(address.take, "take", origin(address))
        grain = torch.randn(len(grain), generator=stream)
    factor = address.truncation
    return replace(point, code=code * factor, grain=grain * factor)


def moved(code: Tensor, away: Tensor, strength: float) -> Tensor:
    """A step of ``strength`` from 0 to 1 from one code towards another, at the same spread."""
    if strength == 0.0:
        return code
    kept: float = (1.0 - strength**2) ** 0.5
    return code * kept + away * strength


def along(code: Tensor, direction: Tensor, amount: float) -> Tensor:
    """A code [C] moved by ``amount`` times a direction [C], and then as long as it was."""
    if amount == 0.0:
        return code
    before = code.double()
    after = before + amount * direction.double()
    return (after * (before.square().sum() / after.square().sum()).sqrt()).float()


def _numbers(model: LoadedModel, address: Address, hash: str, codes: Codes) -> Tensor:
    """The numbers [C] of a code that an address names."""
    numbers = codes.get(hash)
    if numbers is None:
        raise UsageError(
            f"{address}: the file code{hash}.json is not in codes/; name a sound made from it "
            "instead, which holds its numbers too"
        )
    if len(numbers.code) != model.generator.latent_dim - model.generator.noise_dim:
        raise UsageError(f"{address}: a code of another model")
    return torch.tensor(numbers.code)


def _source(model: LoadedModel, address: Address, codes: Codes) -> Point:
    source = address.source
    if isinstance(source, tuple):
        return _between(model, source, codes)
    noise = model.generator.noise_dim
    code_dim = model.generator.latent_dim - noise
    if isinstance(source, Code):
        code = _numbers(model, address, source.hash, codes)
        grain = codes[source.hash].grain
        drawn = draw_latents([grain], model.generator.latent_dim)[0]
        return Point(code, drawn[code_dim:], None, grain)
    drawn = draw_latents([source], model.generator.latent_dim)[0]
    n_classes = len(model.description.labels)
    shares = {int(draw_labels([source], n_classes)): 1.0} if n_classes else None
    return Point(drawn[:code_dim], drawn[code_dim:], shares, source)


def _shares(model: LoadedModel, classes: Sequence[Share]) -> Mapping[int, float] | None:
    description = model.description
    names, free = description.labels, description.free_label
    if not classes:
        if not names:
            return None
        if free is None:
            raise UsageError(
                "an address without a class: the model was trained with a label on every sound; "
                "name one"
            )
        return {free: 1.0}
    for share in classes:
        if not names:
            raise UsageError(f"class {share.label!r}: the model was trained without labels")
        if share.label not in names:
            raise UsageError(f"class {share.label!r}: no such class; {_near(share.label, names)}")
    return _normalised((names.index(share.label), share.weight) for share in classes)


def _near(label: str, names: Sequence[str]) -> str:
    return did_you_mean(encode_label(label), tuple(map(encode_label, names)))


def _normalised(pairs: Iterable[tuple[int, float]]) -> Mapping[int, float]:
    """Shares that add up to 1, without those that are 0; in the order of the classes."""
    total: dict[int, float] = {}
    for number, weight in pairs:
        total[number] = total.get(number, 0.0) + weight
    whole = sum(total.values())
    return {number: total[number] / whole for number in sorted(total) if total[number]}


def _between(model: LoadedModel, parts: Sequence[Part], codes: Codes) -> Point:
    """Codes and grains on the sphere between the parts, in their order; classes mixed.

    Lengths go evenly from one part to the next: nothing in between is duller than its ends.
    """
    weighed = [(point_of(model, part.address, codes), part.weight) for part in parts if part.weight]
    if len(weighed) == 1:
        return weighed[0][0]
    first, so_far = weighed[0]
    code, grain = first.code, first.grain
    for point, weight in weighed[1:]:
        so_far += weight
        code = slerp(code, point.code, weight / so_far)
        grain = slerp(grain, point.grain, weight / so_far)
    heaviest = max(weighed, key=lambda pair: pair[1])[0]
    if heaviest.shares is None:
        return Point(code, grain, None, heaviest.seed)
    whole = sum(weight for _, weight in weighed)
    shares = _normalised(
        (number, share * weight / whole)
        for point, weight in weighed
        for number, share in (point.shares or {}).items()
    )
    return Point(code, grain, shares, heaviest.seed)


def slerp(first: Tensor, second: Tensor, share: float) -> Tensor:
    """A code between two, at ``share`` of the angle and of the difference in length.

    Opposite or vanishing codes, which have no angle, are mixed along the line.

    References:
        White, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
    """
    a, b = first.double(), second.double()
    lengths = a.square().sum().sqrt(), b.square().sum().sqrt()
    length = (1.0 - share) * lengths[0] + share * lengths[1]
    if not (lengths[0] > 0 and lengths[1] > 0):
        return torch.lerp(a, b, share).float()
    a, b = a / lengths[0], b / lengths[1]
    angle = torch.arccos((a * b).sum().clamp(-1.0, 1.0))
    if torch.sin(angle) < 1e-6:
        return torch.lerp(a * lengths[0], b * lengths[1], share).float()
    turned = torch.sin((1.0 - share) * angle) * a + torch.sin(share * angle) * b
    return (turned / torch.sin(angle) * length).float()
