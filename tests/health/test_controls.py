from __future__ import annotations

import json
import math
from typing import Any

import pytest

from soundgan.errors import ArtefactError
from soundgan.health.controls import Controls


def test_controls_survive_json() -> None:
    controls = Controls(0.3, 2.0, 0.5, 0.25, 0.125, 2)
    assert Controls.from_dict(json.loads(json.dumps(controls.to_dict()))) == controls
    assert Controls.from_dict(json.loads(json.dumps(Controls().to_dict()))) == Controls()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("penalty_scale", math.nan),
        ("penalty_scale", math.inf),
        ("penalty_scale", -1.0),
        ("penalty_scale", 10**400),
        ("penalty_scale", None),
        ("penalty_scale", True),
        ("penalty_scale", "1.0"),
        ("skip_discriminator", 1.01),
        ("discriminator_rate_scale", 0.0),
        ("augment_probability", [0.5]),
        ("attempt", 1.0),
        ("attempt", -1),
    ],
)
def test_a_value_that_no_run_can_have_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ArtefactError, match=f"controls: {name}: cannot be"):
        Controls.from_dict(Controls().to_dict() | {name: value})


@pytest.mark.parametrize(
    "document", [None, [], {}, {"attempt": 0}, Controls().to_dict() | {"x": 1}]
)
def test_a_document_of_another_shape_is_refused(document: Any) -> None:
    with pytest.raises(ArtefactError, match="not a table of exactly"):
        Controls.from_dict(document)
