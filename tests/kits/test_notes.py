"""Drums lie on the keys that General MIDI gives them."""

from __future__ import annotations

import pytest

from soundgan.kits.notes import choke_of, notes_for, role_of


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("kick", "kick"), ("Kick_Drum", "kick"), ("BD", "kick"), ("bass drum", "kick"),
        ("snare", "snare"), ("SnareDrums", "snare"), ("clap", "clap"), ("hat", "hat"),
        ("Hi-Hat", "hat"), ("closed hat", "hat"), ("closed_hi_hat", "hat"), ("hh01", "hat"),
        ("open hat", "open hat"), ("OpenHat", "open hat"), ("hat open", "open hat"),
        ("open hi-hat", "open hat"), ("ohh", "open hat"), ("tom", "tom"), ("low tom", "tom"),
        ("rimshot", "rim"), ("bird", None), ("3", None), ("that", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_class_is_known_by_its_name(label: str | None, role: str | None) -> None:
    assert role_of(label) == role
    assert choke_of(label) == (1 if role in ("hat", "open hat") else 0)


def test_the_keys_are_those_of_general_midi() -> None:
    labels = ["kick", "snare", "clap", "hat", "open hat", "tom", "tom", "tom", "kick"]
    assert notes_for(labels) == [36, 38, 39, 42, 46, 45, 47, 50, 35]


def test_other_drums_lie_on_free_keys_and_none_is_taken_twice() -> None:
    assert notes_for(["bird", None, "conga", "bird"]) == [60, 61, 63, 62]
    full = notes_for(["kick"] * 64 + ["bird"] * 64)
    assert sorted(full) == list(range(128))
