"""The table of docs/evaluate.md: what each number makes of each fault, on real drum hits."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.pipelines.evaluate.chance import chances_of
from tests.evaluation.corpora import fitted
from tests.evaluation.faults import FAULTS
from tests.evaluation.planted import NAMES, Bench, Hits, recorded, shuffled

pytestmark = pytest.mark.benchmark
CAUGHT = 2.0


def test_planted_faults() -> None:
    folder = os.environ.get("SOUNDGAN_DRUMS")
    if not folder:
        pytest.skip("SOUNDGAN_DRUMS names no folder of drum hits")
    bench = Bench(recorded(Path(folder)))
    heads = list(NAMES.values())
    print(f"\n{bench.n} against {bench.n} hits, in times of chance")
    print("| fault |", " | ".join(heads), "| rarest class |")
    print("|---" * (len(heads) + 2) + "|")
    worst = {}
    for fault in ("", *FAULTS, "one class missing", "twenty modes"):
        sounds = bench.spoilt(fault)
        found = bench.times(*sounds)
        cells = [f"**{t:.1f}**" if t >= CAUGHT else f"{t:.1f}" for t in found.values()]
        rarest = bench.row(*sounds)["rarest_class"]
        print(f"| {fault or 'none'} |", " | ".join(cells), f"| {rarest:.2f} |")
        worst[fault] = max(found.values())
    print("| chance |", " | ".join(f"{bench.chances[key].limit:.4g}" for key in NAMES), "| |")
    assert worst[""] < CAUGHT
    assert all(times >= CAUGHT for fault, times in worst.items() if fault in FAULTS)


def digits(folder: Path) -> Hits:
    """The spoken digits below a folder, a class each, 0.64 s."""
    paths = sorted(folder.rglob("*.wav"))
    clips = [fitted(soundfile.read(path, dtype="float32")[0], 5120) for path in paths]
    return shuffled(clips, [int(path.stem.split("_")[0]) for path in paths], 8000)


@pytest.mark.parametrize("variable", ["SOUNDGAN_DRUMS", "SOUNDGAN_FSDD"])
def test_noise_floors(variable: str) -> None:
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"{variable} names no folder")
    hits = (recorded if variable == "SOUNDGAN_DRUMS" else digits)(Path(folder))
    counts = [n for n in (100, 300, 800) if 2 * n <= len(hits.clips)]
    bench, found = Bench(hits), []
    for n in counts:
        # The middle third stands for the clips measured against: of as many as are asked for.
        middle = bench.ruler.clips.rows(np.arange(min(n, bench.n)))
        found.append(chances_of(replace(bench.ruler, clips=middle), n, labelled=True))
    print(f"\n{len(hits.clips)} clips of {variable}: usual, and what 19 of 20 stay within")
    print("| number |", " | ".join(map(str, counts)), "|")
    for key in NAMES:
        cells = [f"{f[key].usual:.4f}, {f[key].limit:.4f}" for f in found if key in f]
        if cells:
            print(f"| {key} |", " | ".join(cells), "|")
    assert found[0]["whole.kernel_distance"].limit > found[-1]["whole.kernel_distance"].limit
