from __future__ import annotations

from soundgan.audio.find import Listing, PassedOver
from soundgan.ingest.labels import make_labelling
from soundgan.pipelines.prepare.notes import say_classes, say_passed_over
from soundgan.pipelines.prepare.own import OWN_DATASET, OWN_RUN
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


def test_runs_and_prepared_folders_are_said_in_one_line() -> None:
    own = tuple(PassedOver(f"runs/{number}", OWN_RUN) for number in range(7))
    listener = Listener()
    say_passed_over(Listing(("a.wav",), (), (*own, PassedOver("p", OWN_DATASET))), listener)
    assert listener.said == [
        "left out, as soundgan made them: p, runs/0, runs/1, runs/2, runs/3 and 3 more"
    ]


def test_a_single_folder_of_sounds_is_said_to_be_no_class() -> None:
    labelling = make_labelling(None, unlabelled=False)
    listener = Listener()
    say_classes(labelling.classes(["kick/a.wav"]), labelling, (), listener)
    assert listener.said[0].startswith("one sub-folder of sounds is no class")
    listener = Listener()
    say_classes(labelling.classes(["a.wav"]), labelling, (), listener)
    assert not listener.said
