"""What decides about sales and bills: pure, standard library only."""
