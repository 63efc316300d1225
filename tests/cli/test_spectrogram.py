from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soundgan.audio.wav import encode_audio
from tests.conftest import Run
from tests.inference.conftest import write_model

RATE = 8000


def write_tone(path: Path, *, seconds: float = 0.4, hz: float = 1000.0) -> Path:
    time = np.arange(round(seconds * RATE)) / RATE
    waveform = (0.5 * np.sin(2 * np.pi * hz * time)).astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_audio(waveform, RATE))
    return path


def texts(path: Path) -> dict[str, str]:
    with Image.open(path) as picture:
        found: dict[str, str] = json.loads(picture.text["soundgan"])  # type: ignore[attr-defined]
        return found


def test_a_tone_is_a_line_at_its_frequency(soundgan: Run, tmp_path: Path) -> None:
    tone = write_tone(tmp_path / "tone.wav", hz=1000.0)
    outcome = soundgan("spectrogram", tone, "--out", tmp_path / "out")
    path = tmp_path / "out" / "tone.png"
    assert (outcome.code, outcome.stdout) == (0, f"{path}\n")
    with Image.open(path) as picture:
        assert (picture.mode, picture.size) == ("I;16", (50, 257))  # a column per 64 samples
        pixels = np.asarray(picture)
    from_bottom = 256 - int(pixels[:, 25].argmax())
    assert from_bottom == 1000 * 512 // RATE


def test_a_picture_says_what_it_was_drawn_from(soundgan: Run, tmp_path: Path) -> None:
    tone = write_tone(tmp_path / "tone.wav")
    soundgan("spectrogram", tone, "--out", tmp_path, "--n-fft", 256, "--hop", 32)
    provenance = json.loads(texts(tmp_path / "tone.png")["recipe"])
    parameters = json.loads(texts(tmp_path / "tone.png")["picture"])
    assert provenance["source"] == "tone.wav"
    assert len(provenance["source_sha256"]) == 64
    assert (parameters["sample_rate"], parameters["n_samples"]) == (RATE, 3200)
    assert parameters["representation"]["options"]["hop_length"] == 32


def test_the_same_sound_gives_the_same_bytes_and_is_not_written_twice(
    soundgan: Run, tmp_path: Path
) -> None:
    tone = write_tone(tmp_path / "tone.wav")
    for options in ([], ["--axes"], ["--colormap", "viridis"]):
        arguments = ["spectrogram", tone, "--out", tmp_path / "-".join(options), "--json", *options]
        first = json.loads(soundgan(*arguments).stdout)["pictures"][0]
        again = json.loads(soundgan(*arguments).stdout)["pictures"][0]
        assert (first.pop("written"), again.pop("written")) == (True, False)
        assert first == again


