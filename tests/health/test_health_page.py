"""docs/health.md tells every trouble, with its remedies in the order in which they are tried."""

from __future__ import annotations

import re

import pytest

from soundgan.health.controls import Controls
from soundgan.health.remedies import DONE
from soundgan.health.troubles import TROUBLES
from tests.health.games import RICH
from tests.health.page import PAGE, remedy, written

TEXT = PAGE.read_text("utf-8")
LADDERS = {name: TROUBLES.load(name).ladder for name in TROUBLES.names()}


def test_the_list_of_troubles_is_that_of_the_registry() -> None:
    assert written(TEXT) == TEXT, "make health-page"


@pytest.mark.parametrize("trouble", LADDERS)
def test_a_rung_is_listed_under_the_name_of_the_remedy_that_it_makes(trouble: str) -> None:
    made = [make(Controls(), RICH) for make in LADDERS[trouble]]
    assert [one and one.name for one in made] == [remedy(make)[0] for make in LADDERS[trouble]]


def test_every_remedy_is_explained_and_has_words_for_the_verdict() -> None:
    explained = {
        name
        for line in TEXT.splitlines()
        if line.startswith("- `")
        for name in re.findall("`([a-z-]+)`", line.partition(":")[0])
    }
    tried = {remedy(make)[0] for ladder in LADDERS.values() for make in ladder}
    assert explained == tried == set(DONE)
