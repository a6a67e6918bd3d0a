"""The public HTTP edge: who asks, commands in, replies out, reads passed on to their owners."""
