"""JSON and TOML that would fill the memory, never end, or mean something else."""

from __future__ import annotations

import json

DEEP = b"[" * 100_000
LISTS = b"[" + b"[]," * 300_000 + b"[]]"
"""Three bytes each in the file, sixty-four in memory."""

LONG_NUMBER = b'{"schema": ' + b"9" * 5_000 + b"}"
FAR = b'{"schema": 1e999, "sample_rate": -Infinity}'

JSON: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "deep": DEEP,
    "deep tables": b'{"a":' * 100_000,
    "empty lists": LISTS,
    "more than a mebibyte": b'{"a": "' + b" " * (2 << 20) + b'"}',
    "a number of 5,000 digits": LONG_NUMBER,
    "a number beyond all numbers": FAR,
    "no text": bytes(range(256)),
    "a null byte": b'{"schema": 1}\0',
    "a list": b"[1]",
    "a string": b'"soundgan"',
    "null": b"null",
    "an empty table": b"{}",
}
"""Refused wherever a document of ours should be."""


def changed(content: bytes, **changes: object) -> bytes:
    """A document with some of its keys replaced."""
    return json.dumps(json.loads(content) | changes).encode()


RUN_RECORDS: dict[str, dict[str, object]] = {
    "schema as text": {"schema": "1"},
    "schema true": {"schema": True},
    "schema below 1": {"schema": -5},
    "schema that is NaN": {"schema": float("nan")},
    "another kind": {"kind": "soundgan dataset"},
    "a newer schema": {"schema": 2**63},
}

MANIFESTS: dict[str, dict[str, object]] = {
    "a newer schema": {"schema": 2**70},
    "another kind": {"kind": "os.system"},
    "no samples": {"n_samples": 0},
    "samples without end": {"n_samples": 1 << 62},
    "a rate that is text": {"sample_rate": "8000"},
    "a shard elsewhere": {
        "shards": [{"file": "../../etc/passwd", "sha256": "0" * 64, "clips": 60}]
    },
    "clips without end": {
        "shards": [{"file": "clips-00000-00000000.npy", "sha256": "0" * 64, "clips": 1 << 62}]
    },
    "a key nobody knows": {"__reduce__": "os.system"},
}

TOML: dict[str, bytes] = {
    "deep arrays": b"a = " + b"[" * 100_000,
    "deep tables": b"a = " + b"{a=" * 50_000,
    "a deep key": b".".join([b"a"] * 100_000) + b" = 1",
    "a deep header": b"[" + b".".join([b"a"] * 100_000) + b"]",
    "many headers": b"".join(b"[[a]]\n" for _ in range(40_000)),
    "a long number": b"a = " + b"9" * 5_000,
    "a long string": b'a = "' + b"x" * 200_000 + b'"',
    "too many bytes": b"#" * 300_000,
    "a megabyte key": b"a" * (1 << 20) + b" = 1",
    "the same key twice": b"a = 1\na = 2",
    "a null byte": b"a = 1\0",
    "no UTF-8": b"\xff\xfe",
    "an unknown key": b"[run]\ncode = 'import os'",
    "code for a name": b'extends = "tiny"\n[generator]\nname = "os:system"',
    "a path for a name": b'extends = "tiny"\n[generator]\nname = "../../dcgan"',
    "a path to extend": b'extends = "../../../../etc/passwd"',
    "a null byte to extend": b'extends = "a\\u0000b"',
    "a long name to extend": b'extends = "' + b"a" * 5_000 + b'"',
    "a list to extend": b'extends = ["tiny"]',
    "a number to extend": b"extends = 7",
    "a table for a value": b'extends = "tiny"\n[training.steps]\na = 1',
    "a value for a table": b'extends = "tiny"\ntraining = 3',
    "a list for a table": b'extends = "tiny"\ntraining = [{steps = 3}]',
    **{
        f"steps of {value}": f'extends = "tiny"\n[training]\nsteps = {value}'.encode()
        for value in ("nan", "inf", "1e999", "-1", "0", str(2**63), str(2**70), '"7"', "1979-05-27")
    },
    **{
        f"a rate of {value}": (
            f'extends = "tiny"\n[training.generator_optimizer]\nlearning_rate = {value}'
        ).encode()
        for value in ("nan", "inf", "-1.0", "1e999", "0")
    },
}
"""Configs; every one is refused."""
