"""Traces of requests, through the gateway and the runners, sent to a collector by OpenTelemetry (OTLP over HTTP).

Where no collector is named, nothing of this runs: there is no tracer, and every function returns at once.
"""

import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from opentelemetry import context, trace
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode, Tracer, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from aiplayer.addresses import is_on_this_machine

# Where a collector takes traces, below its address.
TRACES_PATH = "/v1/traces"
# A collector that does not answer in this time loses the spans.
EXPORT_TIMEOUT_S = 5
NANOSECONDS = 1_000_000_000

_tracer: Tracer | None = None
_propagator = TraceContextTextMapPropagator()


class ActiveSpan:
    """A span within which others begin, until it ends.

    Args:
        span: The span.
    """

    __slots__ = ("_token", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self._token = context.attach(trace.set_span_in_context(span))

    def end(self, error: BaseException | None = None) -> None:
        """The end of it, by an error where there is one; of the error only its kind is told."""
        if error is not None:
            self.span.set_status(Status(StatusCode.ERROR, type(error).__name__))
        context.detach(self._token)
        self.span.end()


def start_tracing(endpoint: str, share: float, service: str) -> None:
    """Send the spans of this process to a collector from now on.

    Args:
        endpoint: The collector's address, such as `http://127.0.0.1:4318`; empty: there is none.
        share: The share of requests that are traced, 0 to 1, of those whose caller has not decided it.
        service: What traces call this process.
    """
    if not endpoint:
        return

    # Heavy, and needed by those who trace alone.
    import requests
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
    from opentelemetry.sdk.trace import TracerProvider as SendingProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

    session = requests.Session()
    session.trust_env = not is_on_this_machine(endpoint)
    exporter = OTLPSpanExporter(endpoint=traces_url(endpoint), timeout=EXPORT_TIMEOUT_S, session=session)
    resource = Resource.create({SERVICE_NAME: service, SERVICE_NAMESPACE: "aiplayer"})
    provider = SendingProvider(sampler=ParentBasedTraceIdRatio(share), resource=resource)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace_with(provider)


def trace_with(provider: TracerProvider | None) -> None:
    """Make spans by this provider from now on; without one make none."""
    global _tracer
    _tracer = provider.get_tracer("aiplayer") if provider else None


def traces_url(endpoint: str) -> str:
    """Where a collector takes traces: below its address, unless that names a path of its own."""
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + TRACES_PATH


def begin_request_span(name: str, caller: Mapping[str, str], request_id: str) -> ActiveSpan | None:
    """The span of a request, in the trace that its caller names, if it names one.

    Args:
        name: The method and the template of the path.
        caller: What of the headers says where the request belongs: `traceparent` and `tracestate`.
        request_id: What the logs call the request.
    """
    if _tracer is None:
        return None
    attributes = {"aiplayer.request_id": request_id}
    parent = _propagator.extract(caller, context=context.Context())
    return ActiveSpan(_tracer.start_span(name, parent, SpanKind.SERVER, attributes))


def begin_span(name: str) -> ActiveSpan | None:
    """A span of what is done for a request; None where none is traced."""
    if _tracer is None or not trace.get_current_span().is_recording():
        return None
    return ActiveSpan(_tracer.start_span(name))


def record_span(name: str, seconds: float) -> None:
    """A span that ends now and began so long ago."""
    if _tracer is None or not trace.get_current_span().is_recording():
        return
    ended_ns = time.time_ns()
    span = _tracer.start_span(name, start_time=ended_ns - round(seconds * NANOSECONDS))
    span.end(ended_ns)


def current_traceparent() -> str:
    """Where a runner finds the span that waits for it, as W3C spells it; empty where nothing is traced."""
    if _tracer is None:
        return ""
    span = trace.get_current_span().get_span_context()
    if not span.trace_flags.sampled:
        return ""
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"


def record_batch(work: str, traceparents: Sequence[str], began_ns: int, error: BaseException | None = None) -> None:
    """The spans of a batch that ends now: one in the trace of each of its requests.

    The first links to all the others' traces, and each of these to the first.

    Args:
        work: What was computed.
        traceparents: Who waited for each item (`current_traceparent`).
        began_ns: When it began, in nanoseconds.
        error: What it ended by, if it failed.
    """
    if _tracer is None:
        return
    callers = [_span_of(traceparent) for traceparent in traceparents if traceparent]
    if not callers:
        return

    first, *others = callers
    batch = _batch_span(_tracer, work, first, others, began_ns, len(traceparents))
    spans = [batch]
    for caller in others:
        spans.append(_batch_span(_tracer, work, caller, [batch.get_span_context()], began_ns, len(traceparents)))

    ended_ns = time.time_ns()
    for span in spans:
        if error is not None:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
        span.end(ended_ns)


def _span_of(traceparent: str) -> SpanContext:
    """The span that a traceparent names."""
    named = _propagator.extract({"traceparent": traceparent}, context=context.Context())
    return trace.get_current_span(named).get_span_context()


def _batch_span(
    tracer: Tracer, work: str, caller: SpanContext, linked: Sequence[SpanContext], began_ns: int, batch_size: int
) -> Span:
    parent = trace.set_span_in_context(trace.NonRecordingSpan(caller), context.Context())
    return tracer.start_span(
        f"batch of {work}",
        parent,
        SpanKind.SERVER,
        attributes={"aiplayer.batch_size": batch_size},
        links=[Link(span) for span in linked],
        start_time=began_ns,
    )
