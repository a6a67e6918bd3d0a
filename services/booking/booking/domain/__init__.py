"""The decisions of booking: pure, synchronous, standard library only."""
