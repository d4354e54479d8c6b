"""Serves in a container: brings the database and the models up to date, and becomes BentoML's server.

    python -m infra.container                       the service
    python -m infra.container --served Painter      the painter alone, which needs no database

It may be killed at any moment; started again, it goes on. What it writes lies in AIPLAYER_STATE.
"""

import argparse
import logging
import os

from rich.console import Console

from aiplayer.catalogue import Catalogue, connect
from aiplayer.errors import Unavailable
from aiplayer.pins import database_key
from aiplayer.settings import PROJECT, STATE, Settings
from infra.container.database import alone_in, await_database, bring_up_to_date
from infra.container.models import pin_painters_set, pin_set
from infra.container.packed import Packed
from infra.server import ENVIRONMENT, PAINTER, SERVICE, SERVICES, serve_command
from training.console import run_command
from training.publish.lock import alone
from training.publish.pins import is_pinned

CONSOLE = Console(stderr=True, highlight=False, soft_wrap=True)
# How long a database that starts beside the container is waited for.
DATABASE_WAIT_S = 120.0
# A statement that fills the catalogue takes longer than one of a request.
STATEMENT_TIMEOUT_S = 1800.0


def prepare(settings: Settings, packed: Packed) -> None:
    """Do what is to be done before the service starts.

    Raises:
        AIPlayerError: it cannot be done; the message says why.
        sqlalchemy.exc.DBAPIError: the database refuses.
    """
    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s, STATEMENT_TIMEOUT_S)
    try:
        await_database(engine, DATABASE_WAIT_S, say)
    except Unavailable as error:
        # What was served before is served again: the service waits for its database by itself.
        if not is_pinned(database_key(settings.database_url)):
            raise
        say(f"{error.message} The models that were pinned for it before are served.")
        return

    with alone_in(engine):
        bring_up_to_date(engine, packed.catalogue, say)
    manifest = pin_set(settings, packed, Catalogue(engine).version(), say)
    engine.dispose()
    say(f"serving the set {manifest.name}")


def prepare_painter(settings: Settings, packed: Packed) -> None:
    """Do what is to be done before a painter starts.

    Raises:
        AIPlayerError: it cannot be done; the message says why.
    """
    manifest = pin_painters_set(settings, packed, say)
    say(f"painting for the set {manifest.name}" if manifest else "painting without a set")


def say(line: str) -> None:
    """Tell whoever reads the container's log."""
    CONSOLE.print(line, markup=False)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.container", description=__doc__.split("\n")[0])
    parser.add_argument("--host", default="0.0.0.0", help="the address to listen at (default: every one)")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 3000, help="default: PORT, else 3000")
    parser.add_argument("--served", choices=SERVICES, default=SERVICE, help=f"default: {SERVICE}")
    arguments = parser.parse_args()

    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    STATE.mkdir(parents=True, exist_ok=True)
    with alone(CONSOLE, "another container starts with this state folder; this one waits for it"):
        if arguments.served == PAINTER:
            prepare_painter(Settings(), Packed())
        else:
            prepare(Settings(), Packed())

    command = serve_command(arguments.host, arguments.port, arguments.served)
    os.chdir(PROJECT)
    os.execv(command[0], command)


if __name__ == "__main__":
    run_command(main)
