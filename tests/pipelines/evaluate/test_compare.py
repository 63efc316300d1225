from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from soundgan.errors import ArtefactError, UsageError
from soundgan.pipelines.evaluate.compare import (
    compare,
    read_evaluation,
    refuse_other_reference,
)
from soundgan.pipelines.evaluate.run import EvaluateResult

PATH = Path("other/evaluation.json")


def test_an_evaluation_compared_with_itself_has_quotients_of_one(evaluated: EvaluateResult) -> None:
    other = read_evaluation(evaluated.report)
    row = evaluated.document["rows"]["candidate"]
    found = compare(evaluated.report, other, evaluated.document["counts"], row)
    assert found["candidate"] == evaluated.document["candidate"]
    for key, numbers in found["numbers"].items():
        assert numbers["this"] == numbers["other"], key
        assert numbers["ratio"] in (1.0, None)
    assert {"whole.kernel_distance", "classifier.recall", "accuracy"} <= found["numbers"].keys()


def test_quotients_are_this_over_other_and_absent_below_zero(evaluated: EvaluateResult) -> None:
    other = read_evaluation(evaluated.report)
    row = copy.deepcopy(evaluated.document["rows"]["candidate"])
    row["nearest_neighbour_ratio"] *= 3
    row["whole"]["kernel_distance"]["value"] = -0.001
    numbers = compare(PATH.parent / evaluated.report, other, other["counts"], row)["numbers"]
    assert numbers["nearest_neighbour_ratio"]["ratio"] == pytest.approx(3.0)
    assert numbers["whole.kernel_distance"]["ratio"] is None


def test_what_was_measured_differently_is_refused(evaluated: EvaluateResult) -> None:
    document = evaluated.document
    row, counts = document["rows"]["candidate"], document["counts"]
    other = json.loads(evaluated.report.read_text())
    reference, extractors = other["reference"], other["extractors"]
    refuse_other_reference(PATH, other, reference, extractors)
    with pytest.raises(
        UsageError, match=r"measured with 30 clips \(candidate\), this with 40; use"
    ):
        compare(PATH, other, counts | {"candidate": 40}, row)
    with pytest.raises(UsageError, match=r"against other recordings \(dataset .*same `data`"):
        refuse_other_reference(PATH, other, reference | {"dataset": "f" * 64}, extractors)
    for name in extractors:
        changed = extractors | {name: extractors[name] | {"hash": "0" * 64}}
        with pytest.raises(UsageError, match="other feature extractors"):
            refuse_other_reference(PATH, other, reference, changed)
    with pytest.raises(UsageError, match="other feature extractors"):
        refuse_other_reference(PATH, other, reference, {"whole": extractors["whole"]})


def test_what_is_no_evaluation_is_refused(evaluated: EvaluateResult, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    with pytest.raises(UsageError, match="no such file"):
        read_evaluation(path)
    good = json.loads(evaluated.report.read_text())
    without_rows = {key: value for key, value in good.items() if key != "rows"}
    for content, message in (
        ("{", "not valid JSON"),
        ("[]", "not an evaluation"),
        (json.dumps(good | {"command": "train"}), "not an evaluation"),
        (json.dumps(good | {"schema": 3}), "this program reads 2"),
        (json.dumps(without_rows), "a part is missing"),
        (json.dumps(good | {"rows": {}}), "a row is missing"),
    ):
        path.write_text(content)
        with pytest.raises(ArtefactError, match=message):
            read_evaluation(path)
