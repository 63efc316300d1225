"""Waveforms and classical signal processing."""
