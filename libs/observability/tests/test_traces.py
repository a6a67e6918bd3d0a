"""Traces are continued or begun; spans are made where there is somewhere to send them to."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import structlog

from observability.traces import continuing

CALLERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_the_callers_trace_is_continued_and_on_every_log_line() -> None:
    with continuing("booking.submit_booking.v1", CALLERS) as handed_on:
        bound = structlog.contextvars.get_contextvars()
    assert handed_on == CALLERS
    assert bound["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert "trace_id" not in structlog.contextvars.get_contextvars()


@pytest.mark.parametrize(
    "incoming",
    [
        None,
        "",
        "nonsense",
        CALLERS.upper(),
        f"{CALLERS}-more",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
    ],
)
def test_without_a_wellformed_one_a_trace_begins(incoming: str | None) -> None:
    with continuing("x", incoming) as first, continuing("x", incoming) as second:
        traces = {one.split("-")[1] for one in (first, second)}
    assert len(traces) == 2
    assert all(len(one) == 32 for one in traces)


def test_without_a_collector_the_sdk_is_not_even_imported() -> None:
    assert _run("import sys; print('opentelemetry.sdk' in sys.modules)", {}) == "False"


def test_spans_go_to_the_collector_that_the_environment_names() -> None:
    heard: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        handed_on = _run(_WORK, {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
        server.shutdown()

    _, trace_id, span_id, _ = handed_on.split("-")
    assert trace_id == CALLERS.split("-")[1]
    assert span_id != CALLERS.split("-")[2]
    [(path, body)] = heard
    assert path == "/v1/traces"
    told = [b"booking-1", b"booking.submit_booking.v1", b"handle batch"]
    assert [one for one in [*told, bytes.fromhex(trace_id)] if one not in body] == []


_WORK = f"""
with traces.continuing("booking.submit_booking.v1", {CALLERS!r}) as handed_on:
    print(handed_on)
with traces.linking("handle batch", [handed_on, None]):
    pass
"""


def _run(code: str, environment: dict[str, str]) -> str:
    """Run this in a process that was set up as a service's; return what it prints."""
    setup = "import observability; from observability import traces\n"
    setup += "observability.setup(service='booking', instance='booking-1')\n"
    others = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    return subprocess.run(
        [sys.executable, "-c", setup + code],
        env=others | {"OTEL_BSP_EXPORT_TIMEOUT": "5000"} | environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.strip()
