from __future__ import annotations

import inspect

import pytest

from soundgan.training.recorder import Recorder, Recorders

CALLS = {
    name: len(inspect.signature(method).parameters) - 1
    for name, method in vars(Recorder).items()
    if not name.startswith("_")
}


@pytest.mark.parametrize("name", CALLS)
def test_several_recorders_are_told_everything_in_order(name: str) -> None:
    told: list[tuple[int, tuple[object, ...]]] = []

    def noting(number: int) -> Recorder:
        recorder = Recorder()
        setattr(recorder, name, lambda *arguments: told.append((number, arguments)))
        return recorder

    arguments = tuple(object() for _ in range(CALLS[name]))
    getattr(Recorders([noting(0), noting(1)]), name)(*arguments)
    assert told == [(0, arguments), (1, arguments)]


def test_there_are_as_many_things_to_tell_as_a_run_does() -> None:
    assert len(CALLS) == 9
