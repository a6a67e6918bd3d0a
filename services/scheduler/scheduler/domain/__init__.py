"""What decides about timers: pure, standard library only."""
