"""Pictures of spectrograms that others have drawn: opening them, and reading levels from them."""