def test_axes_stand_around_the_data_and_not_on_them(soundgan: Run, tmp_path: Path) -> None:
    tone = write_tone(tmp_path / "tone.wav", hz=2000.0)
    outcome = soundgan("spectrogram", tone, "--out", tmp_path, "--axes", "--colormap", "gray")
    assert outcome.code == 0
    plot = json.loads(texts(tmp_path / "tone.png")["picture"])["plot"]
    with Image.open(tmp_path / "tone.png") as picture:
        pixels = np.asarray(picture.convert("L"))
    assert pixels.shape == (plot["canvas_height"], plot["canvas_width"])
    assert pixels[:, :100].min() < 100, "no label at the left"
    assert pixels[0, 0] == 255
    data = pixels[plot["top"] :, plot["left"] :][
        : 256 * plot["cell_height"], : 50 * plot["cell_width"]
    ]
    middle = data[:, data.shape[1] // 2]
    assert abs(int(middle.argmax()) - data.shape[0] // 2) <= 2 * plot["cell_height"]


def test_a_folder_is_mirrored_and_what_is_no_sound_is_left_out(
    soundgan: Run, tmp_path: Path
) -> None:
    write_tone(tmp_path / "in" / "a" / "one.wav")
    write_tone(tmp_path / "in" / "b" / "two.wav")
    (tmp_path / "in" / "readme.txt").write_text("not a sound")
    outcome = soundgan("spectrogram", tmp_path / "in", "--out", tmp_path / "out")
    assert outcome.code == 0
    written = sorted(p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*.png"))
    assert written == [Path("a/one.png"), Path("b/two.png")]


def test_one_broken_sound_among_good_ones_is_exit_3(soundgan: Run, tmp_path: Path) -> None:
    good = write_tone(tmp_path / "good.wav")
    broken = tmp_path / "broken.wav"
    broken.write_bytes(good.read_bytes()[:30])
    outcome = soundgan("spectrogram", good, broken, "--out", tmp_path / "out", "--json")
    document = json.loads(outcome.stdout)
    assert outcome.code == 3
    assert [Path(p["path"]).name for p in document["pictures"]] == ["good.png"]
    assert document["failures"][0]["source"] == str(broken)
    assert f"warning: {broken}: " in outcome.stderr
    assert soundgan("spectrogram", broken, "--out", tmp_path / "out").code == 1


def test_like_a_model_has_its_size_and_tells_what_is_cut(soundgan: Run, tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.safetensors")
    tone = write_tone(tmp_path / "tone.wav", seconds=1.0)
    outcome = soundgan("spectrogram", tone, "--out", tmp_path, "--like", model, "--json")
    drawn = json.loads(outcome.stdout)["pictures"][0]
    assert (drawn["height"], drawn["width"], drawn["n_samples"]) == (32, 32, 2048)
    assert "the rest is cut off" in outcome.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--colormap", "magmaa"], "--colormap magmaa: no such colour map; did you mean 'magma'?"),
        (["--range-db", "nan"], "--range-db"),
        (["--n-fft", "255"], "must be even"),
        (["--like", "drums", "--hop", "64"], "the model of --like decides this"),
        (["--n-fft", "64", "--hop", "64"], "--hop 64: must be below the 64 samples of --n-fft"),
    ],
)
def test_a_wrong_option_writes_nothing(
    options: list[str], message: str, soundgan: Run, tmp_path: Path
) -> None:
    tone = write_tone(tmp_path / "tone.wav")
    out = tmp_path / "out"
    outcome = soundgan("spectrogram", tone, "--out", out, *options)
    assert outcome.code == 2
    assert message in " ".join(outcome.stderr.replace("│", " ").split())
    assert not list(out.rglob("*.png"))


def test_what_is_there_is_not_replaced(soundgan: Run, tmp_path: Path) -> None:
    tone = write_tone(tmp_path / "tone.wav")
    (tmp_path / "tone.png").write_bytes(b"something precious")
    outcome = soundgan("spectrogram", tone, "--out", tmp_path)
    assert outcome.code == 1
    assert "pass --overwrite" in outcome.stderr
    assert (tmp_path / "tone.png").read_bytes() == b"something precious"
    assert soundgan("spectrogram", tone, "--out", tmp_path, "--overwrite").code == 0


def test_a_missing_file_and_an_empty_folder_are_told_apart(soundgan: Run, tmp_path: Path) -> None:
    missing = soundgan("spectrogram", tmp_path / "none.wav", "--out", tmp_path / "out")
    assert (missing.code, missing.stderr) == (
        2, f"error: {tmp_path / 'none.wav'}: no such file or folder\n",
    )  # fmt: skip
    (tmp_path / "empty").mkdir()
    assert soundgan("spectrogram", tmp_path / "empty", "--out", tmp_path / "out").code == 4


def test_a_sound_cut_short_is_drawn_as_far_as_it_goes_with_a_warning(
    soundgan: Run, tmp_path: Path
) -> None:
    tone = write_tone(tmp_path / "tone.wav")
    tone.write_bytes(tone.read_bytes()[: 44 + 3200])
    outcome = soundgan("spectrogram", tone, "--out", tmp_path)
    assert outcome.code == 0
    assert "incomplete: 3200 of the 6444 bytes" in outcome.stderr.replace("\n", " ")
    assert json.loads(texts(tmp_path / "tone.png")["picture"])["n_samples"] == 1600
