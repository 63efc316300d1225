"""Which models are found, in which order, and what an export holds."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch

from soundgan.errors import ArtefactError, OutputError, UsageError
from soundgan.inference.model_file import describe_model, load_model
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.find_model import bundled_models, find_model
from soundgan.pipelines.models import export_model, list_models
from soundgan.runtime.files import sha256_file
from soundgan.runtime.tensors import load_tensors, save_tensors
from tests.inference.conftest import LABELS, write_model
from tests.listeners import Listener

MOST_BUNDLED_BYTES = 6_000_000


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as a training leaves it."""
    return write_model(tmp_path_factory.mktemp("model") / "model.safetensors")


def place(model: Path, *targets: Path) -> list[Path]:
    """Copies of a model, each newer than the one before."""
    for age, target in enumerate(targets):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(model.read_bytes())
        os.utime(target, (1_000_000 + age, 1_000_000 + age))
    return list(targets)


@pytest.fixture
def bundled(model: Path, tmp_path: Path) -> Path:
    """A folder like the package's own, with two models."""
    folder = tmp_path / "bundled"
    place(model, folder / "drums.safetensors", folder / "birds.safetensors")
    (folder / "notes.txt").write_text("not a model")
    return folder


# -- finding -----------------------------------------------------------------------------------


