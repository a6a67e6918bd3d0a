"""What booking can be asked to do: load, decide, save, announce; always a whole batch."""
