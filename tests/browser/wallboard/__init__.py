"""What the tests of the wallboard share."""
