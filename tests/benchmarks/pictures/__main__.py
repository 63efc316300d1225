"""``python -m tests.benchmarks.pictures [FOLDER] [WORD...]``: the zoo, drawn, inverted, measured.

Words choose pictures whose names hold one of them. Two processes work; what has been measured
before, with the same pictures and the same code, is not measured again.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks.pictures.run import OURS, code_hash, file_name, jobs, work
from tests.benchmarks.pictures.table import report

_PROCESSES = 2


def main(folder: Path, words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [
        number
        for number, job in enumerate(jobs())
        if not words or any(word in file_name(*job) for word in words)
    ]
    started = time.perf_counter()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    one = partial(work, folder=folder, ours=code_hash(OURS), theirs=code_hash(()))
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        animals = list(pool.map(one, chosen))
    text = report(animals)
    (folder / "table.md").write_text(text)
    print(text)
    print(f"{len(animals)} pictures, {(time.perf_counter() - started) / 60.0:.1f} minutes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/zoo"), sys.argv[2:])
