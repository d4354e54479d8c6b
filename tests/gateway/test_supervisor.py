import zmq
from bentoml._internal.utils.circus import create_standalone_arbiter

from gateway import supervisor


def test_the_process_that_starts_the_others_listens_on_no_port(monkeypatch):
    monkeypatch.setattr(supervisor.circus, "Arbiter", supervisor.circus.Arbiter)
    supervisor.supervise()
    arbiter = create_standalone_arbiter([])
    assert (arbiter.endpoint, arbiter.pubsub_endpoint) == ("inproc://orders", "inproc://events")

    # What BentoML makes of it is bound by ZeroMQ.
    with zmq.Context() as context, context.socket(zmq.ROUTER) as orders:
        orders.bind(arbiter.endpoint)
        assert orders.getsockopt_string(zmq.LAST_ENDPOINT) == "inproc://orders"
