"""How a running `make up` is asked to serve another set of models, and answers: lines of JSON over a Unix socket.

It answers with what it does, then that the new set serves everybody. Whoever asked writes down that the set is
production and says so; only then the old one ends. Where it leaves before, the old one goes on, unless the set is
written down already.
"""

import hashlib
import json
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from aiplayer.errors import Unavailable
from aiplayer.pins import ModelPins
from aiplayer.settings import STATE
from aiplayer.unix_sockets import connect_to

Kind = Literal["told", "serving", "done", "refused"]
FOLDER = STATE / "run" / "control"
# The longest that passes between two lines, beside the time that was asked for.
ANSWER_TIMEOUT_S = 600.0
LONGEST_WATCH_S = 86_400


class PromotionRequest(BaseModel):
    """A set that is to take the place of the one that is served.

    Attributes:
        name: The set's name.
        models: Its models.
        diffusion_weights: What paints; None where that stays as it is.
        canary_percent: The share of callers whom it answers at first.
        watch_s: For how long its answers are watched, in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    models: ModelPins
    diffusion_weights: str | None = None
    canary_percent: float = Field(default=10.0, ge=0, le=100)
    watch_s: float = Field(default=30.0, ge=0, le=LONGEST_WATCH_S)


class Line(BaseModel):
    """One line of the answer.

    Attributes:
        kind: "told" says what is done; "serving" that the new set answers everybody, and waits until that is written
            down; "done" that the old one has ended; "refused" that the old one goes on.
        text: For a person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    text: str = ""


# What is said when it is written down that the new set is production.
WRITTEN_DOWN = b"written down\n"


class Stream(Protocol):
    """A connection as a file."""

    def readline(self) -> bytes:
        """The next line; empty where the other side has left."""

    def write(self, content: bytes, /) -> object:
        """Write, for `flush` to send."""

    def flush(self) -> None:
        """Send what was written."""


def control_socket(database: str, process: int) -> Path:
    """Where a `make up` listens.

    Args:
        database: The key of its database (`aiplayer.pins.database_key`).
        process: Its process id.
    """
    return FOLDER / f"{hashlib.sha256(database.encode()).hexdigest()[:12]}-{process}.sock"


def running(database: str) -> list[Path]:
    """The sockets of every `make up` that serves a database now; what dead ones have left is removed."""
    living = []
    for path in sorted(FOLDER.glob(f"{control_socket(database, 0).name.partition('-')[0]}-*.sock")):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                connect_to(probe, path)
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                continue
            else:
                living.append(path)
    return living


def ask(
    paths: Sequence[Path], request: PromotionRequest, tell: Callable[[str], None], write_down: Callable[[], None]
) -> None:
    """Have each running `make up` of a database serve another set: all of them, or none.

    Args:
        paths: Their sockets.
        request: The set.
        tell: Called with what they do.
        write_down: Called once, when the set answers everybody; where it fails, the old one goes on.

    Raises:
        Unavailable: one of them refuses, or went away.
    """
    with ExitStack() as stack:
        asked = [stack.enter_context(_Asked(path, request)) for path in paths]
        for one in asked:
            one.begin()
            one.follow("serving", tell)
        write_down()
        for one in asked:
            one.confirm()
        for one in asked:
            one.follow("done", tell)


def send_line(stream: Stream, message: BaseModel) -> None:
    """Send a message as a line."""
    stream.write(_as_line(message))
    stream.flush()


class _Asked:
    """A `make up` that is asked; a context that lets go of it."""

    def __init__(self, path: Path, request: PromotionRequest) -> None:
        self._path = path
        self._request = request
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(ANSWER_TIMEOUT_S + request.watch_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def begin(self) -> None:
        """Send the request."""
        try:
            connect_to(self._connection, self._path)
            self._connection.sendall(_as_line(self._request))
        except OSError as error:
            raise _gone() from error

    def follow(self, until: Kind, tell: Callable[[str], None]) -> None:
        """Tell what it does until a line of this kind comes.

        Raises:
            Unavailable: it refuses, has ended, or says nothing for too long.
        """
        while True:
            line = self._next_line()
            if line.kind == "refused":
                raise Unavailable(line.text, code="promotion_refused")
            if line.kind == until:
                return
            tell(line.text)

    def _next_line(self) -> Line:
        content = b""
        try:
            while not content.endswith(b"\n"):
                received = self._connection.recv(1)
                if not received:
                    raise _gone()
                content += received
        except OSError as error:
            raise _gone() from error
        return Line.model_validate_json(content)

    def confirm(self) -> None:
        """Say that it is written down."""
        try:
            self._connection.sendall(WRITTEN_DOWN)
        except OSError as error:
            raise _gone() from error


def _gone() -> Unavailable:
    return Unavailable("`make up` ended while the set was promoted. Start it again; it serves what is production.")


def _as_line(message: BaseModel) -> bytes:
    return json.dumps(message.model_dump()).encode() + b"\n"
