"""Every fault is caught by the number meant for it, and left alone by those it does not concern.

Numbers are in times of what chance does to as many real sounds: 1 is what 19 of 20 stay within.
``tests/benchmarks/test_planted_faults.py`` prints the whole table.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from soundgan.evaluation import quantities as q
from soundgan.evaluation.spread import Spread
from soundgan.pipelines.evaluate.excess import CLEAR_TIMES
from tests.evaluation.faults import FAULTS, slower
from tests.evaluation.planted import NAMES, Bench, recorded, synthesised

pytestmark = pytest.mark.slow

ATTACK = {"quantities.attack_time", "quantities.steepness", "quantities.crest_factor"}
TAIL = {"quantities.decay_time", "quantities.length", "quantities.end_level"}
COLOUR = {"quantities.brightness", "quantities.upper_edge", "quantities.above_8_khz"}
PATTERN = {"ripples.time", "ripples.frequency"}
QUANTITIES = ATTACK | TAIL | COLOUR

EXPECTED: list[tuple[str, set[str], set[str]]] = [
    # fault, numbers that catch it, numbers that leave it alone
    ("attacks slower by 3 ms", {"quantities.attack_time", "quantities.steepness"}, TAIL | PATTERN),
    ("attacks slower by 10 ms", {"quantities.attack_time", "quantities.steepness"},
     {"quantities.decay_time", "quantities.length"} | PATTERN),
    ("attacks slower by 30 ms", {"quantities.attack_time", "quantities.steepness"},
     {"quantities.decay_time", "quantities.length"} | PATTERN),
    ("attacks smeared by 3 ms", {"quantities.steepness", "attack.kernel_distance"},
     TAIL | PATTERN),
    ("attacks smeared by 10 ms", {"quantities.attack_time", "quantities.steepness"},
     {"quantities.decay_time", "quantities.length"} | PATTERN),
    ("attacks smeared by 30 ms", {"quantities.attack_time", "attack.kernel_distance"},
     {"quantities.decay_time", "quantities.length"} | PATTERN),
    ("low-passed at 12 kHz", {"quantities.upper_edge"}, ATTACK | TAIL | {"ripples.time"}),
    ("low-passed at 8 kHz", COLOUR, ATTACK | TAIL | {"ripples.time"}),
    ("a click at the end", {"quantities.end_level"},
     ATTACK | {"quantities.length"} | PATTERN),
    ("reverb", {"quantities.length", "whole.recall"}, ATTACK | COLOUR | PATTERN),
    ("tails cut 20 % early", {"quantities.end_level"}, ATTACK | COLOUR | PATTERN),
    ("blocks of 4×4 pixels", PATTERN, TAIL | COLOUR),
    ("twenty modes", {"whole.recall", "attack.recall"}, COLOUR),
]  # fmt: skip


@cache
def bench_of(kind: str) -> Bench:
    if kind == "synthesised":
        return Bench(synthesised(60, seconds=0.5))
    folder = os.environ.get("SOUNDGAN_DRUMS")
    if not folder:
        pytest.skip("SOUNDGAN_DRUMS names no folder of drum hits")
    return Bench(recorded(Path(folder)))


@pytest.fixture(scope="module", params=["synthesised", "recorded"])
def bench(request: pytest.FixtureRequest) -> Bench:
    return bench_of(request.param)


def test_unseen_real_sounds_are_caught_by_no_number(bench: Bench) -> None:
    found = bench.times(*bench.unseen)
    assert found.keys() == NAMES.keys()
    assert max(found.values()) < CLEAR_TIMES, found


@pytest.mark.parametrize(("fault", "catch", "leave"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_of(bench: Bench, fault: str, catch: set[str], leave: set[str]) -> None:
    found = bench.times(*bench.spoilt(fault))
    assert {key: found[key] for key in catch if found[key] < CLEAR_TIMES} == {}, found
    assert {key: found[key] for key in leave if found[key] >= CLEAR_TIMES} == {}, found


def test_a_missing_class_is_heard_to_be_missing_and_nothing_else(bench: Bench) -> None:
    clips, labels = bench.spoilt("one class missing")
    row = bench.row(clips, labels)
    assert row["rarest_class_name"] == "class 01"
    assert row["rarest_class"] < 0.2
    assert bench.row(*bench.unseen)["rarest_class"] > 0.5
    found = bench.times(clips, labels)
    assert max(found[key] for key in QUANTITIES | PATTERN) < CLEAR_TIMES, found


def test_mono_instead_of_stereo_is_caught_by_the_image_alone() -> None:
    hits = synthesised(40, seconds=0.3)
    mono = torch.from_numpy(hits.clips).float()[:, None]
    stream = torch.Generator().manual_seed(0)
    room = 5.0 * mono.abs().mean(dim=2, keepdim=True) * torch.randn(mono.shape, generator=stream)
    shares = torch.rand(len(mono), 1, 1, generator=stream)
    stereo = torch.cat([mono + shares * room, mono - shares * room], dim=1)
    first, second = slice(0, None, 2), slice(1, None, 2)
    real = q.measure(stereo, hits.rate).numpy()
    fake = q.measure(torch.cat([mono, mono], dim=1), hits.rate).numpy()
    labels = np.full(len(mono), -1)
    kinds = q.quantities_of(hits.rate, 2)
    for at, kind in enumerate(kinds):
        spread = Spread.of(kind, real[:, at], labels)
        sides = [(table[rows, at], labels[rows]) for table, rows in ((real, first), (fake, second))]
        chance = spread.compare(sides[0], (real[second, at], labels[second]))
        gap = spread.compare(*sides)
        assert gap is not None
        assert chance is not None
        if kind in (q.WIDTH, q.CORRELATION):
            assert gap.distance > 2.0 * max(0.25, chance.distance), kind
    assert q.WIDTH in kinds


def test_more_of_a_fault_is_more_of_its_number(bench: Bench) -> None:
    clips, labels = bench.unseen
    found = [
        bench.times(slower(ms)(clips, bench.hits.rate), labels)["quantities.attack_time"]
        for ms in (3.0, 10.0, 30.0)
    ]
    assert found == sorted(found)
    assert set(FAULTS) >= {"attacks slower by 3 ms"}
