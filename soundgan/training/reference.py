"""The training clips by which the sounds of a run are measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from soundgan.codec.contract import Codec
from soundgan.evaluation.patches import PatchFeatures


@dataclass(frozen=True, eq=False)
class Reference:
    """Some training clips, and features fitted on them once for all who measure.

    Attributes:
        codec: Made x, and tells what it looks like.
        x: The clips as the networks see them, [N, *shape].
        labels: Their classes [N], or ``None`` where the networks know none.
    """

    codec: Codec
    x: Tensor
    labels: NDArray[np.int64] | None = None

    @cached_property
    def pictures(self) -> Tensor:
        """The clips as pictures [N, F, T]."""
        return self.codec.pictures(self.x)

    @cached_property
    def features(self) -> PatchFeatures:
        """Fitted on the pictures.

        Raises:
            UsageError: They are all alike.
        """
        return PatchFeatures.fit(self.pictures)

    def features_of(self, x: Tensor) -> Tensor:
        """Features [M, D] of other sounds, [M, *shape]."""
        return self.features.features(self.codec.pictures(x))
