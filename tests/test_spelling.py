from __future__ import annotations

import pytest

from soundgan.spelling import with_options


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
