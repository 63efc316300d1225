"""Which class each file belongs to, by its place or its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from soundgan.audio.find import display
from soundgan.errors import UsageError
from soundgan.ingest.folders import Classes, merge_spellings, understand

GROUP = "label"


@dataclass(frozen=True)
class Labelling:
    """Where labels come from.

    Attributes:
        source: ``folders``: a folder on a file's path; ``pattern``: a part of its name;
            ``none``: there are no labels.
        pattern: The expression for ``pattern``.
        depth: For ``folders``, which level of them; ``None``: as they are understood.
    """

    source: Literal["folders", "pattern", "none"]
    pattern: re.Pattern[str] | None = None
    depth: int | None = None

    def check(self, files: Sequence[str]) -> None:
        """Make sure that the options fit these files.

        Raises:
            UsageError: The pattern fits no file at all, or no file lies so deep.
        """
        if self.pattern is not None and files and not any(map(self._match, files)):
            name = display(files[0]).rsplit("/", 1)[-1]
            raise UsageError(
                f"`label_pattern`: {self.pattern.pattern!r} fits no file name, for example not "
                f"{name!r}; it is searched in the name without its folders"
            )
        deepest = max((path.count("/") for path in files), default=0)
        if self.depth is not None and self.depth > deepest:
            remedy = f"give 1 to {deepest}" if deepest > 1 else "give 1" if deepest else "leave it"
            raise UsageError(
                f"`label_depth`: {self.depth}, but no file lies below more than {deepest} "
                f"folders; {remedy}"
            )

    def classes(self, files: Sequence[str], sounds: Sequence[bool] | None = None) -> Classes:
        """The class of each file.

        Args:
            files: Paths.
            sounds: Which of them gave a sound; by default all.
        """
        heard = [True] * len(files) if sounds is None else sounds
        if self.source == "folders":
            return understand(files, heard, depth=self.depth)
        named = [self._match(path) for path in files]
        labels, notes = merge_spellings(named, heard, apart="rename files to keep them apart")
        return Classes(None, labels, tuple(notes))

    def _match(self, path: str) -> str | None:
        if self.pattern is None:
            return None
        name = unicodedata.normalize("NFC", display(path).rpartition("/")[2])
        match = self.pattern.search(name)
        # A label of nothing, or of spaces, names nothing.
        label = (match[GROUP] or "") if match else ""
        return label if label.strip() else None


def make_labelling(pattern: str | None, *, unlabelled: bool, depth: int | None = None) -> Labelling:
    """The labelling that the options ask for.

    Raises:
        UsageError: Options that exclude each other, or a pattern that cannot be used.
    """
    asked = {"`unlabelled`": unlabelled, "`label_pattern`": pattern is not None}
    given = [name for name, on in {**asked, "`label_depth`": depth is not None}.items() if on]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other; give one")
    if unlabelled:
        return Labelling("none")
    if pattern is None:
        return Labelling("folders", depth=depth)
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"`label_pattern`: {pattern!r} is not a pattern: {error}") from error
    if GROUP not in compiled.groupindex:
        raise UsageError(
            f"`label_pattern`: {pattern!r} has no group named {GROUP}; "
            "mark the label as in '^(?P<label>[a-z]+)_'"
        )
    return Labelling("pattern", compiled)
