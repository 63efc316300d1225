"""One run: its state, its update rule, its loop, its checkpoints."""
