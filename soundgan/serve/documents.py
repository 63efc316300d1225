"""What JSON answers have in common: they carry the version of their schema."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """An answer, or what a client sends; within ``schema`` 1 fields are only added."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: int = Field(default=1, alias="schema", ge=1)


class Problem(BaseModel):
    """What went wrong, as in RFC 9457, with what the command line would have left.

    Attributes:
        type: Always ``about:blank``: the status says the kind.
        title: Of the status.
        status: Of the answer.
        detail: The line that the command line prints.
        exit_code: Of the command that would have failed so.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    exit_code: int
