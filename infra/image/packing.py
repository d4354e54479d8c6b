"""What goes into a bento beside the code: a set of models, and the catalogue that it was made for."""

import shutil
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.engine import URL

from aiplayer.catalogue import Catalogue
from aiplayer.catalogue.staging import LIVE
from aiplayer.catalogue.tables import OWN_IDS_FROM, CatalogueVersion, PlyMeta
from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE
from aiplayer.thumbnails.diffusion.files.locations import path_of
from infra.container.database import batches_of
from infra.container.packed import CATALOGUE, Packed
from training.publish.manifest import DIFFUSION, SetManifest
from training.publish.registry import attachment, register


def pack_set(manifest: SetManifest, bento: Path, state: Path = STATE) -> None:
    """Put what is told of a set into a bento, and its diffusion weights where they are the operator's own.

    Args:
        manifest: The set; BentoML has exported its models with the bento.
        bento: The bento's folder.
        state: The folder of the sets.
    """
    packed = Packed(bento)
    told = {name: attachment(manifest, name, state) or b"" for name in manifest.attachments}
    register(manifest, told, packed.folder)
    if DIFFUSION in manifest.files:
        weights, place = path_of(manifest.diffusion), packed.weights(manifest)
        place.parent.mkdir(parents=True, exist_ok=True)
        if weights.is_dir():
            shutil.copytree(weights, place)
        else:
            shutil.copyfile(weights, place)


def refuse_own_playlists(engine: Engine) -> None:
    """Refuse a catalogue with playlists that creators have brought: whoever has the image could read them.

    Raises:
        InvalidInput: it has some.
    """
    with engine.connect() as connection:
        own = connection.scalar(select(func.count()).select_from(PlyMeta).where(PlyMeta.ply_id >= OWN_IDS_FROM))
    if own:
        raise InvalidInput(
            f"The catalogue holds {own} playlists of creators' own, which are not put into an image. Name a database "
            "without them: AIPLAYER_DATABASE_URL, and a set that was made for it."
        )


def pack_catalogue(source: Engine, bento: Path) -> str:
    """Copy songs and playlists into an SQLite file of a bento: no likes, no log, nothing that was typed.

    Args:
        source: The database.
        bento: The bento's folder.

    Returns:
        The catalogue's version.

    Raises:
        InvalidInput: there is no catalogue, or it holds creators' own playlists.
    """
    version = Catalogue(source).version()
    if version is None:
        raise InvalidInput("The database holds no catalogue. Run `make setup` once.")
    refuse_own_playlists(source)

    path = bento / "packed" / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    target = create_engine(URL.create("sqlite", database=str(path)))
    tables = [*LIVE.values(), CatalogueVersion.metadata.tables[CatalogueVersion.__tablename__]]
    with target.begin() as connection:
        # Keys and nothing else: what reads the file reads all of it.
        for table in tables:
            table.create(connection)
        for batch in batches_of(source):
            connection.execute(insert(LIVE[batch.table]), batch.rows)
        connection.execute(insert(CatalogueVersion).values(version=version, own_playlists=""))
    with closing(target.raw_connection()) as raw:
        raw.execute("VACUUM")
    target.dispose()
    return version
