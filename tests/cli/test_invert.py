from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from soundgan.audio.wav import read_metadata
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.inference.model_file import load_model
from tests.cli.test_spectrogram import RATE, write_tone
from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.levels import levels_of


def dominant_hz(path: Path) -> float:
    samples, rate = soundfile.read(path)
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(spectrum.argmax() * rate / len(middle))


def edited(source: Path, target: Path, pixels: NDArray[np.uint8], *, keep: bool = True) -> Path:
    """What an image editor saves: other pixels, 8 bit, the texts kept or not."""
    info = PngInfo()
    with Image.open(source) as picture:
        info.add_text("soundgan", picture.text["soundgan"])  # type: ignore[attr-defined]
    Image.fromarray(pixels).save(target, pnginfo=info if keep else None)
    return target


def eight_bit(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return (np.asarray(picture) >> 8).astype(np.uint8)


@pytest.fixture
def drawn(soundgan: Run, tmp_path: Path) -> Path:
    """The picture of a tone of 1 kHz."""
    tone = write_tone(tmp_path / "tone.wav", hz=1000.0)
    assert soundgan("spectrogram", tone, "--out", tmp_path).code == 0
    return tmp_path / "tone.png"


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    """A stranger's grey picture, 100 x 64: one bright row a quarter of the way up."""
    pixels = np.zeros((64, 100), np.uint8)
    pixels[64 - 1 - 16] = 255
    path = tmp_path / "painted.png"
    Image.fromarray(pixels).save(path)
    return path


# -- our own -------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [[], ["--colormap", "magma"], ["--axes"], ["--mel", "64"]])
def test_there_and_back_keeps_length_rate_and_pitch(
    look: list[str], soundgan: Run, tmp_path: Path
) -> None:
    tone = write_tone(tmp_path / "tone.wav", hz=1000.0, seconds=0.41)
    soundgan("spectrogram", tone, "--out", tmp_path / "p", *look)
    outcome = soundgan("invert", tmp_path / "p", "--out", tmp_path / "s")
    path = tmp_path / "s" / "tone.wav"
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, f"{path}\n", "")
    info = soundfile.info(path)
    assert (info.samplerate, info.frames) == (RATE, round(0.41 * RATE))
    assert dominant_hz(path) == pytest.approx(1000.0, abs=RATE / 512)
    samples, _ = soundfile.read(path)
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.1), "levels are absolute"


def test_a_generated_picture_sounds_like_the_sound_it_was_made_with(
    soundgan: Run, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "model.safetensors", "inversion.options.momentum=0.5")
    soundgan("generate", "-n", 1, "--seed", 9, "--model", model, "--label", "kick",
             "--out", tmp_path, "--png")  # fmt: skip
    outcome = soundgan(
        "invert", tmp_path / "kick-seed000009.png", "--out", tmp_path / "back", "--json"
    )
    sound = json.loads(outcome.stdout)["sounds"][0]
    assert (sound["own_picture"], sound["assumed"]) == (True, [])
    made, _ = soundfile.read(tmp_path / "kick-seed000009.wav")
    back, _ = soundfile.read(tmp_path / "back" / "kick-seed000009.wav")
    # The same phase too: only the 16 bits of the picture stand between them.
    assert np.abs(made - back).max() < 1e-2 * np.abs(made).max()
    provenance = json.loads(read_metadata(tmp_path / "back" / "kick-seed000009.wav")["comment"])
    assert (provenance["seed"], provenance["options"]["iterations"]) == (9, 4)
    assert json.loads(provenance["drawn_from"])["seed"] == 9


def test_a_mel_picture_is_inverted_by_its_bands_as_generate_does(
    soundgan: Run, tmp_path: Path
) -> None:
    path = write_model(tmp_path / "model.safetensors", "inversion.name=pghi_griffin_lim")
    soundgan("generate", "-n", 1, "--label", "hat", "--model", path, "--out", tmp_path, "--png")
    soundgan("invert", tmp_path / "hat-seed000000.png", "--out", tmp_path / "back")
    representation = spectrograms_of(load_model(path).codec).representation
    shown = levels_of(tmp_path / "hat-seed000000.png")

    def error(sound: Path) -> float:
        samples, _ = soundfile.read(sound, dtype="float32")
        image = representation.encode(torch.from_numpy(samples)[None])[0, 0].numpy()
        return float(np.sqrt(((image - shown) ** 2).mean()))

    made, back = (
        error(tmp_path / name) for name in ("hat-seed000000.wav", "back/hat-seed000000.wav")
    )
    assert back < 1.1 * made, "1.5 times without the bands"


