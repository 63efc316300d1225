"""What makes the documentation: pages from the code, pictures of pages."""
