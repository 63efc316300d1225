"""SoundGAN: new sounds from your own."""

from soundgan.version import VERSION as __version__

__all__ = ["__version__"]