def test_what_is_erased_in_an_editor_is_silent_afterwards(
    drawn: Path, soundgan: Run, tmp_path: Path
) -> None:
    pixels = eight_bit(drawn)
    pixels[:, pixels.shape[1] // 2 :] = 0
    colour = np.repeat(pixels[..., None], 3, axis=2)  # saved as colour, of no colour
    path = edited(drawn, tmp_path / "edited.png", colour)
    assert soundgan("invert", path, "--out", tmp_path / "s").code == 0
    samples, _ = soundfile.read(tmp_path / "s" / "edited.wav")
    quarter = len(samples) // 4
    assert np.abs(samples[quarter : 2 * quarter]).max() > 0.3
    assert np.abs(samples[3 * quarter :]).max() < 1e-3


def test_a_scaled_picture_keeps_its_length_and_a_cut_one_is_shorter(
    drawn: Path, soundgan: Run, tmp_path: Path
) -> None:
    pixels = eight_bit(drawn)
    height, width = pixels.shape
    larger = np.asarray(Image.fromarray(pixels).resize((2 * width, 2 * height)))
    edited(drawn, tmp_path / "larger.png", larger)
    edited(drawn, tmp_path / "cut.png", pixels[:, : width // 2])
    out = tmp_path / "s"
    assert soundgan("invert", tmp_path / "larger.png", tmp_path / "cut.png", "--out", out).code == 0
    assert soundfile.info(out / "larger.wav").frames == 3200
    assert soundfile.info(out / "cut.wav").frames == 1600
    for name in ("larger.wav", "cut.wav"):
        assert dominant_hz(out / name) == pytest.approx(1000.0, abs=16)


def test_without_its_text_a_picture_is_a_strangers(
    drawn: Path, soundgan: Run, tmp_path: Path
) -> None:
    path = edited(drawn, tmp_path / "stripped.png", eight_bit(drawn), keep=False)
    outcome = soundgan(
        "invert", path, "--out", tmp_path / "s", "--json", "--seconds", 0.4, "--f-max", 4000,
        "--sample-rate", 8000, "--range-db", 100,
    )  # fmt: skip
    sound = json.loads(outcome.stdout)["sounds"][0]
    assert (sound["own_picture"], sound["n_samples"]) == (False, 3200)
    assert dominant_hz(Path(sound["path"])) == pytest.approx(1000.0, abs=16)


def test_options_for_strangers_are_not_silently_dropped(
    drawn: Path, soundgan: Run, tmp_path: Path
) -> None:
    outcome = soundgan(
        "invert", drawn, "--out", tmp_path / "s", "--json", "--seconds", 3, "--axis", "mel",
        "--f-max", 900, "--colormap", "jet", "--crop", "1,1,9,9", "--show",
    )  # fmt: skip
    assert (
        "carries its own parameters, so these have no effect: --seconds --axis --f-max --colormap "
        "--crop --show" in " ".join(outcome.stderr.split())
    )
    sound = json.loads(outcome.stdout)["sounds"][0]
    assert sound["ignored"][:3] == ["--seconds", "--axis", "--f-max"]
    assert soundfile.info(tmp_path / "s" / "tone.wav").frames == 3200


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1]",
        '{"sample_rate": 8000}',
        '{"sample_rate":8000,"n_samples":3200,"representation":'
        '{"name":"os.system","options":{},"height":256,"width":50}}',
        '{"sample_rate":8000,"n_samples":60000000,"representation":'
        '{"name":"log_magnitude","options":{"n_fft":65536,"hop_length":1},"height":256,"width":50}}',
    ],
)
def test_damaged_parameters_are_one_line_and_exit_12(
    text: str, drawn: Path, soundgan: Run, tmp_path: Path
) -> None:
    info = PngInfo()
    info.add_text("soundgan", json.dumps({"picture": text}))
    Image.fromarray(eight_bit(drawn)).save(tmp_path / "bad.png", pnginfo=info)
    outcome = soundgan("invert", tmp_path / "bad.png", "--out", tmp_path / "s")
    assert outcome.code == 12
    assert outcome.stderr.startswith(f"warning: {tmp_path / 'bad.png'}: damaged parameters inside")
    assert outcome.stderr.count("\n") == 1
    assert not list(tmp_path.glob("s/*.wav"))


# -- those of others -----------------------------------------------------------------------------


