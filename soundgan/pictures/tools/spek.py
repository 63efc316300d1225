"""Spek: from 0 Hz to half the sample rate, 120 dB."""

from __future__ import annotations

from soundgan.pictures.tools.contract import Tool, no_signs

SPEK = Tool("Spek", no_signs, range_db=120.0)
