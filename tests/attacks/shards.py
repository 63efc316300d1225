"""Files of clips that are none, in a dataset whose manifest was made to fit them."""

from __future__ import annotations

import io
import json
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.runtime.files import sha256
from tests.attacks.models import Code

SHARD = "clips-00000-815038f9.npy"
N_CLIPS, N_SAMPLES = 60, 512


def npy(header: str | bytes, data: bytes = b"", *, version: bytes = b"\x01\x00") -> bytes:
    """A ``.npy`` file with any header."""
    text = header.encode() if isinstance(header, str) else header
    size = struct.pack("<H" if version == b"\x01\x00" else "<I", len(text))
    return b"\x93NUMPY" + version + size + text + data


def described(descr: str = "'<i2'", order: str = "False", shape: str = "(60, 512)") -> bytes:
    """The samples below a header of one's own."""
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}}}\n"
    return npy(header, bytes(2 * N_CLIPS * N_SAMPLES))


def saved(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def archive() -> bytes:
    """An ``.npz`` of zeros: 64 MiB in 64 KiB."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, clips=np.zeros(1 << 23))
    return buffer.getvalue()


SHARDS: dict[str, Callable[[], bytes]] = {
    "a pickle": lambda: pickle.dumps(Code()),
    "pickled objects": lambda: saved(np.array([Code()] * N_CLIPS, dtype=object)),
    "objects by their header": lambda: described("'|O'"),
    "an archive that unpacks to 64 MiB": archive,
    "nothing": lambda: b"",
    "only a magic": lambda: b"\x93NUMPY",
    "no magic": lambda: b"\x00" * 61568,
    "version 9": lambda: npy("{}", version=b"\x09\x00"),
    "a header of 4 GB": lambda: b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}",
    "a header beyond the file": lambda: b"\x93NUMPY\x01\x00\xff\xff{}",
    "a header of 60 kB": lambda: npy("{" + " " * 60_000 + "}"),
    "code in the header": lambda: npy("__import__('os').mkdir('code-was-run')\n"),
    "a call for a shape": lambda: described(shape="__import__('os').mkdir('code-was-run')"),
    "a deep header": lambda: npy("(" * 9_000 + ")" * 900),
    "a header of signs": lambda: npy("-" * 9_000 + "1"),
    "a header that is no text": lambda: npy(bytes(range(128, 256))),
    "a header with a null byte": lambda: npy(b"{'descr': '<i2'\0}"),
    "a header that is a list": lambda: npy("[1, 2]\n"),
    "a header of other keys": lambda: npy("{'a': 1}\n"),
    "floats": lambda: saved(np.zeros((N_CLIPS, N_SAMPLES))),
    "another byte order": lambda: described("'>i2'"),
    "columns first": lambda: described(order="True"),
    "an order that is a number": lambda: described(order="7"),
    "one clip more": lambda: described(shape="(61, 512)"),
    "clips without end": lambda: described(shape=f"({1 << 62}, 512)"),
    "more values than there are numbers": lambda: described(shape=f"({1 << 62}, {1 << 62})"),
    "a number of 5,000 digits": lambda: described(shape=f"({'9' * 5_000}, 512)"),
    "a negative shape": lambda: described(shape="(-60, -512)"),
    "a shape of true": lambda: described(shape="(True, 512)"),
    "a shape of text": lambda: described(shape="('60', 512)"),
    "a shape that is a list": lambda: described(shape="[60, 512]"),
    "three dimensions": lambda: described(shape="(60, 512, 1)"),
    "no dimension": lambda: described(shape="()"),
    "records": lambda: described("[('a', '<i1'), ('b', '<i1')]"),
    "records within records": lambda: described("[('a', " * 900 + "'<i1'" + ")]" * 900),
    "a type that is a number": lambda: described("7"),
    "a file cut short": lambda: described()[:-1],
}


def plant(folder: Path, content: bytes) -> None:
    """Put a file in the place of the clips, its hash in the manifest, and that in the report."""
    digest = sha256(content)
    name = f"clips-00000-{digest[:8]}.npy"
    (folder / SHARD).unlink()
    (folder / name).write_bytes(content)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["shards"] = [{"file": name, "sha256": digest, "clips": N_CLIPS}]
    path.write_text(json.dumps(manifest))
    report = json.loads((folder / "report.json").read_text())
    report["dataset"] = sha256(path.read_bytes())
    (folder / "report.json").write_text(json.dumps(report))
