"""Starts the service and the page on this machine, and says when they take requests."""

import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from aiplayer.errors import Unavailable
from aiplayer.pins import ModelPins
from aiplayer.settings import STATE
from aiplayer.starting import Tell, tell_nobody
from frontend.client import ServiceClient
from infra.programs import Program
from infra.server import BIN, ENVIRONMENT, serve_command

START_TIMEOUT_S = 180
LOOK_EVERY_S = 0.05
# For a service that is there for its starter alone, and asks nobody for anything.
OPEN_SERVICE = {"AIPLAYER_API_KEYS": "", "AIPLAYER_REQUESTS_PER_MINUTE": "0", "AIPLAYER_ADMIN_PORT": "0"}


class Ending(Protocol):
    """A process that may end: subprocess's, or psutil's."""

    def poll(self) -> int | None:
        """Its status when it has ended, else None."""


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
    serve = serve_command("127.0.0.1", port, served)
    own_environment = {**ENVIRONMENT, **os.environ, **(environment or {})}
    home = own_home(name, Path(own_environment["BENTOML_HOME"]))
    return Program(name, serve, {**(environment or {}), "BENTOML_HOME": str(home)})


def set_environment(models: ModelPins, diffusion_weights: str | None = None) -> dict[str, str]:
    """The variables by which a service serves a set.

    Args:
        models: The versions.
        diffusion_weights: What paints beside them; None leaves that to the settings.
    """
    variables = {f"AIPLAYER_MODELS__{kind.upper()}": tag for kind, tag in models.model_dump().items()}
    if diffusion_weights is not None:
        variables["AIPLAYER_DIFFUSION_WEIGHTS"] = diffusion_weights
    return variables


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
        # What was said last, before it was ready.
        for words in program.news():
            tell(words)
        program.is_ready = True


def comes_ready(url: str, process: Ending, longest_s: float) -> bool:
    """Whether a service takes requests in time; returns as soon as it does, or its process has ended.

    Args:
        url: Where the service listens.
        process: The process that it ends with.
        longest_s: For how long it is waited for, in seconds.
    """
    deadline = time.monotonic() + longest_s
    with ServiceClient(url) as client:
        while time.monotonic() < deadline and process.poll() is None:
            if client.is_ready():
                return True
            time.sleep(LOOK_EVERY_S)
    return False


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
