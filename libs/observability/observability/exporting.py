"""The way of spans to a collector, over OTLP and HTTP."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def provider(*, service: str, instance: str) -> TracerProvider:
    """Return what makes spans and sends them in the background; the rest is as OTEL_… says."""
    named = {"service.name": service, "service.instance.id": instance}
    made = TracerProvider(resource=Resource.create(named))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made
