"""An instance of the service as the door of `make up` sees it: processes to which callers are handed over."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from aiplayer.handover import MOST_BYTES, Answered, send_connections, socket_of
from aiplayer.unix_sockets import connect_to

LOOK_EVERY_S = 0.05


class Instance:
    """An instance of the service.

    Args:
        base: What the paths of its processes' sockets begin with (`aiplayer.handover.socket_of`).
        workers: How many processes its gateway has.
    """

    def __init__(self, base: Path, workers: int) -> None:
        self._base = base
        self._workers = workers
        self._channels: dict[int, socket.socket] = {}
        self._turn = 0
        self._answers: list[Answered] = []
        self._is_draining = False
        self._lock = threading.Lock()

    def take(self, connection: socket.socket) -> bool:
        """Hand a caller over; False where no process takes it at the moment."""
        with self._lock:
            if self._is_draining:
                return False
            for _ in range(self._workers):
                self._turn = self._turn % self._workers + 1
                if self._hand_to(self._turn, connection):
                    return True
        return False

    def _hand_to(self, worker: int, connection: socket.socket) -> bool:
        for _ in range(2):
            try:
                send_connections(self._channel(worker), [connection])
            except ConnectionError:
                # It was killed; another may be there by now.
                self._forget(worker)
            except OSError:
                return False
            else:
                return True
        return False

    def _channel(self, worker: int) -> socket.socket:
        if worker not in self._channels:
            channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            channel.setblocking(False)
            try:
                connect_to(channel, socket_of(self._base, worker))
            except OSError:
                channel.close()
                raise
            self._channels[worker] = channel
        return self._channels[worker]

    def _forget(self, worker: int) -> None:
        channel = self._channels.pop(worker, None)
        if channel is not None:
            channel.close()

    def answered(self) -> list[Answered]:
        """What its processes have told since the last call; they tell of what they answer after the first one."""
        with self._lock:
            if not self._is_draining:
                self._connect()
            for worker in list(self._channels):
                self._read(worker)
            answers, self._answers = self._answers, []
        return answers

    def _connect(self) -> None:
        """Be told also by processes that were handed nobody yet."""
        for worker in range(1, self._workers + 1):
            # One that is not there is asked again the next time.
            with suppress(OSError):
                self._channel(worker)

    def _read(self, worker: int) -> None:
        with suppress(BlockingIOError):
            while True:
                try:
                    told = self._channels[worker].recv(MOST_BYTES)
                except ConnectionError:
                    told = b""
                if not told:
                    self._forget(worker)
                    return
                self._answers.append(Answered.model_validate_json(told))

    def drain(self, longest_s: float) -> bool:
        """Send it nobody more, and wait until it has answered all.

        Args:
            longest_s: For how long at most, in seconds.

        Returns:
            Whether it has in time.
        """
        with self._lock:
            self._is_draining = True
            for channel in self._channels.values():
                with suppress(OSError):
                    channel.shutdown(socket.SHUT_WR)

        deadline = time.monotonic() + longest_s
        while self._channels and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
            self.answered()

        is_drained = not self._channels
        self.close()
        return is_drained

    def close(self) -> None:
        """Send it nobody more."""
        with self._lock:
            self._is_draining = True
            for worker in list(self._channels):
                self._forget(worker)
