"""The strict, frozen base of every table a user can write."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A table of settings: unknown keys, wrong types, NaN and infinity are errors.

    Parts (architectures, losses, representations, inversions) declare an ``Options`` subclass
    of this; its fields are the keys of the part's ``options`` table in a config. Give every
    field a range with ``pydantic.Field`` and a line of documentation with its unit.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, strict=True, use_attribute_docstrings=True
    )
