"""What `python -m infra.image` packs into a bento beside the code: a set of models and the catalogue it was made for.

bento.yaml
src/                the code; `PROJECT` of what runs in it
models/NAME/VERSION the models, where BentoML keeps those of a bento
packed/sets/NAME    the set: `set.json` and what is told of it
packed/weights/NAME its diffusion weights, where they are the operator's own
packed/catalogue.db the catalogue: songs and playlists, and nothing that creators typed
"""

from pathlib import Path

from aiplayer.settings import PROJECT, STATE
from aiplayer.thumbnails.diffusion.files.locations import pulled_place
from training.publish.manifest import DIFFUSION, MODEL_KINDS, SetManifest
from training.publish.registry import attachment, list_sets, register
from training.publish.store import store_of

# What lies beside the code where it is that of a bento.
BENTO_FILE = "bento.yaml"
MODELS = "models"
CATALOGUE = "catalogue.db"
WEIGHTS = "weights"


class Packed:
    """What a bento holds beside its code; nothing where the code is in no bento.

    Args:
        bento: The bento's folder.
    """

    def __init__(self, bento: Path = PROJECT.parent) -> None:
        self._is_bento = (bento / BENTO_FILE).is_file()
        self.models = bento / MODELS
        self.folder = bento / "packed"

    @property
    def catalogue(self) -> Path | None:
        """The packed catalogue, an SQLite file that is only read."""
        path = self.folder / CATALOGUE
        return path if self._is_bento and path.is_file() else None

    @property
    def manifest(self) -> SetManifest | None:
        """The packed set."""
        manifests = list_sets(self.folder) if self._is_bento else []
        return manifests[0] if manifests else None

    def weights(self, manifest: SetManifest) -> Path:
        """Where its own diffusion weights lie, a folder or a file."""
        return self.folder / WEIGHTS / pulled_place(manifest.diffusion).name

    def install(self, manifest: SetManifest, state: Path = STATE) -> None:
        """Make the packed set one of those of this machine: its models are linked to, not copied.

        Args:
            manifest: The packed set.
            state: The folder of the sets.
        """
        for kind in MODEL_KINDS:
            name, _, version = getattr(manifest.models, kind).partition(":")
            _link(store_of(name) / version, self.models / name / version)
        if DIFFUSION in manifest.files:
            _link(pulled_place(manifest.diffusion), self.weights(manifest))

        told = {name: attachment(manifest, name, self.folder) or b"" for name in manifest.attachments}
        register(manifest, told, state)


def _link(place: Path, target: Path) -> None:
    """Let a place lead to what is packed; what was fetched to that place stays, and an older link goes."""
    if place.exists() and not place.is_symlink():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    # Where another version of the image has linked elsewhere before.
    place.unlink(missing_ok=True)
    place.symlink_to(target)
