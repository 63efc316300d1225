from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import soundgan
from soundgan.api.arguments import accepted, checked
from soundgan.api.progress import Listener
from tests.inference.conftest import write_model

FUNCTIONS = [name for name in soundgan.__all__ if inspect.isfunction(getattr(soundgan, name))]
OBJECT = object()
GIVEN: dict[str, Any] = {
    "sample_rate": 8000,
    "sounds": ["1", "2"],
    "waveform": [0.0],
    "waveforms": [[0.0]],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_takes_an_object_for_any_of_its_parameters(name: str) -> None:
    function = getattr(soundgan, name)
    for parameter in inspect.signature(function).parameters.values():
        required = {
            other.name: GIVEN.get(other.name, "nowhere")
            for other in inspect.signature(function).parameters.values()
            if other.default is other.empty
        }
        with pytest.raises(soundgan.SoundGANError, match=f"^`{parameter.name}`: <object"):
            function(**{**required, parameter.name: OBJECT})


@pytest.mark.parametrize(
    ("value", "hint", "words"),
    [
        ("ten", int, "'ten' is not a whole number"),
        (1.5, int, "1.5 is not a whole number"),
        (True, int, "True is not a whole number"),
        (np.float32(1.5), int | None, "is not a whole number or None"),
        (np.array([1, 2]), int, "is not a whole number"),
        ("yes", bool, "'yes' is not True or False"),
        (1, bool, "1 is not True or False"),
        ("3", float, "'3' is not a number"),
        (None, float, "None is not a number"),
        (b"kick", str, "b'kick' is not a text"),
        (5, str | Path, "5 is not a text or a path"),
        ("a\0b", str | Path, "is not a text or a path"),
        ("a\ud800", str | Path | None, "is not a text, a path or None"),
        (["a", 5], str | Sequence[str], "is not a text or several texts"),
        ({"a", "b"}, Sequence[str], "is not several texts"),
        ("training.steps=5", Sequence[str], "is not several texts"),
        (5, Listener, "5 is not a function"),
    ],
)
def test_an_argument_of_a_wrong_type_is_named(value: object, hint: Any, words: str) -> None:
    with pytest.raises(soundgan.SoundGANError) as caught:
        accepted("thing", value, hint)
    assert str(caught.value).startswith("`thing`: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "hint", "taken"),
    [
        (np.int64(3), int, 3),
        (np.array(3), int, 3),
        (np.float32(0.5), float, 0.5),
        (3, float, 3),
        (np.bool_(True), bool, True),
        (np.str_("kick"), str | None, "kick"),
        (np.arange(3), int | Iterable[int], (0, 1, 2)),
        ((n for n in (1, 2)), Iterable[int], (1, 2)),
        (range(3), int | Iterable[int], range(3)),
        (np.array(["a", "b"]), str | Sequence[str], ("a", "b")),
        ("h\udce9", str | Path, "h\udce9"),  # a name on disk that is no UTF-8
    ],
)
def test_numbers_and_texts_of_numpy_become_those_of_python(
    value: object, hint: Any, taken: object
) -> None:
    found = accepted("thing", value, hint)
    assert found == taken
    assert type(found) is type(taken)


def test_a_checked_function_keeps_its_name_signature_and_words() -> None:
    def double(number: int, *, times: int = 2) -> int:
        """Twice."""
        return number * times

    wrapped: Callable[..., int] = checked(double)
    assert (wrapped(2), wrapped(np.int8(2), times=3)) == (4, 6)
    assert (wrapped.__name__, wrapped.__doc__) == ("double", "Twice.")
    assert inspect.signature(wrapped) == inspect.signature(double)
    with pytest.raises(TypeError, match="sides"):
        wrapped(2, sides=3)


def test_seeds_of_numpy_make_the_sounds_of_those_numbers(tmp_path: Path) -> None:
    model = soundgan.load(write_model(tmp_path / "model.safetensors"))
    plain = model.generate([3, 4], truncation=0.5).waveforms
    three: Any = np.int64(3)
    assert np.array_equal(model.generate(three, truncation=0.5).waveforms, plain[:1])
    several: list[Any] = [np.array([3, 4]), [np.int8(3), np.uint64(4)], (n for n in (3, 4))]
    half: Any = np.float32(0.5)
    for seeds in several:
        made = model.generate(seeds, truncation=half)
        assert np.array_equal(made.waveforms, plain)
        assert {type(seed) for seed in made.seeds} == {int}


def test_files_of_numpy_numbers_are_those_of_plain_ones(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.safetensors")
    given: dict[str, tuple[Any, Any]] = {"a": (1, 0.5), "b": (np.int64(1), np.float32(0.5))}
    for out, (number, truncation) in given.items():
        soundgan.generate(
            model, tmp_path / out, count=number, seed=number, truncation=truncation, device="cpu"
        )
    one, other = (sorted((tmp_path / name).iterdir()) for name in "ab")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


@pytest.mark.parametrize("value", ["kick", ["a"], [[1.0], [1.0, 2.0]], [1j], [np.nan], [0, 9]])
def test_what_makes_no_array_of_finite_numbers_is_refused(tmp_path: Path, value: Any) -> None:
    model = soundgan.load(write_model(tmp_path / "model.safetensors"))
    calls: dict[str, Callable[[], object]] = {
        "waveforms": lambda: model.encode(value),
        "x": lambda: model.decode(value),
        "waveform": lambda: soundgan.spectrogram(value, 8000),
    }
    for name, call in calls.items():
        with pytest.raises(soundgan.SoundGANError, match=f"^`{name}`: "):
            call()


def test_a_colour_map_that_does_not_exist_is_refused() -> None:
    drawn = soundgan.spectrogram(np.zeros(4000, np.float32), 8000)
    with pytest.raises(soundgan.SoundGANError, match=r"^`colormap=virids`: .* 'viridis'"):
        drawn.png(colormap="virids")
