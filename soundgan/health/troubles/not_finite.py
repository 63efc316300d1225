"""Numbers that are not finite: NaN or infinity in a loss, a gradient or the penalty."""

from __future__ import annotations

import math
from collections.abc import Mapping

from soundgan.health.remedies import RollBackCalmly
from soundgan.health.troubles.contract import UpdateTrouble


class NotFinite(UpdateTrouble):
    """Any number of three steps in a row is NaN or infinite; the updates are left out meanwhile.

    One such update is left out and nothing else, as training in half precision does. Three are
    chosen, not measured: what chance brings once seldom comes three times, and what is in the
    weights or in Adam's moments comes every time.

    References:
        Micikevicius et al., "Mixed Precision Training", ICLR 2018: an update whose gradients
        overflow is skipped.
    """

    name = "not-finite"
    summary = "three updates in a row have NaN or infinity"
    happened = "numbers were not finite"
    ladder = (RollBackCalmly(),)
    fatal = True

    def holds(self, refused: Mapping[str, float]) -> bool:
        """NaN or infinity among them."""
        return not all(map(math.isfinite, refused.values()))
