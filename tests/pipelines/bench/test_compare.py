from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soundgan.errors import ArtefactError, UsageError
from soundgan.pipelines.bench.compare import (
    Earlier,
    compare,
    is_clear,
    read_earlier,
    refuse_other_model,
)
from soundgan.pipelines.bench.document import row_document
from soundgan.pipelines.bench.rows import Row

Document = dict[str, Any]


@pytest.fixture
def document(row: Row) -> Document:
    return {
        "schema": 1,
        "command": "bench",
        "machine": {"cores": 2},
        "versions": {"torch": "2.11"},
        "model": {"name": "drums", "sha256": "aa"},
        "rows": [json.loads(json.dumps(row_document(row, 0.5)))],
    }


Save = Callable[[Document], Earlier]


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Save:
    """Writes a result to earlier.json and reads it back."""
    monkeypatch.chdir(tmp_path)

    def earlier(document: Document) -> Earlier:
        Path("earlier.json").write_text(json.dumps(document))
        return read_earlier(Path("earlier.json"))

    return earlier


def slower(document: Document, factor: float) -> Document:
    """The same measurement on a machine that takes ``factor`` times as long."""

    def stretched(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: inner * factor if name.endswith("_s") else stretched(inner)
                for name, inner in value.items()
            }
        return [stretched(inner) for inner in value] if isinstance(value, list) else value

    return document | {"rows": stretched(document["rows"])}


def test_a_machine_twice_as_fast_has_the_ratio_two_everywhere(
    document: Document, save: Save
) -> None:
    found = compare(save(slower(document, 2.0)), document)["rows"][0]
    assert (found.pop("device"), found.pop("precision")) == ("cpu", "float32")
    assert set(found) == {"load", "latency", "throughput", "training"}
    for quotient in found.values():
        # Quartiles at 0.9 and 1.2 of the median: 2 · 0.9 / 1.2 to 2 · 1.2 / 0.9.
        assert quotient == pytest.approx({"ratio": 2.0, "low": 1.5, "high": 8 / 3})
        assert is_clear(quotient)


def test_a_difference_within_the_spread_is_not_clear(document: Document, save: Save) -> None:
    quotients = compare(save(slower(document, 1.1)), document)["rows"][0]
    assert not is_clear(quotients["latency"])
    assert is_clear({"low": 0.5, "high": 0.9, "ratio": 0.7})


def test_throughput_is_compared_a_sound_and_not_a_batch(document: Document, save: Save) -> None:
    other = copy.deepcopy(document)
    for batch in other["rows"][0]["sounds"]["batches"]:
        batch["n_sounds"] *= 4
    quotient = compare(save(other), document)["rows"][0]["throughput"]
    assert quotient["ratio"] == pytest.approx(1 / 4)


def test_only_what_was_measured_both_times_is_compared(document: Document, save: Save) -> None:
    other = copy.deepcopy(document)
    other["rows"][0]["training"]["batch_size"] = 64
    assert "training" not in compare(save(other), document)["rows"][0]
    other["rows"][0]["precision"] = "bfloat16"
    assert compare(save(other), document)["rows"] == []
    failed = copy.deepcopy(document)
    failed["rows"][0] |= {"sounds": None, "training": None, "failure": "it fails"}
    assert compare(save(failed), document)["rows"] == [{"device": "cpu", "precision": "float32"}]


def test_another_machine_or_version_is_named(document: Document, save: Save) -> None:
    assert compare(save(document), document)["same_machine_and_versions"]
    for part in ("machine", "versions"):
        other = document | {part: {"cores": 64}}
        assert not compare(save(other), document)["same_machine_and_versions"]


def test_another_model_is_refused(document: Document, save: Save) -> None:
    refuse_other_model(save(document), "aa", "mine")
    with pytest.raises(UsageError, match=r"another model \(drums\), this is mine; name the same"):
        refuse_other_model(save(document), "bb", "mine")


def without_sounds(row: Document) -> None:
    del row["sounds"]


def of_text(row: Document) -> None:
    row["sounds"]["load"]["median_s"] = "fast"


def without_its_batch(row: Document) -> None:
    row["sounds"]["best_batch_size"] = 3


def of_other_form(row: Document) -> None:
    row["sounds"] = [1, 2]


def not_finite(row: Document) -> None:
    row["sounds"]["load"]["median_s"] = float("nan")


@pytest.mark.parametrize(
    "damage", [without_sounds, of_text, without_its_batch, of_other_form, not_finite]
)
def test_a_damaged_row_is_an_artefact_error(
    damage: Callable[[Document], None], document: Document, save: Save
) -> None:
    other = copy.deepcopy(document)
    damage(other["rows"][0])
    with pytest.raises(ArtefactError, match=r"^earlier.json: damaged: "):
        save(other)
