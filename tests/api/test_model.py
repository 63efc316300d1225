from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

import soundgan
from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.streams import drawn_by_numpy


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("runs") / "mine" / "model.safetensors")


@pytest.fixture(scope="module")
def model(path: Path) -> soundgan.Model:
    return soundgan.load(path)


def test_sounds_are_those_of_the_command_line(
    model: soundgan.Model, path: Path, run: Run, tmp_path: Path
) -> None:
    made = model.generate(range(42, 47))
    outcome = run(
        "generate", "-n", 5, "--seed", 42, "--model", path, "--out", tmp_path,
        "--subtype", "FLOAT", "--json",
    )  # fmt: skip
    for sound, entry in zip(made, json.loads(outcome.stdout)["sounds"], strict=True):
        written, rate = soundfile.read(entry["path"], dtype="float32")
        assert (sound.seed, sound.label, sound.sample_rate) == (entry["seed"], entry["label"], rate)
        assert np.array_equal(sound.waveform, written)


def test_waveforms_have_the_shapes_of_librosa_and_soundfile(model: soundgan.Model) -> None:
    made = model.generate(seeds=[3, 9], label=["hat", "kick"])
    assert made.waveforms.shape == (2, model.n_samples)
    assert made.waveforms.dtype == np.float32
    assert (made.seeds, made.labels, made.sample_rate) == ((3, 9), ("hat", "kick"), 8000)
    assert made[1].waveform.shape == (model.n_samples,)
    assert np.array_equal(made[1:].waveforms, made.waveforms[1:])
    assert len(model.generate(7)) == 1


def test_a_stream_gives_the_sounds_one_by_one(model: soundgan.Model) -> None:
    whole = model.generate(range(4))
    for one, other in zip(model.stream(range(4)), whole, strict=True):
        assert (one.seed, one.label) == (other.seed, other.label)
        assert np.array_equal(one.waveform, other.waveform)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"label": "hatt"}, "`label=hatt`: no such class; did you mean 'hat'?"),
        ({"label": ["hat", "hat"]}, "`label`: 2 classes for 1 sounds"),
        ({"no_label": True}, "`no_label`: the model was trained with a label on every sound"),
        ({"seeds": -1}, "`seeds`: -1 is not from 0 to"),
        ({"truncation": float("nan")}, "`truncation`: nan is not from 0 to 2"),
        ({"truncation": -0.1}, "`truncation`: -0.1 is not from 0 to 2"),
        ({"truncation": 2.001}, "`truncation`: 2.001 is not from 0 to 2"),
        ({"device": "gpu"}, "`device=gpu`: write auto, cpu, cuda, cuda:0 or mps"),
    ],
)
def test_errors_name_the_parameter(
    arguments: dict[str, object], message: str, model: soundgan.Model
) -> None:
    with pytest.raises(soundgan.SoundGANError) as caught:
        model.generate(**arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("truncation", [0.0, 0.5, 2.0])
def test_truncation_is_that_of_the_command_line(
    truncation: float, model: soundgan.Model, path: Path, run: Run, tmp_path: Path
) -> None:
    (sound,) = model.generate(4, label="kick", truncation=truncation)
    run(
        "generate", "-n", 1, "--seed", 4, "--label", "kick", "--truncation", truncation,
        "--model", path, "--out", tmp_path, "--subtype", "FLOAT",
    )  # fmt: skip
    written, _ = soundfile.read(tmp_path / "kick-seed000004.wav", dtype="float32")
    assert np.array_equal(sound.waveform, written)
    assert not np.array_equal(sound.waveform, model.generate(4, label="kick")[0].waveform)


def test_the_bundled_model_is_loaded_by_name() -> None:
    drums = soundgan.load("drums")
    assert "kick" in drums.labels
    assert "drums" in repr(drums)
    with pytest.raises(soundgan.SoundGANError, match="no model there"):
        soundgan.load("drumms")


def test_no_call_changes_torch_or_the_streams_of_random_numbers(model: soundgan.Model) -> None:
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002
    before = torch.get_rng_state(), drawn_by_numpy()
    threads = torch.get_num_threads()
    sounds = model.stream(range(6))
    next(sounds)
    assert torch.get_num_threads() == threads
    del sounds
    model.generate(1)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert drawn_by_numpy() == before[1]


def test_four_threads_share_one_model(model: soundgan.Model) -> None:
    alone = model.generate(range(8)).waveforms
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: model.generate(range(8)).waveforms, range(4)))
    for waveforms in made:
        assert np.array_equal(waveforms, alone)


def test_what_the_networks_see_turns_back_into_the_sound() -> None:
    drums = soundgan.load("drums")
    made = drums.generate([1, 2], label="tom")
    x = drums.encode(made.waveforms)
    assert x.shape == (2, *drums.encode(made.waveforms[0]).shape)
    back = drums.decode(x, seeds=5)
    assert back.shape == made.waveforms.shape
    again = drums.encode(back)
    assert np.abs(again - x).mean() < 0.1  # of a range of 2
    assert np.array_equal(drums.decode(x[1], seeds=6), back[1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model.encode(np.zeros(7)), "`waveforms`: shape [7], must be [2048] or"),
        (lambda model: model.decode(np.zeros((2, 2))), "`x`: shape [2, 2], must be "),
        (
            lambda model: model.decode(model.encode(np.zeros((1, 2048))), seeds=[]),
            "`seeds`: 0 for 1 waveforms",
        ),
    ],
)
def test_arrays_of_another_shape_are_refused(
    call: Callable[[soundgan.Model], object], message: str, model: soundgan.Model
) -> None:
    with pytest.raises(soundgan.SoundGANError) as caught:
        call(model)
    assert str(caught.value).startswith(message)


def test_no_waveforms_are_encoded_and_decoded_to_none(model: soundgan.Model) -> None:
    x = model.encode(np.zeros((0, model.n_samples), np.float32))
    assert x.shape[0] == 0
    assert model.decode(x).shape == (0, model.n_samples)
