from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from soundgan.audio.outline import Outline
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.config.load import load_config
from soundgan.errors import ArtefactError, OutputError
from soundgan.inference.model_file import (
    HASH,
    ModelDescription,
    describe_model,
    load_model,
    save_model,
)
from soundgan.inference.synthesis import synthesise
from soundgan.runtime.tensors import load_tensors, save_tensors
from tests.inference.conftest import CLIP, LABELS, write_model


def test_a_model_says_what_it_is_and_loads_as_that(model_path: Path) -> None:
    description = describe_model(model_path)
    assert (description.clip, description.labels) == (CLIP, LABELS)
    model = load_model(model_path)
    assert model.description == description
    assert not model.generator.training
    assert model.generator.n_classes == len(LABELS)


@pytest.mark.parametrize(
    ("labels", "dropout", "free"), [(LABELS, 0.25, 3), (LABELS, 0.0, None), ((), 0.25, None)]
)
def test_sounds_of_no_class_need_labels_of_which_some_were_dropped(
    labels: tuple[str, ...], dropout: float, free: int | None
) -> None:
    config = load_config("tiny", [f"data.label_dropout={dropout}"]).config
    assert ModelDescription(config, CLIP, labels, {}).free_label == free


def test_the_same_model_written_twice_has_the_same_bytes(tmp_path: Path) -> None:
    first = write_model(tmp_path / "a.safetensors")
    second = write_model(tmp_path / "b.safetensors")
    assert first.read_bytes() == second.read_bytes()


def test_what_is_known_of_the_recordings_ends_travels_with_a_model(tmp_path: Path) -> None:
    old = load_model(write_model(tmp_path / "old.safetensors"))
    assert old.description.outline is None, "older files say nothing of it"
    outline = Outline(start=[0.0, 0.25, 1.0], end=[0.001], peak=0.8913)
    known = replace(old.description, outline=outline)
    state, statistics = old.generator.state_dict(), old.codec.statistics()
    save_model(tmp_path / "new.safetensors", known, state, statistics)
    new = load_model(tmp_path / "new.safetensors")
    assert new.description == known
    for sound, free in zip(synthesise(new, [1, 2]), synthesise(old, [1, 2]), strict=True):
        assert float(sound.waveform.abs().max()) == pytest.approx(0.8913)
        assert float(sound.waveform[0]) == 0.0
        assert abs(float(sound.waveform[-1])) <= 0.001
        assert abs(float(free.waveform[0])) > 0.001
        assert torch.equal(sound.image, free.image)


def rewrite(source: Path, target: Path, tensors: object = None, **changes: object) -> Path:
    """A copy of a model with some of its document or tensors replaced."""
    loaded, document, _ = load_tensors(source)
    save_tensors(target, tensors or loaded, document | changes)  # type: ignore[arg-type]
    return target


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"version": 3},
            "model version 3 is newer than this program, which reads 2; update soundgan",
        ),
        ({"format": "other"}, "not a soundgan model"),
        ({"sample_rate": -1}, "damaged metadata: sample_rate '-1'"),
        ({"labels": None}, "damaged metadata"),
        ({"config": {}}, "damaged metadata"),
        ({"n_samples": "many"}, "damaged metadata"),
        ({"outline": {"start": [1.5]}}, "damaged metadata: .*start"),
        ({"outline": {"start": [0.1] * 100}}, "damaged metadata: .*start"),
        ({"outline": {"peak": 0.0}}, "damaged metadata: .*peak"),
        ({"outline": "loud"}, "damaged metadata"),
    ],
)
def test_a_document_that_is_not_right_is_refused(
    changes: dict[str, object], message: str, model_path: Path, tmp_path: Path
) -> None:
    with pytest.raises(ArtefactError, match=message):
        load_model(rewrite(model_path, tmp_path / "x.safetensors", **changes))


def test_an_architecture_that_is_not_registered_is_refused(
    model_path: Path, tmp_path: Path
) -> None:
    _, document, _ = load_tensors(model_path)
    config = document["config"]
    config["generator"]["name"] = "os:system"
    path = rewrite(model_path, tmp_path / "x.safetensors", config=config)
    with pytest.raises(ArtefactError, match="unknown generator 'os:system'"):
        load_model(path)


def test_weights_that_are_missing_misshapen_or_not_finite_are_refused(
    model_path: Path, tmp_path: Path
) -> None:
    tensors, _, _ = load_tensors(model_path)
    name = next(name for name, value in tensors.items() if value.dim() == 4)
    path = tmp_path / "x.safetensors"
    without = {key: value for key, value in tensors.items() if key != name}
    with pytest.raises(ArtefactError, match=f"do not fit the config: {name.split('.', 1)[1]}"):
        load_model(rewrite(model_path, path, without))
    with pytest.raises(ArtefactError, match=r"has shape \(1,\), the config needs"):
        load_model(rewrite(model_path, path, tensors | {name: torch.ones(1)}))
    bad = torch.full_like(tensors[name], torch.nan)
    with pytest.raises(ArtefactError, match="not finite"):
        load_model(rewrite(model_path, path, tensors | {name: bad}))


# -- float16 -----------------------------------------------------------------------------------


