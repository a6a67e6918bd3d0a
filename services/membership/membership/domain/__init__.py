"""The decisions of membership: pure, synchronous; `now` is given."""
