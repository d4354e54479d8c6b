"""A `make up` of a measurement's own, and sets of models between which it can change."""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import bentoml

from aiplayer.errors import Unavailable
from aiplayer.pins import ModelPins, database_key
from aiplayer.promotion import running
from infra.instances import free_port, wait_until_ready
from infra.programs import Program
from loadtests.own_service import Database
from training.publish.store import digest_of_ingredients, model_store, store

RECOMMENDER = "playlist_autoencoder"
LISTENS_WITHIN_S = 30.0


class OwnMakeUp(NamedTuple):
    """A running `make up`.

    Attributes:
        url: Where callers come.
        control: The socket at which it is asked for another set.
        program: Its process.
    """

    url: str
    control: Path
    program: Program


@contextmanager
def own_make_up(database: Database, name: str, settings: Mapping[str, str] | None = None) -> Iterator[OwnMakeUp]:
    """A `make up` on free ports, ready to serve, which is stopped at the end.

    Args:
        database: What it serves.
        name: The name of its log.
        settings: Further environment variables.

    Raises:
        Unavailable: it does not start.
    """
    port = free_port()
    command = [sys.executable, "-m", "infra.local", "up", "--port", str(port), "--ui-port", str(free_port())]
    url = f"http://127.0.0.1:{port}"
    with Program(name, command, database.environment() | dict(settings or {})) as program:
        wait_until_ready(url, program)
        yield OwnMakeUp(url, _control_of(database, program), program)


def _control_of(database: Database, program: Program) -> Path:
    """Its control socket, which is there a moment after the service is ready."""
    deadline = time.monotonic() + LISTENS_WITHIN_S
    while time.monotonic() < deadline:
        for path in running(database_key(database.url)):
            return path
        program.check()
        time.sleep(0.1)
    raise Unavailable(f"`make up` takes no orders after {LISTENS_WITHIN_S:g} s; see {program.log}.")


def copy_of_store(models: ModelPins, home: Path) -> None:
    """Make a BentoML home with these models, where others can be stored without a trace in the real one.

    Args:
        models: The versions.
        home: The folder; BENTOML_HOME has to name it afterwards.
    """
    for tag in models.model_dump().values():
        kind, _, version = tag.partition(":")
        real = Path(bentoml.models.get(tag, _model_store=model_store()).path)
        shutil.copytree(real, home / "models" / kind / version)


def with_file(models: ModelPins, name: str, content: str) -> ModelPins:
    """Store the recommender under another version, with one file more or another one.

    Args:
        models: The versions.
        name: The file; a name that no recommender reads makes a set that answers as the first does.
        content: What it holds.

    Returns:
        The versions of the other set.
    """
    model = bentoml.models.get(models.playlist_autoencoder, _model_store=model_store())

    def write(folder: Path) -> None:
        shutil.copytree(model.path, folder, dirs_exist_ok=True)
        os.remove(folder / "model.yaml")
        (folder / name).write_text(content, encoding="utf-8")

    made_from = digest_of_ingredients(models.playlist_autoencoder, name, content)
    stored = store(RECOMMENDER, made_from, write, dict(model.info.labels))
    return models.model_copy(update={RECOMMENDER: stored})
