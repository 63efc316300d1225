from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest

import soundgan
from soundgan import ranges

PIXELS = np.zeros((64, 64), np.uint8)
WAVE = np.full(100, 0.1, np.float32)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: soundgan.generate("drums", count=0), "`count`: 0 is not from 1 to"),
        (lambda: soundgan.generate("drums", batch_size=0), "`batch_size`: 0 is not from 1 to 4096"),
        (lambda: soundgan.generate("drums", seed=-1), "`seed`: -1 is not at least 0"),
        (
            lambda: soundgan.generate("drums", truncation=float("nan")),
            "`truncation`: nan is not from 0 to 2",
        ),
        (lambda: soundgan.generate(audio_format="mp3"), "`audio_format=mp3`: must be wav or flac"),
        (lambda: soundgan.generate(audio_format="flac", subtype="FLOAT"), "`subtype=FLOAT`: flac"),
        (lambda: soundgan.bench(batch_sizes=[0]), "`batch_sizes=0`: give up to 16 numbers"),
        (lambda: soundgan.bench(batch_sizes=[]), "`batch_sizes=`: give up to 16 numbers"),
        (lambda: soundgan.demo_data("x", per_class=0), "`per_class`: 0 is not from 1 to 9999"),
        (lambda: soundgan.evaluate("drums", count=-1), "`count`: -1 is not from 10 to 5000"),
        (lambda: soundgan.train(max_minutes=-1), "`max_minutes`: -1 is not from 0.01"),
        (lambda: soundgan.train(max_minutes=math.inf), "`max_minutes`: inf is not from 0.01 to"),
        (lambda: soundgan.plan_training(max_minutes=math.nan), "`max_minutes`: nan is not from"),
        (lambda: soundgan.plan_training(seed=-1), "`seed`: -1 is not at least 0"),
        (lambda: soundgan.recall([]), "`files`: empty; give one path or several"),
        (lambda: soundgan.verify([]), "`paths`: empty; give one path or several"),
        (lambda: soundgan.project([], model="drums"), "`recordings`: empty; give one path or"),
        (lambda: soundgan.train(max_steps=0), "`max_steps`: 0 is not at least 1"),
        (lambda: soundgan.train(seed=-1), "`seed`: -1 is not at least 0"),
        (lambda: soundgan.invert(PIXELS, seconds=float("nan")), "`seconds`: nan is not from 0.01"),
        (lambda: soundgan.invert(PIXELS, sample_rate=0), "`sample_rate`: 0 is not from 1000"),
        (lambda: soundgan.invert(PIXELS, n_fft=101), "`n_fft`: 101 is odd"),
        (lambda: soundgan.invert(PIXELS, f_min=2, f_max=1), "`f_min`: 2 must be below `f_max` 1"),
        (lambda: soundgan.invert(PIXELS, axis="bark"), "`axis=bark`: no such axis"),
        (lambda: soundgan.invert(PIXELS, method="x"), "`method`: unknown inversion 'x'"),
        (lambda: soundgan.invert(PIXELS, crop="x"), "`crop=x`: give auto, none, or"),
        (lambda: soundgan.invert_files("x.png", seed=-1), "`seed`: -1 is not from 0"),
        (lambda: soundgan.invert_files("x.png", range_db=1), "`range_db`: 1 is not from 5"),
        (lambda: soundgan.spectrogram_files("x.wav", mel=0), "`mel`: 0 is not from 1 to 4096"),
        (lambda: soundgan.spectrogram_files("x.wav", n_fft=9), "`n_fft`: 9 is odd"),
        (lambda: soundgan.spectrogram(WAVE, 8000, n_fft=64, hop=64), "`hop=64`: must be below"),
        (lambda: soundgan.spectrogram(WAVE, 0), "`sample_rate`: 0 is not from 1000"),
        (lambda: soundgan.spectrogram(WAVE, 8000, range_db=5), "`range_db`: 5 is not from 20"),
    ],
)
def test_a_number_out_of_range_is_refused_by_its_name(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(soundgan.SoundGANError) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_the_last_seed_is_no_number_out_of_range(tmp_path: Path) -> None:
    made = soundgan.generate("drums", tmp_path, count=1, seed=2**63 - 1)
    assert [sound.seed for sound in made.sounds] == [2**63 - 1]


@pytest.mark.parametrize(
    "command",
    ["evaluate", "generate", "invert", "kit", "like", "morph", "prepare", "spectrogram", "train",
     "vary"],
)  # fmt: skip
def test_a_command_takes_the_numbers_that_python_takes(command: str) -> None:
    module = importlib.import_module(f"soundgan.cli.{command}")
    hints = get_type_hints(getattr(module, command), include_extras=True)
    options = {name: hint.__metadata__[0] for name, hint in hints.items() if get_args(hint)}
    table = getattr(ranges, command.upper())
    numbers = {name: (o.min, o.max) for name, o in options.items() if o.min is not None}
    assert numbers
    for name, (low, high) in numbers.items():
        assert (low, math.inf if high is None else high) == (table[name].low, table[name].high)
