from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from soundgan.config.presets import preset_names
from soundgan.errors import UsageError
from soundgan.pipelines.choose_preset import Machine, choose_preset, preset_for, presets_for
from soundgan.shapes import ClipSpec
from tests.datasets import write_dataset

CLIP = ClipSpec(22050, 14336)
LARGE_GPU = Machine("cuda", 79.0)


@pytest.mark.parametrize("clips", [10, 743, 100_000])
@pytest.mark.parametrize(
    "machine",
    [Machine("cpu"), Machine("mps"), Machine("cuda"), Machine("cuda", 7.8), LARGE_GPU],
    ids=lambda machine: machine.words,
)
def test_only_a_preset_that_was_measured_is_chosen(clips: int, machine: Machine) -> None:
    choice = choose_preset(clips, CLIP, 8, machine)
    assert choice.preset in preset_names()
    recipe = (Path(__file__).parents[2] / "docs" / "recipe.md").read_text("utf-8")
    assert f"`{choice.preset}` on the 2,430 training clips" in recipe


@pytest.mark.parametrize(
    ("clips", "machine", "named"),
    [
        (1000, LARGE_GPU, True),
        (999, LARGE_GPU, False),
        (1000, Machine("cuda", 19.9), False),
        (1000, Machine("cuda"), False),
        (1000, Machine("cpu", 79.0), False),
    ],
)
def test_the_preset_for_large_gpus_is_named_where_it_fits(
    clips: int, machine: Machine, named: bool
) -> None:
    assert ("`config` quality" in choose_preset(clips, CLIP, 8, machine).line) == named


def test_the_choice_says_data_and_machine_in_one_line() -> None:
    assert choose_preset(1743, CLIP, 8, Machine("cpu")).line == (
        "preset fast: small networks, which get furthest with 1,743 clips of 0.65 s in 8 classes "
        "on a CPU; `config` chooses another"
    )
    assert choose_preset(2430, CLIP, 0, LARGE_GPU).line == (
        "preset fast: small networks, the best measured, for 2,430 clips of 0.65 s; "
        "`config` quality is larger, for such a GPU, and has not been tried yet"
    )


@pytest.mark.parametrize(("rate", "named"), [(22050, False), (32000, True), (96000, True)])
def test_the_preset_for_full_band_is_measured_and_named_from_32_khz_on(
    rate: int, named: bool
) -> None:
    clip = ClipSpec(rate, rate)
    assert ("oneshots" in presets_for(clip)) == named
    assert "oneshots" not in presets_for(ClipSpec(rate, 21 * rate))
    assert ("`config` oneshots" in choose_preset(743, clip, 8, Machine("cpu")).line) == named


def test_clips_that_are_not_trained_on_do_not_count(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared", n_clips=40)
    assert "with 32 clips of 0.26 s in 3 classes on a CPU" in preset_for(data, "cpu").why


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
