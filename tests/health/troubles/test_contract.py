"""What holds for every trouble."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest

from soundgan.health.signals import Signals
from soundgan.health.troubles import TROUBLES
from soundgan.health.troubles.contract import ProbeTrouble, StepTrouble, Trouble, UpdateTrouble
from soundgan.health.view import View
from tests.health.games import FINE, RICH

ALL = [pytest.param(TROUBLES.load(name), id=name) for name in TROUBLES.names()]
MEASURED = [one for one in ALL if issubclass(one.values[0], ProbeTrouble)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TROUBLES.names())
def test_a_trouble_is_called_as_it_is_registered(name: str) -> None:
    assert TROUBLES.load(name).name == name


@pytest.mark.parametrize("trouble", ALL)
def test_a_trouble_is_of_a_kind_that_the_watch_looks_for(trouble: type[Trouble]) -> None:
    assert issubclass(trouble, UpdateTrouble) != issubclass(trouble, StepTrouble)
    assert isinstance(trouble(), Trouble)  # nothing of its kind is left out


@pytest.mark.parametrize("trouble", ALL)
def test_the_words_of_a_trouble_fit_into_their_sentences(trouble: type[Trouble]) -> None:
    over = [trouble.over] if issubclass(trouble, StepTrouble) else []
    for words in (trouble.summary, trouble.happened, trouble.advice, *over):
        assert words == words.strip()
        assert words
        assert words[-1] not in ".;,"
        assert "|" not in words  # a column of the page ends there


@pytest.mark.parametrize("trouble", MEASURED)
def test_a_sentence_tells_only_what_the_event_carries(trouble: type[ProbeTrouble]) -> None:
    told = {field for _, field, _, _ in Formatter().parse(getattr(trouble, "told", "")) if field}
    assert told <= {"step", *trouble.reads}
    assert set(trouble.reads) <= set(FINE)


@pytest.mark.parametrize("trouble", MEASURED)
def test_an_event_carries_what_its_trouble_reads_and_was_measured(
    trouble: type[ProbeTrouble],
) -> None:
    view = View(1, {}, Signals(), RICH, FINE, {}, {}, 1.0)
    assert trouble().numbers(view) == {name: FINE[name] for name in trouble.reads}
    assert trouble().numbers(replace(view, probe={})) == {}
