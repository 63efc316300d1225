"""Which sources are held out."""

from __future__ import annotations

import hashlib

import pytest

from soundgan.data.split import choose_held_out


def sources(count: int, *, prefix: str = "s") -> list[str]:
    return [hashlib.sha256(f"{prefix}{i}".encode()).hexdigest() for i in range(count)]


def test_the_share_is_kept_in_every_class() -> None:
    kicks, snares = sources(200), sources(100, prefix="t")
    labels = dict.fromkeys(kicks, 0) | dict.fromkeys(snares, 1)
    held = choose_held_out(labels, dict.fromkeys(labels, 1), share=0.05)
    assert len(held & set(kicks)) == 10
    assert len(held & set(snares)) == 5


@pytest.mark.parametrize(("count", "expected"), [(1, 0), (7, 0), (8, 1), (9, 1), (29, 1), (40, 2)])
def test_a_small_class_gives_one_source_from_eight_clips_on(count: int, expected: int) -> None:
    names = sources(count)
    held = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.05)
    assert len(held) == expected


def test_the_only_source_of_a_class_stays_in_training() -> None:
    [name] = sources(1)
    assert choose_held_out({name: 0}, {name: 500}, share=0.5) == frozenset()


def test_nothing_is_held_out_when_the_share_is_zero() -> None:
    names = sources(100)
    assert not choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.0)


def test_order_does_not_change_the_draw() -> None:
    names = sources(300)
    ahead = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.1)
    behind = choose_held_out(dict.fromkeys(names[::-1], 0), dict.fromkeys(names, 1), share=0.1)
    assert ahead == behind


def test_one_more_file_moves_at_most_one_other() -> None:
    names = sources(301)
    before = choose_held_out(dict.fromkeys(names[:-1], 0), dict.fromkeys(names, 1), share=0.05)
    after = choose_held_out(dict.fromkeys(names, 0), dict.fromkeys(names, 1), share=0.05)
    assert len((before ^ after) - {names[-1]}) <= 1
