"""Addresses: one short text for any sound of a model."""
