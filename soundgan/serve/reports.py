"""Pages of ``prepare`` and ``evaluate``: shown as they are, and kept from doing anything else."""

from __future__ import annotations

REPORT_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "media-src data:; frame-ancestors 'self'; sandbox"
}
"""Their styles, pictures and sounds are inside them; scripts they have none."""
