"""SoundGAN: new sounds from your own."""

from soundgan.version import VERSION

__version__ = VERSION
