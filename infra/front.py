"""The door of `make up`: it accepts callers and hands each to the instance of the service that is to answer.

No byte of a request passes through it (`aiplayer.handover`), so it costs nothing, and the service sees who calls. While
one instance takes the place of another nobody is refused: callers wait at the door.
"""

import resource
import selectors
import socket
import threading
import time
from collections import deque

from infra.instance import Instance

BACKLOG = 2_048
# How long callers wait for an instance that is away, and how often it is tried again.
LONGEST_WAIT_S, TRY_EVERY_S = 60.0, 0.05
HOST = "127.0.0.1"
# Each caller is one to the door, and one to whoever answers; many systems let a program have 1,024.
OPEN_FILES = 65_536


def allow_many_callers() -> None:
    """Let this process, and those that it starts, have as many files open as the system lets them, if not too many."""
    fewest, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    if fewest != resource.RLIM_INFINITY and fewest < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class Turns:
    """Whose turn it is to take a caller, so that each instance has its share at any time.

    Args:
        shares: The share of each instance; all add up to 1.
    """

    def __init__(self, *shares: tuple[Instance, float]) -> None:
        self._shares = shares
        # How many callers each has had too few. One that was away is not given all of those at once.
        self._owed = {instance: 0.0 for instance, _ in shares}

    def hand_over(self, connection: socket.socket) -> bool:
        """Hand a caller to the instance that is owed most, else to another; False where none takes it now."""
        owed = {instance: self._owed[instance] + share for instance, share in self._shares}
        for instance in sorted(owed, key=owed.__getitem__, reverse=True):
            if instance.take(connection):
                owed[instance] -= 1.0
                # Rounded, so that sums of shares stay exact.
                self._owed = {each: round(min(max(callers, -1.0), 1.0), 9) for each, callers in owed.items()}
                return True
        return False


class Front:
    """A listening socket whose callers are shared out.

    Args:
        port: Of the loopback address; 0 for any free one.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server((HOST, port), backlog=BACKLOG)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._turns = Turns()
        self._waiting: deque[tuple[float, socket.socket]] = deque()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="front", daemon=True)

    def open(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def share_out(self, *shares: tuple[Instance, float]) -> None:
        """Give each instance its share of the callers from now on; all shares add up to 1."""
        self._turns = Turns(*shares)

    def close(self) -> None:
        """Let in those who have connected already, and nobody else."""
        self._is_closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._is_closing.is_set():
                selector.select(TRY_EVERY_S)
                self._accept()
                self._hand_over()
        # Nothing comes between the two, for the system cuts off those who have connected and were not accepted.
        self._accept()
        self._listener.close()

        self._hand_over()
        for _, connection in self._waiting:
            connection.close()

    def _accept(self) -> None:
        """Let in all who have connected."""
        try:
            while True:
                connection, _ = self._listener.accept()
                self._waiting.append((time.monotonic() + LONGEST_WAIT_S, connection))
        except BlockingIOError:
            pass
        except OSError:
            # There is no room for more open files: the others wait outside.
            self._is_closing.wait(TRY_EVERY_S)

    def _hand_over(self) -> None:
        """Hand over those who wait, in their order."""
        for _ in range(len(self._waiting)):
            deadline, connection = self._waiting.popleft()
            if self._turns.hand_over(connection) or time.monotonic() > deadline:
                connection.close()
            else:
                self._waiting.append((deadline, connection))
