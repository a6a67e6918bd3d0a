"""The public HTTP edge: identity, commands in, replies out."""
