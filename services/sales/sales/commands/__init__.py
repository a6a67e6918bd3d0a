"""What sales can be asked to do: load, decide, save, announce."""
