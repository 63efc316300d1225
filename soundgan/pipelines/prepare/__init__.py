"""A folder of sounds to a dataset of clips, one verdict a file."""
