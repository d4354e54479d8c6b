"""Sets of models of some kilobytes, for what moves and checks sets; nothing can be served with them."""

import random
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from aiplayer.catalogue import connect, migrate
from aiplayer.catalogue.tables import CatalogueVersion
from aiplayer.pins import ModelPins
from training.publish.manifest import SetManifest
from training.publish.sets import NOTHING, make_set
from training.publish.store import digest_of_ingredients, store

CATALOGUE = "tiny-catalogue"


def tiny_database(state: Path, catalogue: str = CATALOGUE) -> str:
    """The URL of a database that holds nothing but the version of its catalogue.

    Args:
        state: The folder of the file, which is named as a service's own database is.
        catalogue: The version.
    """
    state.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{state / 'aiplayer.db'}"
    engine = connect(url)
    migrate(engine)
    with Session(engine) as session, session.begin():
        session.add(CatalogueVersion(version=catalogue))
    engine.dispose()
    return url


def tiny_models(number: int, *, encoder: int = 0, catalogue: str = CATALOGUE, large_bytes: int = 4_000) -> ModelPins:
    """Store three models and return their versions.

    Args:
        number: Decides the bytes of the title index and of the recommender, but for one file that all have.
        encoder: Decides those of the title encoder.
        catalogue: The catalogue that they were made for.
        large_bytes: The size of the recommender's largest file.
    """
    encoder_tag = _store("title_encoder", encoder, {"weights.bin": 3_000, "layers/table.bin": 2_000}, {})
    labels = {"title_encoder": encoder_tag, "catalogue": catalogue}
    return ModelPins(
        title_encoder=encoder_tag,
        title_index=_store("title_index", number, {"title_index.npz": 2_000}, labels),
        playlist_autoencoder=_store(
            "playlist_autoencoder", number, {"table.npy": large_bytes, "words.json": 500, "parts/empty": 0}, labels
        ),
    )


def tiny_set(
    number: int,
    state: Path,
    *,
    parent: str | None = None,
    attachments: Mapping[str, bytes] = NOTHING,
    large_bytes: int = 4_000,
    catalogue: str = CATALOGUE,
) -> SetManifest:
    """Store three models and register them as a set; equal numbers give equal sets."""
    models = tiny_models(number, large_bytes=large_bytes, catalogue=catalogue)
    return make_set(models, "", parent, attachments, state=state)


def _store(kind: str, number: int, sizes: Mapping[str, int], labels: Mapping[str, str]) -> str:
    def write(folder: Path) -> None:
        generator = random.Random(f"{kind} {number}")
        for name, size in sizes.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(generator.randbytes(size))
        (folder / "licence.txt").write_text("The same in every model.\n")

    made_from = digest_of_ingredients(kind, number, *sizes.values(), *labels.values())
    return store(kind, made_from, write, dict(labels))
