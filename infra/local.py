"""Runs AI Player on this machine.

python -m infra.local up                    the service and the page, until Ctrl-C
python -m infra.local demo --title TITLE    one playlist through the real service, into out/
"""

import argparse
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Never

from rich.console import Console

from aiplayer.errors import AIPlayerError, InvalidInput, Unavailable
from aiplayer.settings import PROJECT, STATE, Settings
from aiplayer.starting import Tell, tell_nobody
from aiplayer.text import is_unseen
from frontend.client import ServiceClient, ServiceError
from frontend.terminal import make_playlist, show_playlist
from frontend.texts import NOTED_FROM_S, Words, as_people_say
from infra.logs import roll_if_large
from infra.programs import ENVIRONMENT, Program

CONSOLE = Console(highlight=False)
START_TIMEOUT_S = 180
# The demo's own service is there for one request, and asks its caller for nothing.
OPEN_SERVICE = {"AIPLAYER_API_KEYS": "", "AIPLAYER_REQUESTS_PER_MINUTE": "0", "AIPLAYER_ADMIN_PORT": "0"}
# How long those who wait for an answer keep a service that is stopped from ending.
GRACE_S = 15
BIN = Path(sys.executable).parent


def service(
    port: int, environment: Mapping[str, str] | None = None, name: str = "service", served: str = "AIPlayer"
) -> Program:
    """The gateway and its runners on a loopback port.

    Args:
        port: Where it listens.
        environment: Environment variables of its own.
        name: That of its log.
        served: Which service of `service.py`.
    """
    refuse_busy(port, "PORT")
    serve = [str(BIN / "bentoml"), "serve", f"service:{served}", "--host", "127.0.0.1", "--port", str(port)]
    serve += ["--timeout-graceful-shutdown", str(GRACE_S)]
    own_environment = {**ENVIRONMENT, **os.environ, **(environment or {})}
    home = own_home(name, Path(own_environment["BENTOML_HOME"]))
    return Program(name, serve, {**(environment or {}), "BENTOML_HOME": str(home)})


def own_home(name: str, shared: Path) -> Path:
    """A BentoML home with the models of another one: a service that starts empties the measurements in its home."""
    home = STATE / "run" / name
    home.mkdir(parents=True, exist_ok=True)
    models = home / "models"
    models.unlink(missing_ok=True)
    models.symlink_to(shared.expanduser().resolve() / "models")
    return home


def page(port: int, service_url: str) -> Program:
    """The Streamlit page on a loopback port."""
    refuse_busy(port, "UI_PORT")
    options = {"address": "127.0.0.1", "port": port, "headless": "true", "fileWatcherType": "none"}
    flags = [f"--server.{name}={value}" for name, value in options.items()]
    run = [str(BIN / "streamlit"), "run", "frontend/app.py", *flags]
    return Program("page", run, {"AIPLAYER_SERVICE_URL": service_url})


def wait_until_ready(url: str, *programs: Program, tell: Tell = tell_nobody) -> None:
    """Return when the service and all its runners take requests; from then on they are stopped with patience.

    Args:
        url: Where the service listens.
        programs: The service and what else is started, all of which must go on.
        tell: Called with what they say that they are doing.

    Raises:
        Unavailable: a program ended, a part of it refused to start, or nothing was told for START_TIMEOUT_S.
    """
    told = ""
    deadline = time.monotonic() + START_TIMEOUT_S
    with ServiceClient(url) as client:
        while not client.is_ready():
            for program in programs:
                for words in program.news():
                    if words != told:
                        told = words
                        tell(told)
                        deadline = time.monotonic() + START_TIMEOUT_S
                program.check()
                program.check_workers()
            if time.monotonic() > deadline:
                waited = f"{START_TIMEOUT_S} s" + (f" of {told}" if told else "")
                raise Unavailable(f"The service is not ready after {waited}; see {programs[0].log}.")
            time.sleep(0.2)
    for program in programs:
        program.is_ready = True


@contextmanager
def loading() -> Iterator[Tell]:
    """Say that the models are loaded, and what is told of it."""
    with CONSOLE.status("loading the models ...") as status:
        yield lambda words: status.update(f"loading the models: {words} ...")


def refuse_busy(port: int, variable: str) -> None:
    """Raise Unavailable where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Unavailable(f"Port {port} is taken. Stop what uses it, or set {variable} to another.") from error


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def up(port: int, ui_port: int) -> None:
    """Serve until Ctrl-C; if one program ends, so does all."""
    url = f"http://127.0.0.1:{port}"
    settings = Settings()
    if settings.admin_port:
        refuse_busy(settings.admin_port, "AIPLAYER_ADMIN_PORT")
    with service(port) as api, page(ui_port, url) as ui:
        with loading() as tell, ServiceClient(url, key=settings.service_key.get_secret_value()) as client:
            wait_until_ready(url, api, ui, tell=tell)
            picture_s = client.picture_s()

        CONSOLE.print(f"[green]✓[/] the page     [bold]http://localhost:{ui_port}[/]")
        CONSOLE.print(f"[green]✓[/] the service  [bold]http://localhost:{port}[/]  [dim]its API: /docs.json[/]")
        if picture_s >= NOTED_FROM_S:
            picture_time = as_people_say(picture_s, Words("en"))
            CONSOLE.print(f"[dim]A picture takes about {picture_time} on this machine.[/]")
        CONSOLE.print("[dim]Ctrl-C stops both.[/]")

        while True:
            time.sleep(1)
            for program in (api, ui):
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


def stop_once(_number: int, _frame: FrameType | None) -> Never:
    """End this program on the first signal; a second one must not break off the stopping of what it started.

    Raises:
        KeyboardInterrupt: always.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


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
    # A shell starts background jobs with Ctrl-C ignored; both signals end this program, and with it all it started.
    signal.signal(signal.SIGINT, stop_once)
    signal.signal(signal.SIGTERM, stop_once)
    main()
