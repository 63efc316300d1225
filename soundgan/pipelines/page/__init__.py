"""What the pages of reports share: the frame, the look, players and pictures."""
