"""The prepared dataset on disk."""
