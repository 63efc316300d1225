from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from soundgan.inference.parity import Parity
from soundgan.pipelines.bench.document import row_document
from soundgan.pipelines.bench.rows import Row
from soundgan.pipelines.bench.table import WIDTH, render


def document_with(*rows: Row, **more: Any) -> dict[str, Any]:
    document = {
        "machine": {"processor": "Some CPU", "cores": 2, "threads": 2, "system": "Linux"},
        "versions": {"soundgan": "0.1.0", "torch": "2.11.0", "python": "3.11"},
        "model": {
            "kind": "bundled",
            "name": "drums",
            "generator": "convt",
            "inversion": "pghi",
            "image": [1, 128, 64],
            "parameters": 1_430_000,
            "flops_per_image": 104_000_000,
            "sample_rate": 22050,
            "seconds": 0.65,
        },
        "rows": [row_document(row, 0.5) for row in rows],
    }
    return json.loads(json.dumps(document | more))


def cells(text: str, title: str, place: str) -> str:
    """The line of ``place`` in the table under ``title``, blanks made single."""
    table = text[text.index(title) :].split("\n\n")[0]
    (line,) = (line for line in table.splitlines() if line.startswith(place))
    return " ".join(line.split())


def test_every_number_stands_in_its_table_with_its_unit(row: Row) -> None:
    text = render(document_with(row))
    # 0.9 to 1.2 of the median is 15 % on either side.
    assert cells(text, "sounds, from seed", "cpu") == (
        "cpu float32 passed 20.0 ms 10.0 ms ±15 % 8 32.0 ±15 % 16.0"
    )
    assert cells(text, "where the time", "cpu") == (
        "cpu float32 1.00 ms, 12 % 6.00 ms, 75 % 1.00 ms, 12 % 600 MB"
    )
    assert cells(text, "limits of the device", "cpu") == (
        "cpu float32 100 GFLOP/s 20.0 GB/s 75 %, batch 32 4 %"
    )
    assert cells(text, "training of the preset fast, 1,000 steps", "cpu") == (
        "cpu float32 250 ms ±15 % 4.00 64.0 4 min 10 s 1.20 GB"
    )
    assert text.startswith("drums (bundled model): sounds of 0.65 s at 22,050 Hz, phase by pghi\n")
    assert "Some CPU, 2 cores, 2 threads; Linux\nsoundgan 0.1.0, torch 2.11.0" in text


def test_the_widest_rows_fit_eighty_columns_whole(row: Row) -> None:
    slow = replace(row, device="cuda:15", hardware="cuda:15 (A GPU)", precision="bfloat16")
    text = render(document_with(row, slow))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "…" not in text
    assert text.count("cuda:15 bfloat16") == 4
    assert text.splitlines().count("cuda:15 (A GPU)") == 1


def test_a_failed_device_is_a_row_and_a_reason(row: Row) -> None:
    parity = Parity(False, 1.0, 0.01, "its images are the same grey all over")
    failed = Row("mps", "mps", "float32", f"not trusted: {parity.why}", parity)
    text = render(document_with(row, failed))
    assert cells(text, "sounds, from seed", "mps") == "mps float32 FAILED - - - - -"
    assert text.endswith("mps float32: not trusted: its images are the same grey all over")
    assert "limits of the device" not in render(document_with(failed))
    broken = Row("mps", "mps", "float32", "it fails: out of memory", row.parity)
    assert "mps float32 passed - -" in cells(render(document_with(broken)), "sounds, from", "mps")


def test_what_was_not_timed_is_marked_as_reckoned(row: Row) -> None:
    assert row.training is not None
    training = replace(row.training, step=None, seconds_per_step=30.0)
    text = render(document_with(replace(row, training=training, training_limit=None)))
    assert cells(text, "training of", "cpu") == "cpu float32 ~30.0 s 0.033 0.53 ~8 h 20 min -"
    assert text.endswith("cpu float32: ~ a step is too long to be timed here; reckoned from its "
                         "operations")  # fmt: skip


def test_what_a_device_cannot_do_is_said_below(row: Row) -> None:
    assert row.sounds is not None
    sounds = replace(row.sounds, refused={64: "out of memory"})
    lame = replace(row, sounds=sounds, training=None, training_failure="it fails: no kernel")
    text = render(document_with(lame))
    assert "training of the preset" not in text
    assert text.splitlines()[-2:] == [
        "cpu float32: no batch of 64: out of memory",
        "cpu float32: no training: it fails: no kernel",
    ]


def test_ratios_are_marked_where_the_spread_hides_them(row: Row) -> None:
    quotients = {
        "latency": {"ratio": 2.0, "low": 1.5, "high": 2.7},
        "training": {"ratio": 1.05, "low": 0.9, "high": 1.2},
    }
    comparison = {
        "file": "a.json",
        "same_machine_and_versions": True,
        "rows": [{"device": "cpu", "precision": "float32"} | quotients],
    }
    text = render(document_with(row, comparison=comparison))
    assert cells(text, "times as fast as a.json", "cpu") == "cpu float32 2.00 × ≈ 1.05 ×"
    assert "≈ is not clear of the spread" in text
    assert "another machine" not in text
    other = comparison | {"same_machine_and_versions": False}
    assert render(document_with(row, comparison=other)).endswith(
        "a.json is of another machine or of other versions"
    )
    nothing = comparison | {"rows": []}
    text = render(document_with(row, comparison=nothing))
    assert text.endswith("times as fast as a.json: nothing in common")


@pytest.mark.parametrize("kind", ["run", "file", "preset"])
def test_the_model_is_named_with_its_kind(kind: str, row: Row) -> None:
    document = document_with(row)
    document["model"]["kind"] = kind
    first = {"run": "drums (run)", "file": "drums (model)", "preset": "drums (preset, untrained)"}
    assert render(document).startswith(first[kind])
