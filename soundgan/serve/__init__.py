"""The HTTP service: sounds and files of the command line, for a page and for programs."""
