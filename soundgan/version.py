"""The package's version, stated once."""

VERSION = "0.2.0"
