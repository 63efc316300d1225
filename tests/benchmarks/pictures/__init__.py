"""A zoo of spectrograms by other tools, and how well ``soundgan invert`` reads them."""
