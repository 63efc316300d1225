from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from soundgan.config.presets import preset_names
from soundgan.errors import UsageError
from soundgan.pipelines.choose_preset import Machine, choose_preset, preset_for
from soundgan.shapes import ClipSpec
from tests.datasets import write_dataset

CLIP = ClipSpec(22050, 14336)
LARGE_GPU = Machine("cuda", 79.0)


@pytest.mark.parametrize(
    ("clips", "machine", "preset"),
    [
        (743, Machine("cpu"), "fast"),
        (100_000, Machine("cpu"), "fast"),
        (100_000, Machine("mps"), "fast"),
        (100_000, Machine("cuda", 7.8), "fast"),
        (100_000, Machine("cuda"), "fast"),
        (1000, LARGE_GPU, "quality"),
        (999, LARGE_GPU, "fast"),
    ],
)
def test_large_networks_need_a_large_gpu_and_many_clips(
    clips: int, machine: Machine, preset: str
) -> None:
    choice = choose_preset(clips, CLIP, 8, machine)
    assert choice.preset == preset
    assert choice.preset in preset_names()


def test_the_choice_says_data_and_machine_in_one_line() -> None:
    assert choose_preset(1743, CLIP, 8, Machine("cpu")).line == (
        "preset fast: small networks, which get furthest with 1,743 clips of 0.65 s in 8 classes "
        "on a CPU; `config` chooses another"
    )
    assert choose_preset(2430, CLIP, 0, LARGE_GPU).line == (
        "preset quality: large networks, for 2,430 clips of 0.65 s on a GPU of 79 GiB; "
        "`config` chooses another"
    )


def test_clips_that_are_held_out_do_not_count(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared", n_clips=40)
    assert "with 36 clips of 0.26 s in 3 classes on a CPU" in preset_for(data, "cpu").why


def test_a_folder_that_was_not_prepared_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no prepared folder; make one with soundgan prepare SRC"):
        preset_for(tmp_path, "cpu")


def test_choosing_for_the_cpu_needs_no_torch(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    code = (
        "import sys; from pathlib import Path\n"
        "from soundgan.pipelines.choose_preset import preset_for\n"
        "preset_for(Path(sys.argv[1]), 'cpu'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(data)], check=True)
