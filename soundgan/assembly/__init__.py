"""What follows from a config and the kind of clips, and from no clip."""
