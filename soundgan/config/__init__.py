"""What a run is: the schema of a config, reading it, and writing it out."""
