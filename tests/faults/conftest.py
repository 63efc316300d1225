"""Tiny jobs, and what they leave when nothing goes wrong."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from soundgan.errors import ConfigError
from tests.datasets import write_dataset
from tests.faults import jobs
from tests.faults.children import invoke, run, tree
from tests.faults.injector import Injector
from tests.faults.jobs import Job
from tests.pipelines.prepare.conftest import InlinePool
from tests.sounds import tone, write

HERE = Path(__file__).parent
ALONE = "forks, which is safe before anything has used threads: pytest tests/faults by itself"

NAMES = ("prepare", "prepare again", "train", "generate", "invert")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out where others run in the same process."""
    mine = [item for item in items if HERE in item.path.parents]
    if len(mine) < len(items):
        for item in mine:
            item.add_marker(pytest.mark.skip(reason=ALONE))


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
def _quick() -> Iterator[None]:
    """One thread to fork from, workers in the process, and nothing that costs without writing.

    The curves are drawn as the text of their numbers.
    """
    import torch

    def off(_: object) -> None:
        raise ConfigError("off")

    def drawn(lines: list[dict[str, float]], title: str) -> bytes:
        return json.dumps([title, lines]).encode()

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("soundgan.pipelines.prepare.ceiling.measure_ceiling", off)
        patch.setattr("soundgan.pipelines.prepare.run.Pool", InlinePool)
        patch.setattr("soundgan.pipelines.session.curves_png", drawn)
        patch.setattr("soundgan.pipelines.session.expected_seconds_per_step", lambda *_: 0.0)
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def whole(workshop: Path, _quick: None) -> dict[str, Whole]:
    """Every job, run without a fault."""
    done = {}
    done["prepare"] = _done(jobs.prepare(workshop / "sounds"), workshop)
    done["prepare again"] = _done(
        jobs.prepare_again(workshop / "sounds", workshop / "prepare" / "out"), workshop
    )
    done["train"] = _done(jobs.train(workshop / "dataset"), workshop)
    model = workshop / "train" / "out" / "model.safetensors"
    done["generate"] = _done(jobs.generate(model), workshop)
    pictures = workshop / "pictures"
    made = sorted((workshop / "generate" / "out").glob("*.png"))
    for picture, place in zip(made, ("a.png", "below/b.png"), strict=False):
        (pictures / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, pictures / place)
    done["invert"] = _done(jobs.invert(pictures), workshop)
    return done


def _done(job: Job, workshop: Path) -> Whole:
    folder = workshop / job.name
    _warm_up(job, workshop)
    out = job.set_up(folder)
    before = frozenset(tree(out).items()) if out.exists() else frozenset()
    ended = run(job.arguments, folder=folder, faults=Injector(out))
    assert ended.status == 0, ended.stderr
    return Whole(job, tree(out), ended.operations, before | ended.whole)


def _warm_up(job: Job, workshop: Path) -> None:
    """Once in this process, so that its children find everything imported."""
    folder = workshop / f"warm {job.name}"
    job.set_up(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        code, stderr = invoke(job.arguments)
    assert code == 0, stderr
