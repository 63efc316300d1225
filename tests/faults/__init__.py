"""The machine fails, or the program is killed: what may be lost, and what never is."""
