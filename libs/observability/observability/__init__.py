"""Logs and traces, set up in one call."""

from observability import logs, traces
from observability.logs import LogFormat

__all__ = ["LogFormat", "setup"]


def setup(*, service: str, instance: str, log_format: LogFormat = "console") -> None:
    """Send all logs, the libraries' too, to standard output, and spans where OTEL_… says."""
    logs.setup(service=service, instance=instance, log_format=log_format)
    traces.export(service=service, instance=instance)
