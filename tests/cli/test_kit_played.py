"""A kit played by sfizz, a sampler of others: what it renders is what the files hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.conftest import Run
from tests.inference.conftest import write_model

Wave = NDArray[np.float32]
RATE, BLOCK = 22050, 1024
SHORT = 64
HARDEST = 127


@pytest.fixture(scope="module")
def sampler() -> Any:
    return pytest.importorskip("pysfizz", reason="needs the package pysfizz, a build of sfizz")


def player(sampler: Any, path: Path, block: int = BLOCK) -> Any:
    synth = sampler.Synth(sample_rate=RATE, block_size=block)
    assert synth.load_sfz_file(path), path
    return synth


def hit(synth: Any, note: int, velocity: int) -> Wave:
    """What is heard of one hit, a second long, its key let go at once."""
    found: Wave = synth.render_note(note, velocity, 0.005, 1.0)[0]
    return found


def centroid_hz(wave: Wave) -> float:
    magnitudes = np.abs(np.fft.rfft(wave))
    return float(np.fft.rfftfreq(len(wave), 1 / RATE) @ magnitudes / magnitudes.sum())


def bands(wave: Wave) -> NDArray[np.float64]:
    """Mean magnitudes in sixteenths of the spectrum; delays by parts of a sample leave them."""
    parts = np.array_split(np.abs(np.fft.rfft(wave)), 16)
    return np.array([part.mean() for part in parts])


@pytest.mark.slow
def test_a_kit_of_the_bundled_drums_sounds_in_sfizz_as_its_files_do(
    sampler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soundgan: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    addresses = ["1:kick", "2:snare", "4:clap", "7:tom", "3:hat"]
    made = soundgan("kit", *addresses, "--model", "drums", "--layers", 3, "--takes", 1)
    assert made.code == 0, made.stderr
    synth = player(sampler, tmp_path / "kit/kit.sfz")
    assert synth.playable_keys == [36, 38, 39, 42, 45]
    for name, note in (("kick", 36), ("snare", 38), ("clap", 39), ("tom", 45), ("hat", 42)):
        heard = [hit(synth, note, HARDEST) for _ in range(4)]
        for number, wave in enumerate(heard):
            written = f"{name}.wav" if number % 2 == 0 else f"{name} take 1.wav"
            file = soundfile.read(tmp_path / "kit/Samples" / written, dtype="float32")[0]
            assert abs(int(np.abs(wave).argmax() - np.abs(file).argmax())) <= 1, (written, number)
            alike = np.corrcoef(bands(wave[: len(file)]), bands(file))[0, 1]
            assert alike > 0.99, (written, number, alike)
        again, other = (np.abs(heard[0] - heard[n]).max() for n in (2, 1))
        assert again < other / 10, (name, again, other)  # takes in turn
        waves = [hit(synth, note, velocity) for velocity in (120, 70, 30)]
        peaks = [float(np.abs(wave).max()) for wave in waves]
        assert peaks[0] > 1.5 * peaks[1] > 3 * peaks[2], (name, peaks)
        if name != "hat":  # the model has no direction for it
            brightness = list(map(centroid_hz, waves))
            assert brightness == sorted(brightness, reverse=True), (name, brightness)
            assert brightness[0] > 1.03 * brightness[2], (name, brightness)


@pytest.mark.slow
def test_a_closed_hat_cuts_an_open_one_off_in_sfizz_and_a_kick_does_not(
    sampler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soundgan: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    model = write_model(
        tmp_path / "m.safetensors", "generator.name=convt", labels=("kick", "open hat", "hat")
    )
    addresses = ["1:open%20hat", "2:hat", "3:kick"]
    made = soundgan("kit", *addresses, "--model", model, "--format", "sfz")
    assert made.code == 0, made.stderr
    synth = player(sampler, tmp_path / "kit/kit.sfz", SHORT)
    assert synth.playable_keys == [36, 42, 46]
    open_alone = both(synth, 46, None)
    for note, name in ((42, "hat"), (36, "kick")):
        alone = both(synth, None, note)
        rest = both(synth, 46, note) - alone
        later = slice(RATE // 10, None)  # 80 ms after the second hit, in sounds of 256 ms
        left = np.abs(rest[later]).max() / np.abs(open_alone[later]).max()
        assert left < 0.01 if name == "hat" else left > 0.9, (name, left)


def both(synth: Any, first: int | None, second: int | None) -> Wave:
    """One key, and a fiftieth of a second later another."""
    inner = synth._synth
    inner.all_sound_off()
    parts = []
    for block in range(RATE // 2 // SHORT):
        for note, at in ((first, 0), (second, RATE // 50 // SHORT)):
            if note is not None and block == at:
                inner.note_on(0, note, HARDEST)
        parts.append(inner.render_block()[0])
    found: Wave = np.concatenate(parts)
    return found
