"""A drum kit made of arithmetic: hits to try the program on when no recordings are at hand."""
