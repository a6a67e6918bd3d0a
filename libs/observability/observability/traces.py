"""Traces (W3C Trace Context): from an HTTP request through all the messages that follow from it.

A `traceparent` is handed on always. Spans are made only if there is somewhere to send them to:
OTEL_EXPORTER_OTLP_ENDPOINT names a collector. Without it nothing of the SDK is even imported.
"""

import os
import re
import secrets
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Final

import structlog
from opentelemetry import trace
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, TraceFlags

_TRACEPARENT: Final = re.compile(
    r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})"
)
_tracer: Final = trace.get_tracer("punchcard")
_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"


def export(*, service: str, instance: str) -> None:
    """Send spans to the collector that the environment names, if it names one."""
    if os.environ.get(_ENDPOINT):
        from observability import exporting  # noqa: PLC0415 - 10 MB that few need

        trace.set_tracer_provider(exporting.provider(service=service, instance=instance))


@contextmanager
def continuing(name: str, traceparent: str | None) -> Generator[str, None, None]:
    """Work on something within the caller's trace, or a new one; its id is on every log line.

    Gives the traceparent for what follows. One that is not well-formed counts as none.
    """
    parent = _context(traceparent)
    context = trace.set_span_in_context(NonRecordingSpan(parent)) if parent else None
    with _tracer.start_as_current_span(name, context, kind=SpanKind.PRODUCER) as span:
        made = span.get_span_context()
        handed_on = _text(made) if made.is_valid else _new()
        with structlog.contextvars.bound_contextvars(trace_id=handed_on.split("-")[1]):
            yield handed_on


@contextmanager
def linking(name: str, traceparents: Iterable[str | None]) -> Generator[None, None, None]:
    """Work on many messages at once, each of a trace of its own; costs nothing without spans."""
    if not os.environ.get(_ENDPOINT):
        yield
        return
    contexts = [_context(one) for one in traceparents]
    links = [Link(one) for one in contexts if one is not None]
    with _tracer.start_as_current_span(name, links=links):
        yield


def _context(traceparent: str | None) -> SpanContext | None:
    found = _TRACEPARENT.fullmatch(traceparent or "")
    if found is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))


def _text(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _new() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
