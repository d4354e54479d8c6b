"""A painter on this machine that is there while pictures wait for it; in between it takes no memory and no card.

python -m infra.painter_on_demand --port 3001 --idle-minutes 10
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Self

import httpx
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import PictureJobs, connect
from aiplayer.errors import AIPlayerError
from aiplayer.settings import Settings
from infra.instances import OPEN_SERVICE, service
from infra.programs import Program
from infra.signals import end_on_signals

LOOK_EVERY_S = 1.0
ANSWER_TIMEOUT_S = 2.0
CONSOLE = Console(highlight=False)


class PainterOnDemand:
    """Starts a painter when pictures wait, and ends it when none has been wanted for a while; a context that ends it.

    Args:
        unfinished: Counts the picture jobs that wait or are being painted.
        start: Makes the painter's program.
        idle_s: For how long the painter itself says that nobody has wanted a picture of it; 0 where it does not answer.
        sleep_after_s: So long it stays awake, in seconds.
    """

    def __init__(
        self,
        unfinished: Callable[[], int],
        start: Callable[[], Program],
        idle_s: Callable[[], float],
        sleep_after_s: float,
    ) -> None:
        self._unfinished = unfinished
        self._start = start
        self._idle_s = idle_s
        self._sleep_after_s = sleep_after_s
        self._awake = ExitStack()
        self._program: Program | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sleep()

    def look(self) -> str:
        """Start or end the painter where that is due; what was done, "" for nothing."""
        if self._program and self._program.process.poll() is not None:
            # It is started anew by the next line where pictures wait for it.
            self._sleep()
        try:
            waiting = self._unfinished()
        except SQLAlchemyError as error:
            return f"the database does not say what waits: {type(error).__name__}"

        if waiting and self._program is None:
            self._program = self._awake.enter_context(self._start())
            # From now on it is asked to end, and so answers first whom it has accepted.
            self._program.is_ready = True
            return f"the painter wakes: {waiting} picture jobs wait"
        if self._program and not waiting and self._idle_s() >= self._sleep_after_s:
            self._sleep()
            return "the painter sleeps"
        return ""

    def _sleep(self) -> None:
        self._awake.close()
        self._program = None


def painter_environment(settings: Settings) -> dict[str, str]:
    """The variables by which a service paints for gateways that send the painter's key.

    Args:
        settings: Those of the gateways.
    """
    key = settings.painter_key.get_secret_value()
    keys = json.dumps([{"name": "gateway", "secret": key}]) if key else ""
    # A painter paints itself, whatever its gateways do.
    elsewhere = {"AIPLAYER_PAINTER_URL": "", "AIPLAYER_PAINTER_KEY": "", "AIPLAYER_PAINTER_SLEEPS": "false"}
    return OPEN_SERVICE | elsewhere | {"AIPLAYER_API_KEYS": keys}


def idle_s(port: int, key: str) -> float:
    """For how long a painter on this machine has painted nothing, in seconds; 0 where it does not say."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/pictures", headers=headers, timeout=ANSWER_TIMEOUT_S)
        return float(answer.json()["idle_s"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return 0.0


def keep(port: int, sleep_after_s: float) -> None:
    """Have a painter at a port whenever pictures wait, until Ctrl-C."""
    settings = Settings()
    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
    start = partial(service, port, painter_environment(settings), name="painter", served="Painter")
    ask = partial(idle_s, port, settings.painter_key.get_secret_value())
    with PainterOnDemand(PictureJobs(engine).unfinished, start, ask, sleep_after_s) as painter:
        CONSOLE.print("the painter sleeps until a picture job waits; Ctrl-C ends")
        told = ""
        while True:
            done = painter.look()
            if done and done != told:
                CONSOLE.print(f"{time.strftime('%H:%M:%S')} {done}")
            told = done
            time.sleep(LOOK_EVERY_S)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.painter_on_demand", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=3001, help="where it listens (default 3001)")
    parser.add_argument("--idle-minutes", type=float, default=10.0, help="how long it stays awake (default 10)")
    arguments = parser.parse_args()
    try:
        keep(arguments.port, 60 * arguments.idle_minutes)
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except KeyboardInterrupt:
        CONSOLE.print("stopped")


if __name__ == "__main__":
    end_on_signals()
    main()
