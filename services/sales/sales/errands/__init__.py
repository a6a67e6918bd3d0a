"""Calls to the payment provider, and its answers."""
