"""What Python programs call: every command's work, arrays in and out where they can be."""
