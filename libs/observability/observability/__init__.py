"""Logs and metrics, set up in one call."""

from observability.logs import LogFormat, setup

__all__ = ["LogFormat", "setup"]
