"""Waveform to what the networks see, and back."""
