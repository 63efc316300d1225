from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from soundgan.errors import AudioError, ExitCode, UsageError
from soundgan.pipelines.inputs import Failure, Input, Worked, gather, work_through
from soundgan.reporting import SilentReporter


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)


def outputs(inputs: list[Input]) -> list[str]:
    return [str(item.output) for item in inputs]


def everything(path: Path) -> bool:
    return True


def test_one_folder_is_mirrored_and_several_by_their_names(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "x" / "1.png", tmp_path / "b" / "1.png", tmp_path / "2.png")
    out = tmp_path / "out"
    one = gather([tmp_path / "a"], ".wav", out=out, wanted=everything)
    assert outputs(one) == ["x/1.wav"]
    two = gather(
        [tmp_path / "a", tmp_path / "b", tmp_path / "2.png"], ".wav", out=out, wanted=everything
    )
    assert outputs(two) == ["a/x/1.wav", "b/1.wav", "2.wav"]


def test_results_in_the_folder_itself_are_no_inputs(tmp_path: Path) -> None:
    touch(tmp_path / "1.png", tmp_path / "out" / "1.spectrogram.png")
    found = gather([tmp_path], ".wav", out=tmp_path / "out", wanted=everything)
    assert outputs(found) == ["1.wav"]


def test_a_file_named_twice_is_worked_on_once(tmp_path: Path) -> None:
    touch(tmp_path / "1.png")
    found = gather([tmp_path / "1.png"] * 2, ".wav", out=tmp_path / "out", wanted=everything)
    assert outputs(found) == ["1.wav"]


def test_two_files_never_share_a_result(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "1.png", tmp_path / "b" / "1.png")
    with pytest.raises(UsageError, match="would replace that of"):
        gather(
            [tmp_path / "a" / "1.png", tmp_path / "b" / "1.png"],
            ".wav",
            out=tmp_path / "out",
            wanted=everything,
        )


def test_a_failure_stops_no_other_and_order_is_kept(tmp_path: Path) -> None:
    items = [Input(Path(str(n)), PurePath(str(n))) for n in range(20)]
    told: list[int] = []

    def make(item: Input) -> int:
        if item.path == Path("3"):
            raise AudioError("3: broken")
        return int(str(item.path))

    done = work_through(
        items, make, out=tmp_path, task="test", reporter=SilentReporter(), tell=told.append
    )
    assert done.failures == (Failure(Path("3"), "3: broken", ExitCode.FAILED),)
    assert list(done.made) == told == [n for n in range(20) if n != 3]


def test_the_exit_code_tells_some_from_all() -> None:
    failure = Failure(Path("x"), "x: damaged", ExitCode.CORRUPT)
    assert Worked((5,), ()).exit_code == ExitCode.OK
    assert Worked((5,), (failure,)).exit_code == ExitCode.PARTIAL
    assert Worked((), (failure,)).exit_code == ExitCode.CORRUPT
