"""Tiny jobs, and what they leave when nothing goes wrong."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.datasets import write_dataset
from tests.faults import jobs
from tests.faults.children import Server, tree
from tests.faults.injector import Injector
from tests.faults.jobs import Job
from tests.sounds import tone, write

NAMES = ("prepare", "prepare again", "train", "generate", "invert")


@dataclass(frozen=True)
class Whole:
    """A job, what it leaves, and what it does to files on the way.

    Attributes:
        job: The command.
        tree: Name and hash of every file in the end.
        operations: On files.
        versions: Name and hash of every file at any time, and of those that were there before.
    """

    job: Job
    tree: dict[str, str]
    operations: tuple[str, ...]
    versions: frozenset[tuple[str, str]]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs of all jobs."""
    if sys.platform != "linux":
        pytest.skip("faults are injected by what /proc tells")
    folder = tmp_path_factory.mktemp("workshop")
    for number in range(4):
        write(folder / "sounds" / "ab"[number % 2] / f"{number}.wav", tone(0.2, hertz=300 + number))
    write_dataset(folder / "dataset", n_clips=12, labels=())
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """What forks children; faster at all that costs without writing."""
    server = Server()
    server.call("tests.faults.children:make_quick", folder=Path("/"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def whole(server: Server, workshop: Path) -> dict[str, Whole]:
    """Every job, run without a fault."""
    done = {}
    done["prepare"] = _done(server, jobs.prepare(workshop / "sounds"), workshop)
    done["prepare again"] = _done(
        server, jobs.prepare_again(workshop / "sounds", workshop / "prepare" / "out"), workshop
    )
    done["train"] = _done(server, jobs.train(workshop / "dataset"), workshop)
    model = workshop / "train" / "out" / "model.safetensors"
    done["generate"] = _done(server, jobs.generate(model), workshop)
    pictures = workshop / "pictures"
    made = sorted((workshop / "generate" / "out").glob("*.png"))
    for picture, place in zip(made, ("a.png", "below/b.png"), strict=False):
        (pictures / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, pictures / place)
    done["invert"] = _done(server, jobs.invert(pictures), workshop)
    return done


def _done(server: Server, job: Job, workshop: Path) -> Whole:
    folder = workshop / job.name
    _warm_up(server, job, workshop)
    out = job.set_up(folder)
    before = frozenset(tree(out).items()) if out.exists() else frozenset()
    ended = server.run(job.arguments, folder=folder, faults=Injector(out))
    assert ended.status == 0, ended.stderr
    return Whole(job, tree(out), ended.operations, before | ended.whole)


def _warm_up(server: Server, job: Job, workshop: Path) -> None:
    """Once in the server, so that its children find everything imported."""
    folder = workshop / f"warm {job.name}"
    job.set_up(folder)
    invoked = server.call("tests.faults.children:invoke", folder=folder, arguments=job.arguments)
    assert invoked == [0, ""]
