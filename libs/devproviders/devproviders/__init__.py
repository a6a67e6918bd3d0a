"""What stands in for payment providers and phones while developing."""
