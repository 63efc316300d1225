from __future__ import annotations

from soundgan.audio.find import Listing, PassedOver
from soundgan.pipelines.prepare.notes import say_passed_over
from tests.listeners import Listener


def test_what_may_have_cost_sounds_is_named_first_then_a_count() -> None:
    links = tuple(PassedOver(f"{number}", "hidden") for number in range(7))
    listing = Listing(("a.wav",), ("closed/",), links)
    listener = Listener()
    say_passed_over(listing, listener)
    assert listener.warned == ["passed over: closed/: cannot be read"]
    assert listener.said == [
        *(f"passed over: {number}: hidden" for number in range(4)),
        "passed over: 3 more, all named in report.json",
    ]
    assert len(listing.not_looked_at) == 8


def test_nothing_is_said_of_a_folder_that_was_read_whole() -> None:
    listener = Listener()
    say_passed_over(Listing(("a.wav",), ()), listener)
    assert not listener.said
    assert not listener.warned
