"""Everything that changes a file goes through ``soundgan.runtime.files``, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "soundgan"
SEAM = "runtime/files.py"

ALLOWED = {
    "audio/ffmpeg.py": {"shutil"},  # looks for a program
    "audio/descriptor.py": {"os.open"},  # for reading
    "ingest/worker.py": {"os.open"},  # /dev/null
    "ingest/pool.py": {"tempfile"},  # nameless files
    "pipelines/bench/run.py": {"tempfile"},  # a folder to measure in, gone afterwards
    "runtime/ceilings.py": {"write_text"},  # a switch of the kernel in /proc
    "runtime/locks.py": {"os.open", "os.write", "os.ftruncate"},
    "runtime/streams.py": {"os.open"},  # /dev/null
    "runtime/signals.py": {"os.write"},  # the terminal
    "serve/uploads.py": {"tempfile", "open"},  # what clients send, gone afterwards
    "training/tensorboard.py": {"SummaryWriter"},  # TensorBoard's own files, of its own making
}

OF_OS = {"open", "write", "pwrite", "replace", "rename", "renames", "remove", "removedirs"} | {
    "unlink", "rmdir", "mkdir", "makedirs", "mkfifo", "link", "symlink", "truncate", "ftruncate",
    "chmod", "chown", "utime",
}  # fmt: skip
OF_PATHS = {"write_text", "write_bytes", "mkdir", "unlink", "rmdir", "rename", "touch"} | {
    "symlink_to", "hardlink_to", "chmod", "tofile", "SummaryWriter",
}  # fmt: skip
OF_LIBRARIES = {"soundfile.write", "np.save", "np.savez", "np.savez_compressed", "np.memmap"}
OPENS = {"open", "SoundFile", "open_memmap"}
"""Write if their mode says so."""
INTO_MEMORY = {"save", "savefig"}
"""Take a path, or a buffer; the latter is called so everywhere."""


def writes(source: str) -> Iterator[str]:
    """Whatever in a file changes files by itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _writes(node)
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name in ("shutil", "tempfile"))
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "shutil", "tempfile"):
            yield node.module


def _writes(call: ast.Call) -> Iterator[str]:
    name = ast.unparse(call.func)
    last = name.rpartition(".")[2]
    method = isinstance(call.func, ast.Attribute)
    if name in OF_LIBRARIES or (name.startswith("os.") and last in OF_OS):
        yield name
    elif (last in OPENS and _mode(call)) or (method and last in INTO_MEMORY and call.args):
        if not call.args or ast.unparse(call.args[0]) != "buffer":
            yield last
    elif last == "SummaryWriter" or (method and last in OF_PATHS):
        yield last


def _mode(call: ast.Call) -> bool:
    """Whether some argument is a mode that changes the file."""
    values = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    modes = [value.value for value in values if isinstance(value, ast.Constant)]
    return any(
        isinstance(mode, str) and 0 < len(mode) <= 3 and set(mode) & set("wax+") for mode in modes
    )


@pytest.mark.parametrize(
    "source",
    [
        "open(path, 'w')",
        "path.open('ab')",
        "with open(path, mode='r+b') as file: pass",
        "path.write_text('x')",
        "os.replace(a, b)",
        "import shutil",
        "from tempfile import mkstemp",
        "figure.savefig(path)",
        "image.save(path, format='PNG')",
        "soundfile.write(path, waveform, 8000)",
        "soundfile.SoundFile(path, 'w')",
        "array.tofile(path)",
        "np.save(path, array)",
        "folder.mkdir()",
        "writer = SummaryWriter(folder)",
    ],
)
def test_a_write_is_seen(source: str) -> None:
    assert len(list(writes(source))) == 1


def test_reading_is_none() -> None:
    source = "open(path, 'rb'); path.read_bytes(); text.replace('a', 'b'); figure.savefig(buffer)"
    assert list(writes(source)) == []


def test_every_write_goes_through_the_one_module() -> None:
    found = {
        str(path.relative_to(PACKAGE)): set(writes(path.read_text("utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    del found[SEAM]
    wrong = {name: kinds - ALLOWED.get(name, set()) for name, kinds in found.items()}
    assert not {name: kinds for name, kinds in wrong.items() if kinds}


def test_no_exception_is_left_over() -> None:
    for name, kinds in ALLOWED.items():
        assert kinds <= set(writes((PACKAGE / name).read_text("utf-8"))), name
