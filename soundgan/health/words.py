"""Numbers as people say them."""

from __future__ import annotations


def percent(share: float) -> str:
    """``0.996`` as ``99.6 %``."""
    return f"{100 * share:.3g} %"
