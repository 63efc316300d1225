"""What each command does, callable from Python; nothing here prints."""
