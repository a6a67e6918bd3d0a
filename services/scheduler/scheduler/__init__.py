"""Durable timers: says when an appointment begins."""