def test_every_assumption_names_the_option_that_overrides_it(
    painted: Path, soundgan: Run, tmp_path: Path
) -> None:
    help_text = soundgan("invert", "--help").stdout
    outcome = soundgan("invert", painted, "--out", tmp_path / "s", "--json")
    assumed = json.loads(outcome.stdout)["sounds"][0]["assumed"]
    options = [item["option"] for item in assumed]
    assert options == [
        "--crop", "--colormap", "--seconds", "--axis", "--sample-rate", "--f-min", "--f-max",
        "--range-db",
    ]  # fmt: skip
    for item in assumed:
        assert item["option"] in help_text
        assert f"{item['value']} ({item['why']}); else {item['option']}" in outcome.stderr
    stated = [
        word for item in assumed if item["option"] != "--crop"
        for word in (item["option"], item["value"])
    ]  # fmt: skip
    again = soundgan(
        "invert", painted, "--out", tmp_path / "t", *stated, "--crop", "none", "--json"
    )
    assert json.loads(again.stdout)["sounds"][0]["assumed"] == []
    first, _ = soundfile.read(tmp_path / "s" / "painted.wav")
    second, _ = soundfile.read(tmp_path / "t" / "painted.wav")
    assert np.array_equal(first, second), "stating what was assumed changes nothing"


@pytest.mark.parametrize(
    ("axis", "hz"),
    [
        ("linear", 4000 * 16.5 / 64),
        ("log", 50 * (4000 / 50) ** (16.5 / 64)),
    ],
)
def test_a_bright_row_is_a_tone_at_its_height(
    axis: str, hz: float, painted: Path, soundgan: Run, tmp_path: Path
) -> None:
    low = 50 if axis == "log" else 0
    outcome = soundgan(
        "invert", painted, "--out", tmp_path, "--axis", axis, "--f-min", low, "--f-max", 4000,
        "--sample-rate", 8000, "--seconds", 1,
    )  # fmt: skip
    assert outcome.code == 0
    assert dominant_hz(tmp_path / "painted.wav") == pytest.approx(hz, abs=RATE / 512 * 1.5)
    samples, _ = soundfile.read(tmp_path / "painted.wav")
    assert np.abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)


def test_a_photograph_makes_sound_without_complaint(
    soundgan: Run, rng: np.random.Generator, tmp_path: Path
) -> None:
    pixels = rng.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((160, 120)).save(tmp_path / "photo.jpg", quality=80)
    outcome = soundgan("invert", tmp_path / "photo.jpg", "--out", tmp_path)
    assert outcome.code == 0
    assert "warning" not in outcome.stderr
    samples, _ = soundfile.read(tmp_path / "photo.wav")
    assert np.sqrt((samples**2).mean()) > 0.01


def test_a_black_picture_is_silence(soundgan: Run, tmp_path: Path) -> None:
    Image.new("L", (50, 50)).save(tmp_path / "black.png")
    assert soundgan("invert", tmp_path / "black.png", "--out", tmp_path).code == 0
    samples, _ = soundfile.read(tmp_path / "black.wav")
    assert not samples.any()


# -- files ---------------------------------------------------------------------------------------


def test_a_folder_is_mirrored_one_failure_is_exit_3_and_equal_assumptions_are_told_once(
    painted: Path, soundgan: Run, tmp_path: Path
) -> None:
    for place in ("in/a/x.png", "in/b/x.bmp"):
        (tmp_path / place).parent.mkdir(parents=True)
        with Image.open(painted) as picture:
            picture.save(tmp_path / place)
    (tmp_path / "in/b/broken.png").write_bytes(painted.read_bytes()[:60])
    (tmp_path / "in/notes.txt").write_text("not a picture")
    outcome = soundgan("invert", tmp_path / "in", "--out", tmp_path / "s", "--json")
    document = json.loads(outcome.stdout)
    assert outcome.code == 3
    assert [s["path"] for s in document["sounds"]] == [
        str(tmp_path / "s/a/x.wav"), str(tmp_path / "s/b/x.wav"),
    ]  # fmt: skip
    assert [f["source"] for f in document["failures"]] == [str(tmp_path / "in/b/broken.png")]
    assert outcome.stderr.count("--seconds") == 1


def test_pictures_that_differ_in_their_ending_keep_it(
    painted: Path, soundgan: Run, tmp_path: Path
) -> None:
    with Image.open(painted) as picture:
        picture.save(tmp_path / "painted.bmp")
    outcome = soundgan("invert", painted, tmp_path / "painted.bmp", "--out", tmp_path / "s")
    assert [Path(line).name for line in outcome.stdout.splitlines()] == [
        "painted.png.wav", "painted.bmp.wav",
    ]  # fmt: skip


def test_png_shows_the_result_and_never_takes_the_place_of_the_picture(
    drawn: Path, soundgan: Run, tmp_path: Path
) -> None:
    before = drawn.read_bytes()
    outcome = soundgan("invert", drawn, "--out", tmp_path, "--png", "--overwrite", "--json")
    sound = json.loads(outcome.stdout)["sounds"][0]
    assert sound["png"] == str(tmp_path / "tone.spectrogram.png")
    assert drawn.read_bytes() == before
    first, second = eight_bit(drawn), eight_bit(Path(sound["png"]))
    assert first.shape == second.shape
    loud = first > 200
    assert np.abs(first[loud].astype(int) - second[loud]).mean() < 6


