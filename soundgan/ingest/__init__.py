"""A folder of sounds to clips, and what became of every file: what needs no torch of preparing."""
