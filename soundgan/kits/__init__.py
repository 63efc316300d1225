"""Drum kits as samplers read them."""
