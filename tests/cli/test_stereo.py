"""A stereo model through every command that makes something of its sounds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

import soundgan as api
from tests.conftest import Run
from tests.inference.conftest import CLIP, write_model
from tests.sounds import tone, write

N_SAMPLES = CLIP.n_samples


@pytest.fixture(scope="module")
def stereo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with fresh weights."""
    path = tmp_path_factory.mktemp("stereo") / "model.safetensors"
    return write_model(path, clip=replace(CLIP, channels=2))


def read(path: Path) -> NDArray[np.float32]:
    """Left and right [N, 2]."""
    samples: NDArray[np.float32]
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == CLIP.sample_rate
    return samples


def widths(samples: NDArray[np.float32]) -> float:
    """Energy of the difference of the channels against that of both."""
    return float(np.square(samples[:, 0] - samples[:, 1]).sum() / np.square(samples).sum())


@pytest.mark.parametrize("form", ["wav", "flac"])
def test_generate_writes_left_and_right_as_the_python_door_gives_them(
    form: str, stereo: Path, tmp_path: Path, soundgan: Run
) -> None:
    out = soundgan(
        "generate", "--model", stereo, "-n", 3, "--seed", 5, "--format", form, "--out", tmp_path
    )
    assert out.code == 0
    model = api.load(stereo)
    sounds = model.generate(range(5, 8))
    assert (model.channels, sounds.waveforms.shape) == (2, (3, N_SAMPLES, 2))
    for path, sound in zip(sorted(tmp_path.glob(f"*.{form}")), sounds, strict=False):
        samples = read(path)
        assert samples.shape == sound.waveform.shape == (N_SAMPLES, 2)
        assert widths(samples) > 0.01
    [named] = tmp_path.glob(f"*seed000006.{form}")
    np.testing.assert_allclose(read(named), sounds[1].waveform, atol=1.01 / 32768)


def test_the_bytes_of_a_sound_follow_from_its_seed_alone(
    stereo: Path, tmp_path: Path, soundgan: Run
) -> None:
    for name, options in (("one", ("-n", 1, "--seed", 7)), ("many", ("-n", 5, "--seed", 4))):
        assert soundgan("generate", "--model", stereo, *options, "--out", tmp_path / name).code == 0
    [one] = (tmp_path / "one").glob("*.wav")
    assert (tmp_path / "many" / one.name).read_bytes() == one.read_bytes()


def test_finishing_treats_both_channels_alike(stereo: Path, tmp_path: Path, soundgan: Run) -> None:
    common = ("generate", "--model", stereo, "-n", 1, "--seed", 2)
    soundgan(*common, "--out", tmp_path / "plain")
    soundgan(*common, "--out", tmp_path / "done", "--trim", "--fade", "--normalise")
    plain, done = (read(next((tmp_path / name).glob("*.wav"))) for name in ("plain", "done"))
    assert np.abs(done).max() == pytest.approx(10 ** (-1 / 20), abs=2e-4)
    middle = slice(100, len(done) - 200)
    factor = np.abs(done[middle]).max() / np.abs(plain[middle]).max()
    np.testing.assert_allclose(done[middle], factor * plain[middle], atol=2e-3)
    assert np.abs(done[-1]).max() < 0.01


def test_a_picture_becomes_a_stereo_sound_again(
    stereo: Path, tmp_path: Path, soundgan: Run
) -> None:
    options = ("-n", 2, "--seed", 3, "--png", "--out", tmp_path / "made")
    assert soundgan("generate", "--model", stereo, *options).code == 0
    pictures = sorted((tmp_path / "made").glob("*.png"))
    assert soundgan("invert", *pictures, "--out", tmp_path / "back", "--png").code == 0
    for picture in pictures:
        before = read(picture.with_suffix(".wav"))
        after = read(tmp_path / "back" / f"{picture.stem}.wav")
        assert after.shape == before.shape
        assert widths(after) == pytest.approx(widths(before), rel=0.05)
        assert np.square(after).sum() == pytest.approx(np.square(before).sum(), rel=0.2)
        assert api.invert(picture).waveform.shape == (N_SAMPLES, 2)


def test_a_chain_and_a_kit_hold_stereo_sounds(stereo: Path, tmp_path: Path, soundgan: Run) -> None:
    options = ("-n", 3, "--seed", 1, "--chain", "--out", tmp_path / "made")
    assert soundgan("generate", "--model", stereo, *options).code == 0
    made = sorted((tmp_path / "made").glob("*seed*.wav"))
    assert read(tmp_path / "made" / "chain.wav").shape == (3 * N_SAMPLES, 2)
    kit = soundgan("kit", *made, "--model", stereo, "--out", tmp_path / "kit")
    assert kit.code == 0, kit.stderr
    samples = list((tmp_path / "kit").rglob("*.wav"))
    assert len(samples) == 3
    for path in samples:
        assert read(path).shape[1] == 2


