"""Want of memory is told in one line; freed arrays that are asked for again cost no new pages."""

from __future__ import annotations

import errno
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from soundgan.runtime.memory import free_bytes, is_out_of_memory
from tests.datasets import write_dataset

SAYINGS = [
    MemoryError("Unable to allocate 64.0 MiB for an array"),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("could not create a primitive"),
    RuntimeError("could not create a memory object"),
    RuntimeError("std::bad_alloc"),
    RuntimeError("can't start new thread"),
    ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    ImportError("libtorch.so: cannot allocate memory in static TLS block"),
]


@pytest.mark.parametrize("error", SAYINGS, ids=str)
def test_want_of_memory_is_known_by_what_libraries_say(error: Exception) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [RuntimeError("no kernel image"), OSError(errno.ENOENT, "x"), ImportError("no module torch")],
    ids=str,
)
def test_other_errors_are_none_of_memory(error: Exception) -> None:
    assert not is_out_of_memory(error)


@pytest.mark.skipif(sys.platform != "linux", reason="read from the kernel's own table")
def test_free_memory_is_what_the_kernel_says_is_available() -> None:
    def available() -> int:
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
        assert found is not None
        return 1024 * int(found[1])

    free = free_bytes(torch.device("cpu"))
    assert free is not None
    assert 0 < free <= available() + 2**30  # others may have taken some between the two


def limit_address_space(n_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes, resource.RLIM_INFINITY))


@pytest.mark.skipif(sys.platform != "linux", reason="nobody tells what address space is taken")
def test_work_that_ulimit_does_not_allow_is_refused_in_one_line(tmp_path: Path) -> None:
    script = (
        "from soundgan.runtime import memory\n"
        "memory.demand_address_space(100 << 20, 'a little')\n"
        "try: memory.demand_address_space(1 << 30, 'a training')\n"
        "except memory.MemoryShortageError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: limit_address_space(10**9),
    )
    assert re.fullmatch(
        r"memory: ulimit -v allows 1\.00 GB, too little for a training, which needs about "
        r"1\.\d\d GB; raise that limit\n",
        run.stdout,
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no such limit")
@pytest.mark.parametrize("gigabytes", [0.3, 1.0, 2.5, 3.1, 3.2, 3.3, 3.5])
@pytest.mark.parametrize("command", ["train", "generate", "evaluate"])
def test_a_command_short_of_address_space_ends_in_one_line(
    command: str, gigabytes: float, tmp_path: Path
) -> None:
    data = write_dataset(tmp_path / "prepared", n_clips=120)
    arguments = {
        "train": ["--config", "tiny", "--max-steps", "1", "--run", "run", "--data", str(data)],
        "generate": ["-n", "1"],
        "evaluate": ["drums", "--data", str(data), "-n", "10"],
    }[command]
    run = subprocess.run(
        [sys.executable, "-m", "soundgan", command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        preexec_fn=lambda: limit_address_space(int(gigabytes * 1e9)),
    )
    last = run.stderr.strip().splitlines()[-1]
    assert "Traceback" not in run.stderr
    if run.returncode != 0:
        assert (run.returncode, "raise that limit" in last) == (1, True), run.stderr


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
