"""Spans reach a collector as they hang together; without a collector nothing is made."""

import time

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

from aiplayer.telemetry.stages import DATABASE, Stage
from aiplayer.telemetry.tracing import (
    begin_request_span,
    begin_span,
    current_traceparent,
    record_batch,
    start_tracing,
    trace_with,
    traces_url,
)
from tests.support.collector import Collector

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SAMPLED, NOT_SAMPLED = f"00-{TRACE}-{CALLER}-01", f"00-{TRACE}-{CALLER}-00"


@pytest.fixture
def spans():
    """What is traced, in the order of the ends."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(sampler=ParentBasedTraceIdRatio(1.0))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace_with(provider)
    yield exporter.get_finished_spans
    trace_with(None)


def test_without_a_collector_nothing_is_traced():
    start_tracing("", 1.0, "gateway")
    assert begin_request_span("POST /similar", {"traceparent": SAMPLED}, "id") is None
    assert begin_span("database") is None
    assert current_traceparent() == ""


def test_a_request_belongs_to_the_trace_of_its_caller_and_stages_to_the_request(spans):
    request = begin_request_span("POST /similar", {"traceparent": SAMPLED}, "id-7")
    with Stage(DATABASE):
        inner = current_traceparent()
    request.end()

    stage, whole = spans()
    assert (stage.name, whole.name) == ("database", "POST /similar")
    assert whole.parent.span_id == int(CALLER, 16)
    assert whole.attributes["aiplayer.request_id"] == "id-7"
    assert stage.parent.span_id == whole.context.span_id
    assert inner == f"00-{TRACE}-{stage.context.span_id:016x}-01"
    assert not trace.get_current_span().get_span_context().is_valid


@pytest.mark.parametrize("caller", [{}, {"traceparent": "nonsense"}, {"traceparent": f"00-{'0' * 32}-{CALLER}-01"}])
def test_a_request_without_a_trace_of_its_caller_begins_one(spans, caller):
    begin_request_span("GET /about", caller, "id").end()
    (whole,) = spans()
    assert whole.parent is None


def test_what_its_caller_does_not_trace_costs_no_spans(spans):
    request = begin_request_span("POST /similar", {"traceparent": NOT_SAMPLED}, "id")
    assert begin_span("database") is None
    assert current_traceparent() == ""
    request.end()
    assert spans() == ()


def test_a_stage_that_fails_tells_the_kind_of_its_error_alone(spans):
    request = begin_request_span("POST /similar", {}, "id")
    with pytest.raises(ValueError), Stage(DATABASE):  # noqa: PT011
        raise ValueError("a title")
    request.end()
    failed = spans()[0]
    assert not failed.status.is_ok
    assert failed.status.description == "ValueError"
    assert failed.events == ()


def test_a_batch_has_a_span_in_the_trace_of_each_request_and_they_name_each_other(spans):
    callers = [SAMPLED, "", SAMPLED.replace("0af7", "1bf7"), SAMPLED.replace("0af7", "2bf7")]
    began_ns = time.time_ns()
    record_batch("encode", callers, began_ns)

    first, *others = spans()
    assert [f"{span.context.trace_id:032x}"[:4] for span in (first, *others)] == ["0af7", "1bf7", "2bf7"]
    assert {span.name for span in spans()} == {"batch of encode"}
    assert {span.attributes["aiplayer.batch_size"] for span in spans()} == {4}
    assert all(span.parent.span_id == int(CALLER, 16) for span in spans())
    assert {span.start_time for span in spans()} == {began_ns}
    assert [f"{link.context.trace_id:032x}"[:4] for link in first.links] == ["1bf7", "2bf7"]
    assert all([link.context for link in span.links] == [first.context] for span in others)


def test_a_batch_that_nobody_traces_has_no_span(spans):
    record_batch("encode", ["", ""], time.time_ns())
    assert spans() == ()


def test_spans_reach_the_collector_whatever_the_proxies_are(monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    with Collector() as collector:
        start_tracing(collector.url, 1.0, "gateway")
        begin_request_span("GET /about", {}, "id").end()
        trace_with(None)
        (sent,) = collector.wait_for(1)
    assert (sent.service, sent.name, sent.attributes) == ("gateway", "GET /about", {"aiplayer.request_id": "id"})


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("http://collector:4318/", "http://collector:4318/v1/traces"),
        ("https://traces.example/otlp/v1/traces", "https://traces.example/otlp/v1/traces"),
    ],
)
def test_a_path_of_its_own_is_kept(endpoint, url):
    assert traces_url(endpoint) == url
