"""How fast this machine makes sounds and trains, beside what it could do."""
