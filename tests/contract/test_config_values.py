"""Every key of a config, given values that nobody has thought of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundgan.config.dump import to_toml
from soundgan.config.load import load_config
from soundgan.config.presets import preset_names
from soundgan.config.schema import Config
from soundgan.config.settings import Settings
from soundgan.errors import ConfigError
from tests.conftest import Run
from tests.contract.promises import complaints


def keys(model: type[Settings], prefix: str = "") -> Iterator[str]:
    """All dotted keys, tables included."""
    for name, field in model.model_fields.items():
        yield prefix + name
        if isinstance(field.annotation, type) and issubclass(field.annotation, Settings):
            yield from keys(field.annotation, f"{prefix}{name}.")


def options() -> Iterator[str]:
    """Keys of the options that presets give to their parts."""
    for preset in preset_names():
        config = load_config(preset).config
        for table in ("representation", "inversion", "generator", "discriminator", "loss"):
            for name in getattr(config, table).options:
                yield f"{table}.options.{name}"


KEYS = sorted({*keys(Config), *options()})
NUMBERS = ["nan", "inf", "-inf", "1e999", "-1e999", "-1", "0", "-0.0", "1e-320", "0.5", "2",
           str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "9" * 400]  # fmt: skip
LITERALS = [*NUMBERS, "true", "[]", "{}", "''", "[[[[]]]]", "{a = {b = 1}}", "1979-05-27",
            "07:32:00", "[1, 'a']", "{name = 'hinge'}", '"\\u0000"', '"\\u202e"', "'../../x'",
            "'[red]x'", "a.b", "=", '"', "'''", "\n", "#"]  # fmt: skip
anything = st.one_of(
    st.sampled_from(LITERALS),
    st.integers().map(str),
    st.floats().map(repr),
    st.text(max_size=40),
    st.text(max_size=40).map(lambda text: repr(text)),
)


@given(
    preset=st.sampled_from(["tiny", "fast", "soundgan"]),
    key=st.one_of(st.sampled_from(KEYS), st.text(max_size=30)),
    value=anything,
)
@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_value_of_a_config_is_kept_or_refused(
    preset: str, key: str, value: str, soundgan: Run
) -> None:
    outcome = soundgan("config", "show", preset, "--json", "--set", f"{key}={value}")
    assert outcome.code in (0, 2)
    assert list(complaints(outcome, as_json=True)) == []
    if outcome.code == 2:
        assert outcome.stdout == ""
        assert outcome.stderr.count("\n") == 1


@given(key=st.sampled_from(KEYS), value=anything)
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_config_that_is_accepted_comes_back_as_it_was(
    key: str, value: str, tmp_path: Path
) -> None:
    try:
        config = load_config("tiny", [f"{key}={value}"]).config
    except ConfigError:
        return
    text = to_toml(config)
    tomllib.loads(text)
    (tmp_path / "again.toml").write_text(text, encoding="utf-8")
    again = load_config(str(tmp_path / "again.toml")).config
    assert to_toml(again) == text  # which is the same for NaN too


@pytest.mark.slow
@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("key", KEYS)
def test_a_training_with_a_strange_value_is_planned_or_refused(
    key: str, here: Path, soundgan: Run
) -> None:
    wrong = []
    for value in [*NUMBERS, "[]", "''", "'x'", "true"]:
        outcome = soundgan(
            "train", "-c", "tiny", "--data", "prepared", "--run", "out", "--dry-run", "--json",
            "--device", "cpu", "--set", f"{key}={value}",
        )  # fmt: skip
        wrong += [f"{key}={value}: {line}" for line in complaints(outcome, as_json=True)]
    assert not wrong, "\n".join(wrong)
    assert not (here / "out").exists()
