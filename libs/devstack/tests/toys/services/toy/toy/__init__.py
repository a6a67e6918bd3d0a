"""A service that does nothing but be there: enough to start, ask and stop."""
