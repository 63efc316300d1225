"""Something else lies where a result belongs, and limits that the system itself sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.children import Ended, Server, tree
from tests.faults.conftest import Whole


def file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("of somebody else")


def folder(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "kept").write_text("of somebody else")


def link_to_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    (path.parents[1] / "goal").write_text("of somebody else")
    path.symlink_to(path.parents[1] / "goal")


def link_to_folder(path: Path) -> None:
    path.parent.mkdir(parents=True)
    folder(path.parents[1] / "goal")
    path.symlink_to(path.parents[1] / "goal")


OBSTACLES = [
    ("prepare", "out", file),
    ("train", "out", file),
    ("generate", "out", file),
    ("invert", "out", file),
    ("prepare", "out/.lock", folder),
    ("train", "out/.lock", folder),
    ("prepare", "out/.lock", link_to_file),
    ("train", "out/.lock", link_to_file),
    ("prepare", "out/.soundgan-work", link_to_folder),
    ("train", "out/model.safetensors", folder),
    ("train", "out/checkpoints", file),
    ("train", "out/samples", file),
    ("train", "out/metrics.jsonl", folder),
    ("generate", "out/seed000001.wav", folder),
    ("generate", "out/seed000001.png", folder),
]


@pytest.mark.parametrize(
    ("name", "place", "make"), OBSTACLES, ids=lambda value: getattr(value, "__name__", value)
)
def test_what_lies_in_the_way_is_named_in_one_line_and_left_alone(
    name: str,
    place: str,
    make: Callable[[Path], None],
    server: Server,
    whole: dict[str, Whole],
    tmp_path: Path,
) -> None:
    make(tmp_path / place)
    before = tree(tmp_path)
    ended = server.run(whole[name].job.arguments, folder=tmp_path)
    after = tree(tmp_path)
    assert_refused(ended)
    assert place.split("/")[-1] in ended.stderr or "out" in ended.stderr
    assert before.items() <= after.items()
    assert not [name for name in after if ".tmp-" in name]


def assert_refused(ended: Ended) -> None:
    """One line and exit code 1."""
    assert ended.status == 1, ended
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert ended.stderr.startswith("error: ")


@pytest.mark.parametrize("name", ["prepare", "train", "generate", "invert"])
def test_a_limit_of_the_system_on_file_sizes_is_a_refusal_like_any_other(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    job = whole[name].job
    # No file above a kilobyte: the smaller ones come first, so that some work is done.
    ended = server.run(job.arguments, folder=tmp_path, file_size=1000)
    assert_refused(ended)
    assert "file too large" in ended.stderr
    out = tmp_path / job.out
    assert not [name for name in tree(out) if ".tmp-" in name]
    assert server.run(job.arguments, folder=tmp_path).status == 0
    assert tree(out) == whole[name].tree
