"""The process that starts gateway and runners, as BentoML does it with Circus, takes orders from nobody.

Circus listens on a port of 127.0.0.1 for orders such as to run another program, and asks nobody for a password: whoever
has an account on the machine could run programs as the service.
"""

from typing import Any

from bentoml._internal.utils import circus

# Addresses of ZeroMQ that only this process reaches.
ORDERS = "inproc://orders"
EVENTS = "inproc://events"


class DeafArbiter(circus.Arbiter):
    """Starts and stops processes, by signals to itself alone.

    BentoML's `--reload` has a process of its own give orders, and so does nothing.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "endpoint": ORDERS, "pubsub_endpoint": EVENTS})


def take_no_orders() -> None:
    """Let `bentoml serve`, which loads the service before it starts anything, do without the port."""
    circus.Arbiter = DeafArbiter
