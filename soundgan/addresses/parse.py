"""The text of an address, read strictly."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from soundgan.addresses.address import (
    HASH_LENGTH,
    MAX_AMOUNT,
    MAX_NUMBER,
    MAX_SEED,
    MAX_TRUNCATION,
    MAX_WEIGHT,
    Address,
    Code,
    Part,
    Share,
    Step,
    Variation,
)
from soundgan.errors import UsageError

MOST_CHARACTERS = 4000
"""Of a whole address."""

MOST_PARTS = 64
MOST_DEPTH = 8
"""Morphs inside morphs."""

_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,400})?")
_SEED = re.compile(r"[0-9]{1,30}")
_CODE = re.compile(rf"code([0-9a-f]{{{HASH_LENGTH}}})(?![0-9a-zA-Z])")
_CLASS = re.compile(r"(?:[^\s:=@+~{}%]|%[0-9A-Fa-f]{2})+")
_VARY = re.compile(r"~vary([0-9]{1,30})@")
_STEP = re.compile(rf"~code([0-9a-f]{{{HASH_LENGTH}}})@")
_TAKE = re.compile(r"~take([0-9]{1,30})")
_TRUNCATION = re.compile(r"~trunc(?=[0-9])")


def parse_address(text: str) -> Address:
    """The address that ``text`` says.

    Raises:
        UsageError: It says none; the message tells where it stops making sense.
    """
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"address of {len(text)} characters: longer than {MOST_CHARACTERS}; "
            "use fewer parts and steps"
        )
    reader = _Reader(text)
    found = reader.morph(0)
    if reader.at < len(text):
        raise reader.refusal("a colon, '~vary', '~take', '~trunc', '+' or the end was expected")
    return found


class _Reader:
    """Reads from left to right; ``at`` is where it stands."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def refusal(self, why: str) -> UsageError:
        """What is wrong here."""
        shown = self.text if len(self.text) <= 100 else f"{self.text[:97]}..."
        return UsageError(
            f"{shown!r}: no address, at character {self.at + 1} {why}; "
            "addresses look like 42, 42:kick or 42:kick~vary5@0.3"
        )

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What is here, if it is ``pattern``, and step behind it."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def sign(self, sign: str) -> bool:
        """Whether ``sign`` is here; then step behind it."""
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) * there
        return there

    def morph(self, depth: int) -> Address:
        """One sound, or several joined by plus signs."""
        parts = [self.part(depth)]
        while self.sign("+"):
            if len(parts) == MOST_PARTS:
                raise self.refusal(f"is more than the {MOST_PARTS} parts of one morph")
            parts.append(self.part(depth))
        if len(parts) == 1:
            if parts[0].weight != 1.0:
                raise self.refusal("a weight stands at a sound that is not part of a morph")
            return parts[0].address
        if not any(part.weight for part in parts):
            raise self.refusal("all weights are 0")
        return Address(tuple(parts))

    def part(self, depth: int) -> Part:
        """A sound with its weight."""
        address = self.sound(depth)
        return Part(address, self.number("a weight", MAX_WEIGHT) if self.sign("@") else 1.0)

    def sound(self, depth: int) -> Address:
        """A source and everything behind it."""
        source = self.source(depth)
        classes = self.classes() if self.sign(":") else None
        variations = self.variations()
        found = self.take(_TAKE)
        take = self.whole(found[1], "a take's number", 1, MAX_NUMBER) if found else 0
        truncated = self.take(_TRUNCATION)
        truncation = self.number("a truncation", MAX_TRUNCATION) if truncated else 1.0
        return Address(source, classes, variations, take, truncation)

    def variations(self) -> tuple[Variation | Step, ...]:
        """Steps away from the source; none where no such sign follows."""
        steps: list[Variation | Step] = []
        while True:
            if found := self.take(_VARY):
                number = self.whole(found[1], "a variation's number", 1, MAX_NUMBER)
                steps.append(Variation(number, self.number("a strength", 1.0)))
            elif found := self.take(_STEP):
                sign = -1.0 if self.sign("-") else 1.0
                steps.append(Step(found[1], sign * self.number("an amount", MAX_AMOUNT)))
            else:
                return tuple(steps)

    def source(self, depth: int) -> int | Code | tuple[Part, ...]:
        """A seed, a code or a morph in braces."""
        if found := self.take(_CODE):
            return Code(found[1])
        if found := self.take(_SEED):
            return self.whole(found[0], "a seed", 0, MAX_SEED)
        if not self.sign("{"):
            raise self.refusal("a seed was expected")
        if depth == MOST_DEPTH:
            raise self.refusal(f"is a morph inside {MOST_DEPTH} others")
        inside = self.morph(depth + 1)
        if not inside.is_morph:
            raise self.refusal("a morph was expected inside the braces")
        if not self.sign("}"):
            raise self.refusal("a closing brace was expected")
        return inside.source

    def classes(self) -> tuple[Share, ...]:
        """Classes with colons between them; none where nothing follows."""
        shares: list[Share] = []
        while found := self.take(_CLASS):
            try:
                label = unquote_to_bytes(found[0]).decode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                raise self.refusal("a class ends that is no UTF-8") from None
            weight = self.number("a share", MAX_WEIGHT) if self.sign("=") else 1.0
            if any(label == share.label for share in shares):
                raise self.refusal(f"the class {label!r} stands for the second time")
            shares.append(Share(label, weight))
            if not self.sign(":"):
                break
        else:
            if shares:
                raise self.refusal("a class was expected")
        if shares and not any(share.weight for share in shares):
            raise self.refusal("all shares are 0")
        return tuple(shares)

    def number(self, what: str, most: float) -> float:
        """A number from 0 to ``most``."""
        found = self.take(_NUMBER)
        if found is None:
            raise self.refusal(f"{what} was expected")
        value = float(found[0])
        if value > most:
            raise self.refusal(f"{what} ends that is above {most:g}")
        return value

    def whole(self, digits: str, what: str, least: int, most: int) -> int:
        """``digits`` as a whole number."""
        value = int(digits)
        if not least <= value <= most:
            raise self.refusal(f"{what} ends that is not from {least} to {most}")
        return value
