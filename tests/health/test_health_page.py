"""docs/health.md tells every trouble, with its remedies in the order in which they are tried."""

from __future__ import annotations

import re

from soundgan.health.troubles import TROUBLES
from tests.health.page import PAGE, written

TEXT = PAGE.read_text("utf-8")


def test_the_list_of_troubles_is_that_of_the_registry() -> None:
    assert written(TEXT) == TEXT, "make health-page"


def test_every_remedy_is_explained_and_has_words_for_the_verdict() -> None:
    explained = {
        name
        for line in TEXT.splitlines()
        if line.startswith("- `")
        for name in re.findall("`([a-z-]+)`", line.partition(":")[0])
    }
    ladders = [TROUBLES.load(name).ladder for name in TROUBLES.names()]
    tried = {remedy.name: remedy.done for ladder in ladders for remedy in ladder}
    assert explained == tried.keys()
    assert all(tried.values())
