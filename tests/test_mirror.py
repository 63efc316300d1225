"""Every file of the package has a file of tests at the same place, or one named here.

``tests/audio/test_stft.py`` tests ``soundgan/audio/stft.py``. What is tested through its front door
stands below, with the tests that go through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_layers import MODULES, PACKAGE, imports_of, own_imports, registered

TESTS = Path(__file__).resolve().parent

ELSEWHERE = {
    "__main__.py": "cli/test_app.py",
    "errors.py": "cli/test_app.py",
    "version.py": "cli/test_app.py",
    "api/files.py": "cli/test_demo_data.py",
    "api/generating.py": "cli/test_generate.py",
    "api/kits.py": "cli/test_kit.py",
    "api/paths.py": "api/test_picture_files.py",
    "api/preparing.py": "cli/test_prepare.py",
    "api/projecting.py": "cli/test_project.py",
    "api/progress.py": "api/test_training.py",
    "audio/stated_size.py": "audio/test_chunked.py",
    "audio/stream.py": "audio/test_decode.py",
    "cli/": "contract/test_values.py",
    "codec/contract.py": "assembly/test_other_codec.py",
    "config/": "config/test_load.py",
    "config/parts.py": "cli/test_config.py",
    "data/in_memory.py": "api/test_datasets.py",
    "evaluation/envelope.py": "evaluation/test_quantities.py",
    "graphs/": "graphs/test_graphs.py",
    "health/": "health/test_watch.py",
    "health/troubles/": "health/troubles/test_contract.py",
    "inference/model_weights.py": "inference/test_model_file.py",
    "ingest/": "pipelines/prepare/test_run.py",
    "inversion/": "inversion/test_inversions.py",
    "kits/": "cli/test_kit.py",
    "models/precision.py": "training/test_precision.py",
    "pictures/": "pictures/test_plot.py",
    "pictures/text/reader.py": "pictures/ticks/test_axes.py",
    "pictures/ticks/beside.py": "pipelines/invert/test_foreign.py",
    "pictures/tools/": "pictures/tools/test_recognise.py",
    "pictures/tools/contract.py": "pictures/tools/test_ffmpeg.py",
    "pipelines/addressed.py": "cli/test_generate.py",
    "pipelines/advice.py": "cli/test_train.py",
    "pipelines/bench/": "cli/test_bench.py",
    "pipelines/calibrate.py": "cli/test_train.py",
    "pipelines/chain.py": "cli/test_generate.py",
    "pipelines/check_config.py": "cli/test_config.py",
    "pipelines/dry_run.py": "cli/test_train.py",
    "pipelines/export_graph.py": "cli/test_models.py",
    "pipelines/evaluate/": "cli/test_evaluate.py",
    "pipelines/generate.py": "cli/test_generate.py",
    "pipelines/info.py": "cli/test_info.py",
    "pipelines/info_sound.py": "cli/test_info.py",
    "pipelines/invert/": "cli/test_invert.py",
    "pipelines/judge.py": "pipelines/test_session.py",
    "pipelines/kit/": "cli/test_kit.py",
    "pipelines/origin_config.py": "pipelines/test_origin.py",
    "pipelines/prepare/": "cli/test_prepare.py",
    "pipelines/project/": "cli/test_project.py",
    "pipelines/provenance.py": "cli/test_info.py",
    "pipelines/recall.py": "cli/test_recall.py",
    "pipelines/sound_files.py": "cli/test_generate.py",
    "pipelines/sources.py": "cli/test_vary.py",
    "pipelines/spectrogram/": "cli/test_spectrogram.py",
    "pipelines/task.py": "pipelines/test_training_clips.py",
    "pipelines/train.py": "cli/test_train.py",
    "pipelines/train_request.py": "pipelines/test_session.py",
    "pipelines/verify/": "cli/test_verify.py",
    "representations/": "representations/test_representations.py",
    "runtime/device.py": "cli/test_device.py",
    "runtime/extras.py": "cli/test_models.py",
    "runtime/installation.py": "cli/test_installation.py",
    "serve/": "serve/test_app.py",
    "training/estimate.py": "training/test_footprint.py",
    "training/monitor.py": "training/test_rollback.py",
    "training/snapshot.py": "training/test_checkpoint.py",
    "training/state.py": "training/test_step.py",
}
"""Tests of a file, or of all files of a folder that have no file of tests of their own."""

PARTS: dict[str, list[str]] = {}
"""Modules that a family names, by its package."""
for family, _, entry in registered():
    PARTS.setdefault(f"soundgan.{family}", []).append(entry.partition(":")[0])


def place_of(module: Path) -> Path | None:
    """Where a module is tested, if anywhere."""
    own = TESTS / module.parent / f"test_{module.name}"
    if own.is_file():
        return own
    other = ELSEWHERE.get(module.as_posix()) or ELSEWHERE.get(f"{module.parent.as_posix()}/")
    return None if other is None else TESTS / other


FILES = [path.relative_to(PACKAGE) for path in MODULES.values() if path.name != "__init__.py"]
ALONE = [file for file in FILES if not (TESTS / file.parent / f"test_{file.name}").is_file()]


@pytest.mark.parametrize("file", ALONE, ids=str)
def test_a_file_without_tests_at_its_place_is_reached_by_others(file: Path) -> None:
    found = place_of(file)
    assert found is not None, f"add tests/{file.parent / f'test_{file.name}'}, or a line above"
    name = ".".join(("soundgan", *file.with_suffix("").parts))
    assert name in reached(found), f"{found} never comes to it"


def test_nothing_is_named_that_needs_no_name() -> None:
    used = {file.as_posix() for file in ALONE} | {f"{file.parent.as_posix()}/" for file in ALONE}
    assert sorted(ELSEWHERE.keys() - used) == []
    assert [name for name in ELSEWHERE.values() if not (TESTS / name).is_file()] == []


@cache
def reached(tests: Path) -> set[str]:
    """Modules that a file of tests, or what it imports, imports, however far away."""
    text = tests.read_text("utf-8")
    waiting = [target for target in _imported(text) if target in MODULES]
    if "Run" in text or '"-m", "soundgan"' in text:  # the program
        waiting += ["soundgan.__main__", "soundgan.cli.app"]
    if "import soundgan\n" in text:
        waiting += [name for name in MODULES if name.startswith("soundgan.api.")]
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += [target for target, _ in own_imports(module) if target in MODULES]
            waiting += PARTS.get(module, [])
            waiting += [module.rpartition(".")[0]] if module.count(".") > 1 else []
    return seen


def _imported(text: str) -> Iterator[str]:
    """Modules, or what holds the things, that a test imports, also by way of its helpers."""
    for item in imports_of(text):
        yield item.module
        yield item.module.rpartition(".")[0]
        if item.module.startswith("tests."):
            for name in (item.module, item.module.rpartition(".")[0]):
                helper = TESTS.parent / f"{name.replace('.', '/')}.py"
                if helper.is_file():
                    yield from _imported(helper.read_text("utf-8"))
