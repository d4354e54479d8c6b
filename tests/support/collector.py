"""A collector of traces as OpenTelemetry defines it (OTLP over HTTP), which keeps what it is sent."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class CollectedSpan(NamedTuple):
    """A span as it was sent; ids are hexadecimal, `parent` is empty for the first of a trace."""

    service: str
    name: str
    trace: str
    span: str
    parent: str
    links: list[str]
    attributes: dict[str, str | int]
    is_error: bool


class Collector:
    """Listens on a loopback port of its own while it is a context."""

    def __init__(self) -> None:
        self.spans: list[CollectedSpan] = []
        collector = self

        class Receive(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/traces"
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.spans += spans_of(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Receive)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, count: int, timeout_s: float = 10) -> list[CollectedSpan]:
        """What was sent, as soon as it is so many spans or more."""
        deadline = time.monotonic() + timeout_s
        while len(self.spans) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.spans


def spans_of(request: ExportTraceServiceRequest) -> list[CollectedSpan]:
    """All spans of what a process has sent."""
    spans = []
    for sent in request.resource_spans:
        resource = {entry.key: entry.value.string_value for entry in sent.resource.attributes}
        for scope in sent.scope_spans:
            for span in scope.spans:
                values = {entry.key: entry.value for entry in span.attributes}
                attributes = {key: value.string_value or value.int_value for key, value in values.items()}
                collected = CollectedSpan(
                    service=resource["service.name"],
                    name=span.name,
                    trace=span.trace_id.hex(),
                    span=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    links=[link.span_id.hex() for link in span.links],
                    attributes=attributes,
                    is_error=span.status.code == span.status.STATUS_CODE_ERROR,
                )
                spans.append(collected)
    return spans
