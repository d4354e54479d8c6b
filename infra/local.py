"""Runs AI Player on this machine.

python -m infra.local up                    the service and the page, until Ctrl-C
python -m infra.local demo --title TITLE    one playlist through the real service, into out/
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from aiplayer.devices import says_where
from aiplayer.errors import AIPlayerError, InvalidInput
from aiplayer.pins import database_key
from aiplayer.settings import PROJECT, Settings
from aiplayer.starting import Tell
from aiplayer.text import is_unseen
from frontend.client import ServiceClient, ServiceError
from frontend.texts import NOTED_FROM_S, Words, as_people_say
from infra.control import Control
from infra.front import allow_many_callers
from infra.instances import OPEN_SERVICE, free_port, page, refuse_busy, service, wait_until_ready
from infra.live import Live
from infra.logs import roll_if_large
from infra.signals import end_on_signals

CONSOLE = Console(highlight=False)


@contextmanager
def loading() -> Iterator[Tell]:
    """Say that the models are loaded, and what is told of it."""
    with CONSOLE.status("loading the models ...") as status:
        yield lambda words: status.update(f"loading the models: {words} ...")


def _noting(placements: list[str], tell: Tell) -> Tell:
    """Tell what is told, and note in a list what of it says where a model computes."""

    def tell_and_note(words: str) -> None:
        tell(words)
        if says_where(words) and words not in placements:
            placements.append(words)

    return tell_and_note


def up(port: int, ui_port: int) -> None:
    """Serve until Ctrl-C; if one program ends, so does all."""
    url = f"http://127.0.0.1:{port}"
    settings = Settings()
    if settings.admin_port:
        refuse_busy(settings.admin_port, "AIPLAYER_ADMIN_PORT")
    allow_many_callers()
    with Live(port, settings) as live, page(ui_port, url) as ui:
        api = live.current
        with loading() as tell, ServiceClient(api.url, key=settings.service_key.get_secret_value()) as client:
            placements: list[str] = []
            wait_until_ready(api.url, api.program, ui, tell=_noting(placements, tell))
            picture_s = client.picture_s()
        live.open()

        CONSOLE.print(f"[green]✓[/] the page     [bold]http://localhost:{ui_port}[/]")
        CONSOLE.print(f"[green]✓[/] the service  [bold]http://localhost:{port}[/]  [dim]its API: /docs.json[/]")
        CONSOLE.print(f"[dim]{'; '.join(placements)}[/]")
        if picture_s >= NOTED_FROM_S:
            picture_time = as_people_say(picture_s, Words("en"))
            CONSOLE.print(f"[dim]A picture takes about {picture_time} on this machine.[/]")
        CONSOLE.print("[dim]Ctrl-C stops both.[/]")

        with Control(database_key(settings.database_url), live):
            while True:
                time.sleep(1)
                for program in (live.current.program, ui):
                    program.check()
                    roll_if_large(program.log)


def demo(title: str, port: int, folder: Path) -> None:
    """Make one playlist through a service of its own and show it.

    Args:
        title: The playlist's title.
        port: Where the service listens meanwhile.
        folder: Where playlist and thumbnail are written.

    Raises:
        InvalidInput: the title shows nothing; no service is started for that.
    """
    # `up`, which stays for as long as the service, does without what shows a playlist.
    from frontend.terminal import make_playlist, show_playlist

    if is_unseen(title):
        raise InvalidInput('The title is empty. Write one: make demo TITLE="late night city drive"', field="title")
    url = f"http://127.0.0.1:{port}"
    with service(port, OPEN_SERVICE, name="demo") as api:
        with loading() as tell:
            wait_until_ready(url, api, tell=tell)
        with CONSOLE.status("making the playlist ...") as status, ServiceClient(url) as client:
            made = make_playlist(client, title, folder, lambda words: status.update(f"{words} ..."))
    show_playlist(made, CONSOLE)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """What is asked for: `command` and its options.

    Args:
        arguments: What stands behind `python -m infra.local`; default: this process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)

    up_command = commands.add_parser("up", help="the service and the page, until Ctrl-C")
    up_command.add_argument("--port", type=int, default=3000)
    up_command.add_argument("--ui-port", type=int, default=8501)

    demo_command = commands.add_parser("demo", help="one playlist through the real service")
    demo_command.add_argument("--title", required=True, help="write --title=TITLE where it begins with a dash")
    demo_command.add_argument("--port", type=int, help="default: any free one")
    demo_command.add_argument("--out", type=Path, default=PROJECT / "out", help="folder (default out/)")

    return parser.parse_args(arguments)


def main() -> None:
    """Run the command line."""
    arguments = parse_arguments()
    try:
        if arguments.command == "up":
            up(arguments.port, arguments.ui_port)
        else:
            demo(arguments.title, arguments.port or free_port(), arguments.out)
    except (AIPlayerError, ServiceError) as error:
        sys.exit(f"error: {error.message}")
    except KeyboardInterrupt:
        CONSOLE.print("stopped")


if __name__ == "__main__":
    end_on_signals()
    main()
