"""What an address says, and the one text that says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

MAX_SEED = 2**63 - 1
MAX_NUMBER = 10**9
"""Of a variation or a take."""
MAX_WEIGHT = 1000.0
MAX_TRUNCATION = 2.0
MAX_AMOUNT = 10.0
"""Of a step along a direction, either way."""
HASH_LENGTH = 16
"""Hexadecimal digits that name a code file."""

PLAIN = frozenset("_-.")
"""Beside letters and digits, what stands in a class as it is."""


@dataclass(frozen=True)
class Share:
    """A class, and how much of it; shares count relative to each other."""

    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Variation:
    """A step away from a sound: 0 is the sound itself, 1 another one of the model."""

    number: int
    strength: float


@dataclass(frozen=True)
class Step:
    """A step along a direction that was measured: its numbers are in the code file of this hash.

    An ``amount`` of 1 is as far as codes differ from each other along any one line.
    """

    hash: str
    amount: float


@dataclass(frozen=True)
class Code:
    """A sound that was found, not drawn: its numbers are in the code file of this hash."""

    hash: str


@dataclass(frozen=True)
class Part:
    """One of the sounds that a morph lies between; weights count relative to each other."""

    address: Address
    weight: float = 1.0


@dataclass(frozen=True)
class Address:
    """One sound of a model; ``str()`` gives its text.

    Attributes:
        source: A seed, a code, or two or more parts of a morph.
        classes: Its classes; ``None`` is the class that the source itself has, and an empty tuple
            is none at all.
        variations: Steps away from the source, drawn or along a direction, one after the other.
        take: Number of another take, with another grain; 0 is the first.
        truncation: Factor on the latent; below 1 gives more typical, less varied sounds.
    """

    source: int | Code | tuple[Part, ...]
    classes: tuple[Share, ...] | None = None
    variations: tuple[Variation | Step, ...] = ()
    take: int = 0
    truncation: float = 1.0

    @property
    def is_morph(self) -> bool:
        """Whether it is a morph and nothing more, which needs braces inside another address."""
        return self == Address(self.source) and isinstance(self.source, tuple)

    @property
    def is_seed(self) -> bool:
        """Whether ``generate`` makes it from a seed, at most one class and a truncation."""
        plain = isinstance(self.source, int) and not (self.variations or self.take)
        return plain and len(self.classes or ()) <= 1

    def __str__(self) -> str:
        """The address as text; :func:`soundgan.addresses.parse.parse_address` reads it."""
        return _morph(self.source) if self.is_morph else _sound(self)


def origin(address: Address, steps: int | None = None) -> str:
    """What variations and takes of an address are drawn from: never its classes or truncation.

    So a variation of another class is the same step.

    Args:
        address: The address.
        steps: How many of its variations belong to it; all of them unless given.
    """
    return str(_bare(replace(address, variations=address.variations[:steps], take=0)))


def _bare(address: Address) -> Address:
    source = address.source
    if isinstance(source, tuple):
        source = tuple(Part(_bare(part.address), part.weight) for part in source)
    return replace(address, source=source, classes=None, truncation=1.0)


def decimal(value: float) -> str:
    """A number that is not negative, in full and without an exponent: ``0.3``, ``1``."""
    text = f"{Decimal(repr(float(value))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def encode_label(label: str) -> str:
    """A class as it stands in an address: signs and spaces as ``%20`` and so on."""
    return "".join(
        c if c.isalnum() or c in PLAIN else _percent(c.encode("utf-8", "surrogatepass"))
        for c in label
    )


def _percent(content: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in content)


def _morph(source: object) -> str:
    parts = source if isinstance(source, tuple) else ()
    return "+".join(
        (f"{{{part.address}}}" if part.address.is_morph else str(part.address))
        + ("" if part.weight == 1.0 else f"@{decimal(part.weight)}")
        for part in parts
    )


def _sound(address: Address) -> str:
    source = address.source
    if isinstance(source, tuple):
        text = f"{{{_morph(source)}}}"
    else:
        text = f"code{source.hash}" if isinstance(source, Code) else str(source)
    if address.classes is not None:
        text += ":" + ":".join(
            encode_label(share.label) + ("" if share.weight == 1.0 else f"={decimal(share.weight)}")
            for share in address.classes
        )
    text += "".join(map(_step, address.variations))
    text += f"~take{address.take}" if address.take else ""
    return text + ("" if address.truncation == 1.0 else f"~trunc{decimal(address.truncation)}")


def _step(step: Variation | Step) -> str:
    if isinstance(step, Variation):
        return f"~vary{step.number}@{decimal(step.strength)}"
    sign = "-" if step.amount < 0 else ""
    return f"~code{step.hash}@{sign}{decimal(abs(step.amount))}"