def test_variations_and_morphs_are_stereo(stereo: Path, tmp_path: Path, soundgan: Run) -> None:
    for command, given in (("vary", ("1:kick",)), ("morph", ("1:kick", "2:snare"))):
        out = tmp_path / command
        said = soundgan(command, *given, "--model", stereo, "-n", 2, "--out", out)
        assert said.code == 0, said.stderr
        for path in out.glob("*.wav"):
            assert read(path).shape == (N_SAMPLES, 2)


def test_what_is_encoded_is_decoded_in_the_shapes_of_soundfile(stereo: Path) -> None:
    model = api.load(stereo)
    sounds = model.generate(range(3))
    x = model.encode(sounds.waveforms)
    assert x.shape == (3, 3, *x.shape[2:])
    np.testing.assert_array_equal(model.encode(sounds[1].waveform), x[1])
    back = model.decode(x)
    assert back.shape == sounds.waveforms.shape
    np.testing.assert_array_equal(model.decode(x[1], seeds=1), back[1])
    with pytest.raises(api.SoundGANError, match=r"must be \[2048, 2\] or \[B, 2048, 2\]; the"):
        model.encode(sounds.waveforms[:, :, 0])


def test_a_stereo_export_makes_the_same_sounds(stereo: Path, tmp_path: Path, soundgan: Run) -> None:
    copy = tmp_path / "copy.safetensors"
    assert soundgan("models", "export", stereo, copy, "--name", "Wide").code == 0
    one, other = (api.load(path).generate(3).waveforms for path in (stereo, copy))
    np.testing.assert_array_equal(one, other)
    facts = json.loads(soundgan("info", copy, "--json").stdout)
    assert (facts["channels"], facts["image"][0]) == (2, 3)


def test_a_stereo_model_refuses_a_mono_recipe_in_one_line(
    stereo: Path, tmp_path: Path, soundgan: Run
) -> None:
    path = write(tmp_path / "tone.wav", tone(0.2, hertz=400))
    said = soundgan("spectrogram", path, "--like", stereo, "--out", tmp_path / "out")
    assert said.code != 0
    assert "only mono models can do this as yet, and this one is stereo" in said.stderr


def test_arrays_of_two_channels_are_a_stereo_dataset() -> None:
    left, right = (tone(0.2, hertz=hertz) for hertz in (300, 700))
    dataset = api.dataset_from_arrays([np.stack([left, right], axis=1)] * 3, sample_rate=8000)
    assert dataset.clip.channels == 2
    [clip] = dataset.waveforms(np.array([1]))
    np.testing.assert_allclose(clip[0, : len(left)], left, atol=1 / 32768)
    np.testing.assert_allclose(clip[1, : len(right)], right, atol=1 / 32768)
    with pytest.raises(api.SoundGANError, match="number 1 is mono and the first is stereo"):
        api.dataset_from_arrays([np.stack([left, right], axis=1), left], sample_rate=8000)


@pytest.mark.slow
def test_a_stereo_folder_is_trained_on_heard_and_measured(tmp_path: Path, soundgan: Run) -> None:
    for number in range(40):
        left, right = (tone(0.2, hertz=hertz + 9 * number) for hertz in (300, 900))
        write(tmp_path / "src" / f"{number}.wav", np.stack([left, right], axis=1))
    data, run = tmp_path / "data", tmp_path / "run"
    fixed = ("--sample-rate", 8000, "--clip-seconds", 0.256, "--no-slice")
    stereo = ("--channels", "stereo", "--test", 0.25)
    soundgan("prepare", tmp_path / "src", "--out", data, *stereo, *fixed)
    steps = ("--set", "training.calibrate_sounds=8", "--max-steps")
    for most in (3, 6):  # the second call goes on
        said = soundgan("train", "--data", data, "--run", run, "--config", "tiny", *steps, most)
        assert said.code == 0, said.stderr
    assert "stereo clips" in said.stderr
    assert (run / "model.safetensors").is_file()
    assert soundgan("verify", run).code == 0
    measured = soundgan("evaluate", run, "--data", data, "-n", 20, "--out", tmp_path / "measured")
    assert measured.code == 0, measured.stderr
    row = json.loads((tmp_path / "measured" / "evaluation.json").read_text())["rows"]
    assert {"side_to_mid", "correlation"} <= row["candidate"]["quantities"].keys()
    mono = tmp_path / "mono"
    soundgan("prepare", tmp_path / "src", "--out", mono, "--channels", "mono", *fixed)
    other = soundgan("evaluate", run, "--data", mono, "--out", tmp_path / "other")
    assert other.code == 2
    assert "makes stereo clips of 0.256 s at 8000 Hz" in other.stderr
