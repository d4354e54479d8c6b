"""Takes orders for a running `make up`: to serve another set of models (`aiplayer.promotion`)."""

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from aiplayer.errors import AIPlayerError
from aiplayer.pins import PinsFile
from aiplayer.promotion import WRITTEN_DOWN, Kind, Line, PromotionRequest, Stream, control_socket, send_line
from aiplayer.settings import PINS_FILE
from aiplayer.unix_sockets import listen_at
from infra.live import Live

# How long whoever promotes a set may take to write down that it is production, which waits for each other `make up`.
WRITE_TIMEOUT_S = 600.0


class Control:
    """A Unix socket that this user's programs reach; a context that closes it.

    Args:
        database: The key of the database that is served.
        live: The service.
        pins: The file where it is written down which set is production.
    """

    def __init__(self, database: str, live: Live, pins: Path = PINS_FILE) -> None:
        self._database = database
        self._path = control_socket(database, os.getpid())
        self._live = live
        self._pins = pins
        self._listener = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def __enter__(self) -> "Control":
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        listen_at(self._listener, self._path)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)
        # Closed alone, it would go on accepting in the thread.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        # What could not be sent to someone who has left is sent once more when the stream is closed.
        with suppress(OSError), connection, connection.makefile("rwb") as stream:
            # Whoever only looks whether somebody listens says nothing.
            if line := stream.readline():
                self._promote(line, connection, stream)

    def _promote(self, line: bytes, connection: socket.socket, stream: Stream) -> None:
        """Do what a line asks for, and answer."""
        try:
            request = PromotionRequest.model_validate_json(line)
            self._live.promote(
                request, lambda text: _tell(stream, "told", text), lambda: self._confirmed(request, connection, stream)
            )
        except ValidationError:
            _tell(stream, "refused", "This `make up` is of another version. Start it again.")
        except AIPlayerError as error:
            _tell(stream, "refused", error.message)
        except OSError as error:
            _tell(stream, "refused", f"The new set cannot be started: {error}.")
        else:
            _tell(stream, "done")

    def _confirmed(self, request: PromotionRequest, connection: socket.socket, stream: Stream) -> bool:
        """Whether it is written down that the new set is production."""
        _tell(stream, "serving")
        connection.settimeout(WRITE_TIMEOUT_S)
        with suppress(OSError):
            if stream.readline() == WRITTEN_DOWN:
                return True
        # Whoever asked may have been killed just when it had written.
        pinned = PinsFile.read(self._pins).databases.get(self._database)
        wanted = (request.models, request.diffusion_weights)
        return pinned is not None and (pinned.models, pinned.diffusion_weights) == wanted


def _tell(stream: Stream, kind: Kind, text: str = "") -> None:
    # Whoever asked may have left; what was begun goes on all the same.
    with suppress(OSError):
        send_line(stream, Line(kind=kind, text=text))
