"""Which inversion turns a picture's magnitudes into a waveform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from soundgan.config.parts import load_part
from soundgan.config.schema import Component
from soundgan.errors import UsageError
from soundgan.inversion import INVERSIONS
from soundgan.inversion.contract import Inversion

DEFAULT_METHOD = "auto"


@dataclass(frozen=True)
class Method:
    """An inversion ready to use.

    Attributes:
        name: Registered name.
        options: All of its options.
        invert: The part.
    """

    name: str
    options: dict[str, Any]
    invert: Inversion


def choose_method(
    name: str | None, iterations: int | None, *, drawn_with: Component | None = None
) -> Method:
    """The inversion that was asked for, else the one a picture names, else the default.

    Raises:
        UsageError: There is no such part, or it has no iterations.
        ConfigError: The options do not fit the part.
    """
    component = drawn_with or Component(name=DEFAULT_METHOD, options={})
    if name is not None and name != component.name:
        _demand(name)  # a wrong name is the option's fault, not a config's
        component = Component(name=name, options={})
    options = dict(component.options)
    if iterations is not None:
        if "iterations" not in INVERSIONS.load(component.name).Options.model_fields:
            raise UsageError(f"`iterations`: {component.name} has none; leave it out")
        options["iterations"] = iterations
    part, checked = load_part(
        INVERSIONS, Component(name=component.name, options=options), "inversion", "invert"
    )
    return Method(component.name, checked.model_dump(), part(checked))


def _demand(name: str) -> None:
    try:
        INVERSIONS.load(name)
    except UsageError as error:
        raise UsageError(f"`method`: {error}") from None
