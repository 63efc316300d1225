"""Large arrays that are freed and asked for again cost no new pages."""

from __future__ import annotations

import subprocess
import sys

import pytest

AGAIN = """
import resource, sys
from soundgan.runtime.memory import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
for turn in range(9):
    if turn == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    del_me = bytearray(64 * 2**20)
    del del_me
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages_of_the_second_to_ninth(mode: str) -> int:
    run = subprocess.run(
        [sys.executable, "-c", AGAIN, mode], capture_output=True, text=True, check=True
    )
    return int(run.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the allocator is left alone")
def test_freed_memory_is_used_again() -> None:
    # 64 MiB are 16384 pages (or 32 huge ones); two of eight rounds would be an accident.
    assert pages_of_the_second_to_ninth("kept") * 4 < pages_of_the_second_to_ninth("default")
