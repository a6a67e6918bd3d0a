"""Batch consumer, inbox, outbox, relay, operations and replies, dead letters."""