def test_what_is_there_is_not_replaced(painted: Path, soundgan: Run, tmp_path: Path) -> None:
    (tmp_path / "painted.wav").write_bytes(b"something precious")
    outcome = soundgan("invert", painted, "--out", tmp_path)
    assert outcome.code == 1
    assert "pass --overwrite" in outcome.stderr
    assert (tmp_path / "painted.wav").read_bytes() == b"something precious"


def test_a_seed_decides_the_phase(drawn: Path, soundgan: Run, tmp_path: Path) -> None:
    def sound(folder: str, *options: object) -> bytes:
        arguments = ["invert", drawn, "--out", tmp_path / folder, "--method", "griffin_lim"]
        assert soundgan(*arguments, "--iterations", 2, *options).code == 0
        return (tmp_path / folder / "tone.wav").read_bytes()

    assert sound("a") == sound("b", "--seed", 0)
    assert sound("a") != sound("c", "--seed", 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "grifin_lim"], "unknown inversion 'grifin_lim'; did you mean 'griffin_lim'?"),
        (["--seconds", "nan"], "--seconds"),
        (["--f-min", "500", "--f-max", "100"], "--f-min: 500 must be below --f-max 100"),
        (["--n-fft", "101"], "must be even"),
        (["--axis", "logarithmic"], "'linear', 'log', 'mel'"),
        (["--colormap", "rainbaux"], "--colormap rainbaux: no such colour map"),
    ],
)
def test_a_wrong_option_writes_nothing(
    options: list[str], message: str, painted: Path, soundgan: Run, tmp_path: Path
) -> None:
    outcome = soundgan("invert", painted, "--out", tmp_path / "s", *options)
    assert outcome.code == 2
    assert message in " ".join(outcome.stderr.replace("│", " ").split())
    assert not list(tmp_path.glob("s/*.wav"))


# -- how sounds begin ------------------------------------------------------------------------------


def strike(path: Path) -> Path:
    """A blow 4 ms after the beginning that rings on to the end and beyond."""
    t = np.arange(4000) / 8000
    rng = np.random.default_rng(3)
    ringing = (np.sin(2 * np.pi * 300 * t) + 0.3 * rng.standard_normal(4000)) * np.exp(-4 * t)
    soundfile.write(path, np.concatenate([np.zeros(32), 0.4 * ringing]), 8000)
    return path


def first_and_last(path: Path) -> tuple[float, float]:
    """Shares of its peak at which a sound begins and ends."""
    samples, _ = soundfile.read(path)
    heights = np.abs(samples) / np.abs(samples).max()
    return float(heights[0]), float(heights[-1])


@pytest.mark.parametrize("look", [[], ["--colormap", "magma"], ["--mel", "64"]])
def test_a_copy_begins_as_its_sound_does(look: list[str], soundgan: Run, tmp_path: Path) -> None:
    sound = strike(tmp_path / "strike.wav")
    soundgan("spectrogram", sound, "--out", tmp_path / "p", *look)
    soundgan("invert", tmp_path / "p", "--out", tmp_path / "s")
    samples, _ = soundfile.read(tmp_path / "s" / "strike.wav")
    assert np.abs(samples[:22]).max() < 1e-4


def test_a_sound_that_begins_at_its_peak_keeps_it(soundgan: Run, tmp_path: Path) -> None:
    t = np.arange(4000) / 8000
    loud = 0.8 * np.cos(2 * np.pi * 300 * t) * np.exp(-6 * t)
    soundfile.write(tmp_path / "loud.wav", loud, 8000)
    soundgan("spectrogram", tmp_path / "loud.wav", "--out", tmp_path / "p")
    soundgan("invert", tmp_path / "p", "--out", tmp_path / "s")
    samples, _ = soundfile.read(tmp_path / "s" / "loud.wav")
    assert np.abs(samples[:8]).max() > 0.5


def test_a_picture_without_parameters_or_cut_makes_no_click(soundgan: Run, tmp_path: Path) -> None:
    sound = strike(tmp_path / "strike.wav")
    soundgan("spectrogram", sound, "--out", tmp_path)
    pixels = eight_bit(tmp_path / "strike.png")
    foreign = edited(tmp_path / "strike.png", tmp_path / "foreign.png", pixels, keep=False)
    cut = edited(tmp_path / "strike.png", tmp_path / "cut.png", pixels[:, 4:-20])
    soundgan(
        "invert", foreign, cut, "--seconds", 0.5, "--sample-rate", 8000, "--out", tmp_path / "s"
    )
    for name in ("foreign", "cut"):
        assert first_and_last(tmp_path / "s" / f"{name}.wav") == (0.0, 0.0)
