"""SoundGAN: new sounds from your own."""

__version__ = "0.1.0"