def test_without_a_name_the_newest_run_wins_over_everything_bundled(
    model: Path, bundled: Path, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    place(model, runs / "b" / "model.safetensors", runs / "a" / "model.safetensors")
    for fall_back in (False, True):
        found = find_model(None, runs, fall_back=fall_back, bundled=bundled)
        assert found == runs / "a" / "model.safetensors"


def test_without_runs_the_first_bundled_model_is_taken_only_by_who_asked_to_fall_back(
    bundled: Path, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    assert find_model(None, runs, fall_back=True, bundled=bundled) == bundled / "birds.safetensors"
    with pytest.raises(UsageError, match="train one with soundgan train, or name one"):
        find_model(None, runs, bundled=bundled)


def test_a_run_that_has_no_model_yet_is_not_passed_over_for_a_bundled_one(
    bundled: Path, tmp_path: Path
) -> None:
    (tmp_path / "runs" / "young").mkdir(parents=True)
    (tmp_path / "runs" / "young" / "run.json").write_text("{}")
    with pytest.raises(UsageError, match="no model in"):
        find_model(None, tmp_path / "runs", fall_back=True, bundled=bundled)


def test_a_bundled_name_means_that_model_unless_a_run_or_a_file_is_called_so(
    model: Path, bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def found() -> Path:
        return find_model(Path("drums"), Path("runs"), bundled=bundled)

    assert found() == bundled / "drums.safetensors"
    (tmp_path / "drums" / "kick").mkdir(parents=True)  # a folder of sounds is no model
    assert found() == bundled / "drums.safetensors"
    (tmp_path / "drums" / "run.json").write_text("{}")
    with pytest.raises(UsageError, match="drums: no model there"):
        found()
    place(model, tmp_path / "drums" / "model.safetensors")
    assert found() == Path("drums/model.safetensors")
    (tmp_path / "drums").rename(tmp_path / "moved")
    place(model, tmp_path / "drums")
    assert found() == Path("drums")


def test_a_wrong_name_is_told_which_bundled_models_there_are(bundled: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_model(Path("drum"), tmp_path, bundled=bundled)
    assert str(error.value) == (
        "drum: no model there; name a run folder or a model file, or a bundled model: birds, drums"
    )
    with pytest.raises(UsageError) as error:
        find_model(Path("drum"), tmp_path, bundled=tmp_path / "none")
    assert str(error.value) == "drum: no model there; name a run folder or a model file"


# -- listing -----------------------------------------------------------------------------------


def test_the_list_has_runs_newest_first_then_bundled_models(
    model: Path, bundled: Path, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    place(model, runs / "old" / "model.safetensors", runs / "new" / "model.safetensors")
    listener = Listener()
    found = list_models(runs, listener, bundled=bundled)
    assert [(m.name, m.kind) for m in found] == [
        (f"{runs}/new", "run"),
        (f"{runs}/old", "run"),
        ("birds", "bundled"),
        ("drums", "bundled"),
    ]
    for entry in found:
        assert find_model(Path(entry.name), runs, bundled=bundled) == entry.path
        assert (entry.classes, entry.sample_rate, entry.clip_seconds) == (LABELS, 8000, 0.256)
        assert entry.n_bytes == model.stat().st_size
        assert entry.sha256 == sha256_file(model)
        assert (entry.images, entry.title) == (None, None)  # the file says neither
    assert (listener.said, listener.warned) == ([], [])


def test_images_and_title_are_what_the_file_says_unless_it_says_nonsense(
    model: Path, tmp_path: Path
) -> None:
    tensors, document, _ = load_tensors(model)
    for name, provenance in {
        "a": {"images": 1234, "title": "Drums"},
        "b": {"images": "many", "title": 7},
    }.items():
        path = tmp_path / "runs" / name / "model.safetensors"
        path.parent.mkdir(parents=True)
        save_tensors(path, tensors, document | {"provenance": provenance})
    found = list_models(tmp_path / "runs", Listener(), bundled=tmp_path)
    assert {Path(m.name).name: (m.images, m.title) for m in found} == {
        "a": (1234, "Drums"),
        "b": (None, None),
    }


def test_a_damaged_model_and_a_run_without_one_are_told_and_do_not_end_the_list(
    model: Path, tmp_path: Path
) -> None:
    runs, listener = tmp_path / "runs", Listener()
    place(model, runs / "good" / "model.safetensors", runs / "bad" / "model.safetensors")
    (runs / "bad" / "model.safetensors").write_bytes(b"noise")
    (runs / "young").mkdir()
    (runs / "young" / "run.json").write_text("{}")
    (runs / "letters").mkdir()
    found = list_models(runs, listener, bundled=tmp_path)
    assert [m.name for m in found] == [f"{runs}/good"]
    assert listener.warned == [f"{runs}/bad/model.safetensors: not a safetensors file"]
    assert listener.said == [f"{runs}/young: no model yet"]


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path) -> None:
    assert list_models(tmp_path / "a", Listener(), bundled=tmp_path / "b") == ()


# -- exporting ---------------------------------------------------------------------------------


def test_a_plain_export_is_a_copy_byte_for_byte(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out.safetensors"
    made = export_model(model, out, overwrite=False)
    assert out.read_bytes() == model.read_bytes()
    assert (made.sha256, made.n_bytes, made.half) == (sha256_file(model), out.stat().st_size, False)
    assert made.written
    assert not export_model(model, out, overwrite=False).written


def test_a_half_export_is_half_as_large_and_says_what_it_comes_from(
    model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "half.safetensors"
    made = export_model(model, out, half=True, title="Three drums", overwrite=False)
    assert made.half
    assert made.sha256 == sha256_file(out) == load_model(out).sha256

    def weight_bytes(path: Path) -> int:
        return sum(t.nbytes for t in load_tensors(path)[0].values() if t.dtype.itemsize <= 4)

    assert weight_bytes(out) == pytest.approx(weight_bytes(model) / 2, rel=0.02)
    assert describe_model(out).provenance == {
        **describe_model(model).provenance,
        "title": "Three drums",
        "exported_from": sha256_file(model),
    }


def test_a_title_changes_no_weight_and_no_width(model: Path, tmp_path: Path) -> None:
    half, named = tmp_path / "half.safetensors", tmp_path / "named.safetensors"
    export_model(model, half, half=True, overwrite=False)
    export_model(half, named, title="x", overwrite=False)
    before, after = load_tensors(half)[0], load_tensors(named)[0]
    assert before.keys() == after.keys()
    assert all(
        torch.equal(after[name], value) and after[name].dtype == value.dtype
        for name, value in before.items()
    )
    again = tmp_path / "again.safetensors"
    export_model(named, again, half=True, overwrite=False)  # nothing left to round: a copy
    assert again.read_bytes() == named.read_bytes()


def test_an_export_that_cannot_be_made_leaves_what_was_there(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "precious.safetensors"
    out.write_bytes(b"precious")
    with pytest.raises(OutputError, match="exists with other content"):
        export_model(model, out, half=True, overwrite=False)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(model.read_bytes()[:-50])
    with pytest.raises(ArtefactError, match="damaged"):
        export_model(damaged, out, overwrite=True)
    with pytest.raises(UsageError, match="`name`: is empty"):
        export_model(model, out, title=" ", overwrite=True)
    assert out.read_bytes() == b"precious"
    export_model(model, out, overwrite=True)
    assert out.read_bytes() == model.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [damaged.name, out.name]


# -- what really is bundled --------------------------------------------------------------------


@pytest.mark.parametrize("path", bundled_models().values(), ids=lambda path: path.stem)
def test_a_bundled_model_is_small_says_how_it_was_made_and_sounds(path: Path) -> None:
    assert path.stat().st_size <= MOST_BUNDLED_BYTES
    model = load_model(path)
    assert model.half
    assert model.description.provenance["images"] > 0
    json.dumps(model.description.provenance)
    sounds = list(synthesise(model, range(42, 52)))
    assert len({sound.label for sound in sounds}) >= 3
    for sound in sounds:
        assert float(sound.waveform.abs().max()) > 0.01, f"seed {sound.seed} is silent"
