"""Generated sounds beside real ones that no model has trained on: numbers, verdict and page."""
