"""What ``soundgan spectrogram`` does: sounds to pictures that can be turned back."""
