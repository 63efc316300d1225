"""Names of parts, and what is said where one is not known."""

from __future__ import annotations

import sys

import pytest

from soundgan.errors import UsageError
from soundgan.registry import Registry, did_you_mean

NUMBERS: Registry[type] = Registry(
    "number", {"fraction": "fractions:Fraction", "decimal": "decimal:Decimal"}
)


def test_names_keep_the_order_of_their_registration() -> None:
    assert NUMBERS.names() == ("fraction", "decimal")


def test_a_part_is_imported_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    formats: Registry[type] = Registry("format", {"wav": "wave:Wave_read"})
    assert "wave" not in sys.modules
    assert formats.load("wav").__name__ == "Wave_read"
    assert "wave" in sys.modules


def test_a_mistyped_name_gets_the_nearest_one_and_another_gets_all() -> None:
    with pytest.raises(UsageError, match=r"^unknown number 'fracton'; did you mean 'fraction'\?$"):
        NUMBERS.load("fracton")
    with pytest.raises(UsageError, match=r"^unknown number 'x'; choose from fraction, decimal$"):
        NUMBERS.load("x")


def test_of_two_near_names_the_nearer_is_suggested() -> None:
    assert did_you_mean("step", ("stop", "steps")) == "did you mean 'steps'?"


def test_where_nothing_can_be_set_a_word_is_not_answered_with_an_empty_list() -> None:
    assert did_you_mean("margin", ()) == "remove it: nothing can be set here"