def write_half(source: Path, target: Path) -> Path:
    """The same model with float16 weights."""
    model = load_model(source)
    state, statistics = model.generator.state_dict(), model.codec.statistics()
    save_model(target, model.description, state, statistics, half=True)
    return target


def test_half_a_model_holds_rounded_weights_and_everything_else_as_it_was(
    model_path: Path, tmp_path: Path
) -> None:
    whole, document, _ = load_tensors(model_path)
    half, half_document, _ = load_tensors(write_half(model_path, tmp_path / "half.safetensors"))
    assert half_document.pop(HASH) != document.pop(HASH)
    assert half_document == document
    assert half.keys() == whole.keys()
    counters = {name for name, value in whole.items() if not value.is_floating_point()}
    assert counters  # batch norm counts its batches
    for name, value in whole.items():
        if name.startswith("representation.") or name in counters:
            assert half[name].dtype == value.dtype
            assert torch.equal(half[name], value)
        else:
            assert half[name].dtype == torch.float16
            # Eleven significant bits: rounding moves a weight by at most one part in 2048.
            torch.testing.assert_close(half[name].float(), value, rtol=2**-11, atol=2**-25)


def test_half_a_model_is_float32_again_when_loaded_and_halving_it_again_changes_nothing(
    model_path: Path, tmp_path: Path
) -> None:
    half = write_half(model_path, tmp_path / "half.safetensors")
    dtypes = {value.dtype for value in load_model(half).generator.state_dict().values()}
    assert dtypes == {torch.float32, torch.int64}
    again = write_half(half, tmp_path / "again.safetensors")
    assert again.read_bytes() == half.read_bytes()


def test_the_spectrograms_of_half_a_model_are_within_a_tenth_of_a_decibel(
    model_path: Path, tmp_path: Path
) -> None:
    whole = load_model(model_path)
    half = load_model(write_half(model_path, tmp_path / "half.safetensors"))
    floor = 1e-3
    for first, second in zip(synthesise(whole, range(6)), synthesise(half, range(6)), strict=True):
        assert first.label == second.label
        assert not torch.equal(first.image, second.image)
        decode = spectrograms_of(whole.codec).representation.decode
        levels = [
            20 * decode(sound.image[None]).magnitude.clamp(min=floor).log10()
            for sound in (first, second)
        ]
        assert float((levels[0] - levels[1]).abs().max()) < 0.1


def test_a_weight_beyond_float16_is_refused_and_nothing_is_written(
    model_path: Path, tmp_path: Path
) -> None:
    model = load_model(model_path)
    state = model.generator.state_dict()
    name = next(name for name, value in state.items() if value.dim() == 4)
    state = state | {name: torch.full_like(state[name], -70_000.0)}
    statistics, path = model.codec.statistics(), tmp_path / "half.safetensors"
    with pytest.raises(OutputError, match=f"generator.{name}: holds 70000, float16 ends at 65504"):
        save_model(path, model.description, state, statistics, half=True)
    assert not path.exists()
    save_model(path, model.description, state, statistics)
    assert float(load_model(path).generator.state_dict()[name].max()) == -70_000.0


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.int64, torch.bool])
def test_weights_of_another_type_are_refused(
    dtype: torch.dtype, model_path: Path, tmp_path: Path
) -> None:
    tensors, _, _ = load_tensors(model_path)
    name = next(name for name, value in tensors.items() if value.dim() == 4)
    path = rewrite(
        model_path, tmp_path / "x.safetensors", tensors | {name: tensors[name].to(dtype)}
    )
    kind = str(dtype).removeprefix("torch.")
    with pytest.raises(ArtefactError, match=f"holds {kind}, the config needs float32 or float16"):
        load_model(path)


def test_float16_where_the_network_counts_or_the_representation_measured_is_refused(
    model_path: Path, tmp_path: Path
) -> None:
    tensors, _, _ = load_tensors(model_path)
    counter = next(name for name, value in tensors.items() if value.dtype == torch.int64)
    path = tmp_path / "x.safetensors"
    rewrite(model_path, path, tensors | {counter: tensors[counter].half()})
    with pytest.raises(ArtefactError, match=f"{counter} holds float16, the config needs int64"):
        load_model(path)
    measured = next(name for name in tensors if name.startswith("representation."))
    rewrite(model_path, path, tensors | {measured: tensors[measured].half()})
    with pytest.raises(ArtefactError, match="expected float32"):
        load_model(path)


def test_a_stereo_model_comes_back_with_its_planes_and_is_of_the_next_version(
    stereo_path: Path, model_path: Path
) -> None:
    model = load_model(stereo_path)
    assert model.description.clip.channels == 2
    assert model.codec.shape[0] == 3
    _, document, _ = load_tensors(stereo_path)
    assert (document["version"], document["channels"]) == (2, 2)
    _, mono, _ = load_tensors(model_path)
    assert mono["version"] == 1
    assert "channels" not in mono
    [sound] = synthesise(model, [3])
    assert sound.waveform.shape == (2, model.description.clip.n_samples)
    assert sound.samples.shape == (model.description.clip.n_samples, 2)


@pytest.mark.parametrize("channels", [0, 3, "two", True])
def test_other_channels_are_refused(channels: object, model_path: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="damaged metadata: channels"):
        load_model(rewrite(model_path, tmp_path / "x.safetensors", channels=channels))
