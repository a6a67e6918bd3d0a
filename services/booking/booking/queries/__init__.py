"""What booking can be asked: answers from one snapshot of the database."""
