from __future__ import annotations

import pytest

from soundgan.spelling import command_line, with_options


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`label`: no such class", "--label: no such class"),
        ("`clip_seconds=1.3` holds more", "--clip-seconds 1.3 holds more"),
        ("`slice=False` prevents it", "--no-slice prevents it"),
        ("`unlabelled=True` or `fresh`", "--unlabelled or --fresh"),
        ("add `training.batch_size=4`", "add --set training.batch_size=4"),
        ("`overrides` a: write it", "--set a: write it"),
        ("`audio_format=wav`", "--format wav"),
        ("`label_depth` 'a b'", "--label-depth 'a b'"),
        ("no `Sound` and no `` and `a b`", "no `Sound` and no `` and `a b`"),
    ],
)
def test_parameters_become_options(text: str, shown: str) -> None:
    assert with_options(text) == shown


def test_a_program_gives_parameters_as_a_person_would_type_them() -> None:
    given = {"out": "a b", "slice": False, "json": True, "seed": 0, "label": None, "formats": "sfz"}
    words = ["--out=a b", "--no-slice", "--json", "--seed=0", "--format=sfz"]
    assert command_line(given) == words
