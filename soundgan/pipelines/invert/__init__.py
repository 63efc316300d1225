"""What ``soundgan invert`` does: pictures to sounds."""
