"""Addresses round-trip, and every sound has one text."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from soundgan.addresses.address import (
    MAX_NUMBER,
    MAX_SEED,
    Address,
    Code,
    Part,
    Share,
    Step,
    Variation,
    decimal,
    origin,
)
from soundgan.addresses.parse import MOST_CHARACTERS, parse_address

weights = st.floats(0.0, 1000.0).map(abs)
labels = st.text(min_size=1, max_size=12)
counts = st.integers(1, MAX_NUMBER)
shares = st.builds(Share, labels, weights)
classes = st.none() | st.lists(shares, max_size=4, unique_by=lambda share: share.label).map(tuple)
hashes = st.integers(0, 16**16 - 1).map("{:016x}".format)
steps = st.builds(Step, hashes, st.floats(-10.0, 10.0).map(lambda amount: amount or 0.0))
variations = st.lists(
    st.builds(Variation, counts, st.floats(0.0, 1.0).map(abs)) | steps, max_size=3
)


def addresses_over(sources: st.SearchStrategy[object]) -> st.SearchStrategy[Address]:
    return st.builds(
        Address,
        sources,
        classes.filter(lambda found: not found or any(share.weight for share in found)),
        variations.map(tuple),
        st.just(0) | counts,
        st.just(1.0) | st.floats(0.0, 2.0).map(abs),
    )


sources = st.integers(0, MAX_SEED) | st.builds(Code, hashes)
addresses = st.recursive(
    addresses_over(sources),
    lambda inner: addresses_over(
        st.lists(st.builds(Part, inner, weights), min_size=2, max_size=4)
        .map(tuple)
        .filter(lambda parts: any(part.weight for part in parts))
    ),
    max_leaves=6,
)


@given(addresses)
def test_what_is_printed_is_read_as_it_was(address: Address) -> None:
    text = str(address)
    assume(len(text) <= MOST_CHARACTERS)
    assert parse_address(text) == address
    assert str(parse_address(text)) == text
    assert not re.search(r"[\s'\"$&|;<>()*?!\\`#,]", text)


@given(st.floats(0.0, 1000.0))
def test_a_number_is_printed_in_full_and_read_back_exactly(value: float) -> None:
    assert float(decimal(value)) == value
    assert "e" not in decimal(value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("42", Address(42)),
        ("42:kick", Address(42, (Share("kick"),))),
        ("42:", Address(42, ())),
        ("42:open%20hat", Address(42, (Share("open hat"),))),
        ("42:kick=0.7:snare=0.3", Address(42, (Share("kick", 0.7), Share("snare", 0.3)))),
        ("42~vary5@0.3", Address(42, None, (Variation(5, 0.3),))),
        ("42~take2", Address(42, take=2)),
        ("42~trunc0.8", Address(42, truncation=0.8)),
        ("code0123456789abcdef:3", Address(Code("0123456789abcdef"), (Share("3"),))),
        ("42~code0123456789abcdef@-1.5", Address(42, None, (Step("0123456789abcdef", -1.5),))),
        ("42:3+4", Address((Part(Address(42, (Share("3"),))), Part(Address(4))))),
        (
            "{42@0.25+43@0.75}~vary1@1",
            Address((Part(Address(42), 0.25), Part(Address(43), 0.75)), None, (Variation(1, 1.0),)),
        ),
    ],
)
def test_these_texts_mean_what_they_always_meant(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert str(address) == text


def test_variations_of_another_class_or_truncation_are_the_same_steps() -> None:
    plain = parse_address("{42@0.5+43}~vary5@0.3~vary1@0.2")
    other = parse_address("{42:kick@0.5+43:snare~trunc0.5}:hat~vary5@0.3~vary1@0.2~take4~trunc0.7")
    assert origin(plain) == origin(other) == str(plain)
    assert origin(other, 1) == "{42@0.5+43}~vary5@0.3"
    moved = parse_address("42:kick~code0123456789abcdef@0.5~vary1@0.3")
    assert origin(moved, 1) == "42~code0123456789abcdef@0.5"
