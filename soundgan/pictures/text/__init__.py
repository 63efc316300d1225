"""Text in pictures: finding words of a few printed letters, and reading them."""
