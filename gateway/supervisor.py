"""The process that starts gateway and runners, as BentoML does it with Circus.

It takes orders from nobody. Circus listens on a port of 127.0.0.1 for orders such as to run another program, and asks
nobody for a password: whoever has an account on the machine could run programs as the service.

It starts what was killed within a second; BentoML has Circus look every ten seconds. And it ends the gateway before the
runners, which the gateway needs for what it has accepted.
"""

import os
import signal
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from bentoml._internal.utils import circus
from circus import arbiter, process
from circus.exc import ConflictError
from circus.watcher import Watcher
from tornado import gen

from gateway import forked_worker

# Addresses of ZeroMQ that only this process reaches.
ORDERS = "inproc://orders"
EVENTS = "inproc://events"
LOOK_EVERY_S = 0.5
WAIT_S = 0.05
# What BentoML calls the gateway's processes and their socket; those of runners are called after the runner.
GATEWAY, GATEWAY_SOCKET = "service", "_bento_api_server"
RUNNER_PREFIX = "service_"


class Supervisor(circus.Arbiter):
    """Starts and stops processes, by signals to itself alone.

    BentoML's `--reload` has a process of its own give orders, and so does nothing.
    """

    # The process that started this one, where this one ends with it, also when that is killed; else 0.
    started_by = 0
    # Loads what the processes of these services share, before they are forked.
    preload: Callable[[Collection[str]], None]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        own = {"endpoint": ORDERS, "pubsub_endpoint": EVENTS, "check_delay": LOOK_EVERY_S}
        super().__init__(*arguments, **{**options, **own})
        for watcher in self.watchers:
            watcher.hooks["before_spawn"] = self._hand_over_socket
        if forked_worker.IS_POSSIBLE:
            self.preload([watcher.name.removeprefix(RUNNER_PREFIX) for watcher in self.watchers])

    def _hand_over_socket(self, watcher: Watcher, **_: object) -> bool:
        """Let the next process have its own socket alone: one that others held too would not end when it is closed."""
        own = GATEWAY_SOCKET if watcher.name == GATEWAY else watcher.name.removeprefix(RUNNER_PREFIX)
        for name, socket in self.sockets.items():
            socket.set_inheritable(name == own)
        return True

    @gen.coroutine
    def manage_watchers(self) -> Any:
        """Start what has ended; while processes are being started or stopped, that is left to the next look."""
        if self.started_by and os.getppid() != self.started_by:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        with suppress(ConflictError):
            yield super().manage_watchers()

    @gen.coroutine
    def stop(self) -> Any:
        """Stop all and end. Where something else is under way that is awaited; Circus would ignore the signal."""
        while self._exclusive_running_command:
            yield gen.sleep(WAIT_S)
        # BentoML removes the runners' sockets first of all, and the gateway still needs them.
        at_the_end = self.exit_stack.pop_all()
        yield super().stop()
        at_the_end.close()

    @gen.coroutine
    def _stop_watchers(self, *arguments: Any, **options: Any) -> Any:
        """Stop all, the gateway first."""
        # A connection to this socket would be accepted by nobody.
        if GATEWAY_SOCKET in self.sockets:
            self.sockets[GATEWAY_SOCKET].close()
        yield [_stop(watcher) for watcher in self.iter_watchers() if watcher.name == GATEWAY]
        yield super()._stop_watchers(*arguments, **options)


def _stop(watcher: Watcher) -> Any:
    # Its own `stop` refuses while the supervisor stops.
    return watcher._stop(close_output_streams=True)


def _keep_title(title: str) -> None:
    """In place of what would call this process circusd, over its command and its environment."""


def supervise(preload: Callable[[Collection[str]], None], started_by: int = 0) -> None:
    """Let `bentoml serve`, which loads the service before it starts anything, start it with this supervisor.

    Args:
        preload: Called with the names of the services, before their processes are forked.
        started_by: The process with which it ends; 0 for none.
    """
    Supervisor.started_by = started_by
    Supervisor.preload = staticmethod(preload)
    circus.Arbiter = Supervisor
    arbiter._setproctitle = _keep_title
    if forked_worker.IS_POSSIBLE:
        process.Popen = forked_worker.ForkedWorker
