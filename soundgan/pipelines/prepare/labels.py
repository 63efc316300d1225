"""Which class each file belongs to, by its place or its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from soundgan.audio.find import display
from soundgan.errors import UsageError

GROUP = "label"


@dataclass(frozen=True)
class Labelling:
    """Where labels come from.

    Attributes:
        source: ``folders``: the first folder of a file's path; ``pattern``: a part of its name;
            ``none``: there are no labels.
        pattern: The expression for ``pattern``.
    """

    source: Literal["folders", "pattern", "none"]
    pattern: re.Pattern[str] | None = None

    def labels(self, files: Sequence[str]) -> list[str | None]:
        """The label of each file, ``None`` where it has none.

        Raises:
            UsageError: The pattern fits no file at all.
        """
        found = [self._label(path) for path in files]
        if self.pattern is not None and files and not any(label is not None for label in found):
            name = display(files[0]).rsplit("/", 1)[-1]
            raise UsageError(
                f"--label-pattern: {self.pattern.pattern!r} fits no file name, for example not "
                f"{name!r}; it is searched in the name without its folders"
            )
        return found

    def _label(self, path: str) -> str | None:
        folders, _, name = display(path).rpartition("/")
        if self.source == "folders" and folders:
            return unicodedata.normalize("NFC", folders.split("/")[0])
        if self.pattern is not None:
            match = self.pattern.search(unicodedata.normalize("NFC", name))
            # An empty label names nothing.
            return (match[GROUP] or None) if match else None
        return None


def make_labelling(pattern: str | None, *, unlabelled: bool) -> Labelling:
    """The labelling that the options ask for.

    Raises:
        UsageError: Options that exclude each other, or a pattern that cannot be used.
    """
    if unlabelled:
        if pattern is not None:
            raise UsageError("--unlabelled and --label-pattern exclude each other; give one")
        return Labelling("none")
    if pattern is None:
        return Labelling("folders")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"--label-pattern: {pattern!r} is not a pattern: {error}") from error
    if GROUP not in compiled.groupindex:
        raise UsageError(
            f"--label-pattern: {pattern!r} has no group named {GROUP}; "
            "mark the label as in '^(?P<label>[a-z]+)_'"
        )
    return Labelling("pattern", compiled)
