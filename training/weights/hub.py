"""A Stable Diffusion 1.x on the Hugging Face hub: its licence, the files that we read, and fetching them.

Every file is of one commit and must have the hash that the hub announces: the sha256 of a large file, git's own hash
of a small one. A file that is in place is not fetched again.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, ModelCardData, hf_hub_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.hf_api import ModelInfo, RepoSibling
from huggingface_hub.utils.sha import git_hash

from aiplayer.errors import AIPlayerError, InvalidInput, ModelMissing, NotFound, Unavailable
from aiplayer.file_records import sha256_of
from aiplayer.files import write_whole
from aiplayer.thumbnails.diffusion.files.folder import (
    CONFIGURATIONS,
    SAFETENSORS,
    SCHEDULER,
    SUFFIXES,
    TOKENIZER,
    sizes_of,
)
from aiplayer.thumbnails.diffusion.files.hashes import HASHES_FILE
from aiplayer.thumbnails.diffusion.files.locations import folder_name
from aiplayer.thumbnails.diffusion.files.vocabulary import WHOLE_FILE, layout_in, read_vocabulary

LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt")
DOCUMENTS = ("README.md", *LICENCES)
SOURCE_FILE = "source.json"
SHA256_DIGITS = 64
BYTES_A_GB = 1e9
REFUSED = (401, 403)


@dataclass(frozen=True)
class HubFile:
    """A file as the hub announces it.

    Attributes:
        name: The file's path inside the folder.
        size_bytes: The file's size.
        digest: 64 hexadecimal digits of its sha256, or 40 of git's hash.
    """

    name: str
    size_bytes: int
    digest: str

    @property
    def has_sha256(self) -> bool:
        """Whether `digest` is a sha256, not git's hash."""
        return len(self.digest) == SHA256_DIGITS

    def digest_of(self, path: Path) -> str:
        """Digest a file on the disk in the way of `digest`."""
        return sha256_of(path) if self.has_sha256 else git_hash(path.read_bytes())

    def sha256_in(self, folder: Path) -> str:
        """Give the sha256 of this file, which the folder holds."""
        return self.digest if self.has_sha256 else sha256_of(folder / self.name)

    def is_in(self, folder: Path) -> bool:
        """Tell whether the folder holds this file, and not another of its name."""
        path = folder / self.name
        return path.is_file() and self.digest_of(path) == self.digest


@dataclass(frozen=True)
class Publication:
    """A model as the hub describes it.

    Attributes:
        model: The model's name, "owner/name".
        commit: The newest commit, to which all files belong.
        licence: The licence's name, from the model's card.
        licence_link: An address where the licence can be read.
        files: The files that we read, weights last, and the documents.
    """

    model: str
    commit: str
    licence: str
    licence_link: str
    files: tuple[HubFile, ...]

    def missing_in(self, folder: Path) -> list[HubFile]:
        """List the files that must still be fetched."""
        return [file for file in self.files if not file.is_in(folder)]


def look_up(model: str) -> Publication:
    """Ask the hub about a model.

    Args:
        model: The model's name, "owner/name".

    Raises:
        InvalidInput: no such name is possible, or the model is not in the diffusers layout.
        ModelMissing: its tokenizer is another than CLIP's.
        NotFound: there is no such model, or it is not for everyone.
        Unavailable: the hub does not answer.
    """
    # Refuses a name that no model can have.
    folder_name(model)

    api = HfApi()
    with _our_errors(model):
        info = api.model_info(model, files_metadata=True)
    announced = {file.rfilename: file for file in info.siblings or ()}

    page = f"{api.endpoint}/{model}"
    licence, link = _licence(info, page, announced)
    files = tuple(_hub_file(announced[name]) for name in _names_to_fetch(model, announced))
    return Publication(model, _announced(info.sha), licence, link, files)


def fetch(publication: Publication, missing: Sequence[HubFile], folder: Path) -> None:
    """Fetch what is missing; `sha256.json`, by which the service knows that all is there, is written last.

    Args:
        publication: The model, from `look_up`.
        missing: The model's files that are not in the folder.
        folder: Where to put the files; it is made where there is none, and may be half full.

    Raises:
        InvalidInput: the disk is too small.
        ModelMissing: a file is not the announced one, or the model is no Stable Diffusion 1.x.
        NotFound: the files are not for everyone.
        Unavailable: the hub does not answer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _require_room(folder, missing)
    if missing:
        (folder / HASHES_FILE).unlink(missing_ok=True)

    weights = [file for file in missing if file.name.endswith(SUFFIXES)]
    for file in missing:
        is_first_of_weights = file in weights[:1]
        if is_first_of_weights:
            # Both refuse another kind of model before its gigabytes come.
            sizes_of(folder)
            read_vocabulary(folder / TOKENIZER)
        _fetch_one(publication, file, folder)

    source = {
        "model": publication.model,
        "commit": publication.commit,
        "licence": publication.licence,
        "licence_link": publication.licence_link,
    }
    _write_json(folder / SOURCE_FILE, source)

    files_we_read = [file for file in publication.files if file.name not in DOCUMENTS]
    _write_json(folder / HASHES_FILE, {file.name: file.sha256_in(folder) for file in files_we_read})


def _names_to_fetch(model: str, announced: Mapping[str, RepoSibling]) -> list[str]:
    """Choose the files to fetch, in their order: of each part's weights the first suffix that the hub has."""
    weights = []
    for stem in SAFETENSORS.values():
        names = [f"{stem}{suffix}" for suffix in SUFFIXES]
        available = [name for name in names if name in announced]
        weights.append(available[0] if available else names[0])

    tokenizer = _tokenizer_to_fetch(model, announced)
    for name in (*tokenizer, *CONFIGURATIONS, *weights):
        if name not in announced:
            raise InvalidInput(
                f"{model} holds no {name}. Give a Stable Diffusion 1.x in the diffusers layout, with safetensors.",
                field="model",
            )

    names = [*DOCUMENTS, *tokenizer, SCHEDULER, *CONFIGURATIONS, *weights]
    return [name for name in names if name in announced]


def _tokenizer_to_fetch(model: str, announced: Mapping[str, RepoSibling]) -> list[str]:
    """Choose the files of the tokenizer: the two older ones, else the one that has both in it."""
    prefix = f"{TOKENIZER}/"
    names = [name.removeprefix(prefix) for name in announced if name.startswith(prefix)]
    layout = layout_in(names, f"The tokenizer of {model}") or (WHOLE_FILE,)
    return [prefix + name for name in layout]


def _hub_file(file: RepoSibling) -> HubFile:
    digest = file.lfs.sha256 if file.lfs else _announced(file.blob_id)
    return HubFile(file.rfilename, file.size or 0, digest)


def _announced(value: str | None) -> str:
    """Give what the hub announces of every model, though its library allows for None."""
    if value is None:
        raise Unavailable("The hub leaves out a hash by which files are checked. Run the same command again later.")
    return value


def _licence(info: ModelInfo, page: str, announced: Mapping[str, RepoSibling]) -> tuple[str, str]:
    """Read the licence's name and an address of its text; without one, the address of the model's page."""
    card = info.card_data or ModelCardData()
    name = card.get("license_name") or card.get("license") or "none stated"
    link = card.get("license_link")
    if link and "://" in link:
        return str(name), link

    # The card may name a file of the model.
    texts = [text for text in (link, *LICENCES, "README.md") if text in announced]
    return str(name), f"{page}/blob/{info.sha}/{texts[0]}" if texts else page


def _fetch_one(publication: Publication, file: HubFile, folder: Path) -> None:
    """Fetch a file and compare it with what the hub announces."""
    path = folder / file.name
    path.unlink(missing_ok=True)
    with _our_errors(publication.model):
        hf_hub_download(publication.model, file.name, revision=publication.commit, local_dir=folder)

    digest = file.digest_of(path)
    if digest != file.digest:
        path.unlink()
        raise ModelMissing(
            f"{path} did not come as the hub announces it: {file.digest} was expected, {digest} found. It was removed; "
            "run the same command again."
        )


def _require_room(folder: Path, files: Sequence[HubFile]) -> None:
    needed_bytes = sum(file.size_bytes for file in files)
    free_bytes = shutil.disk_usage(folder).free
    if needed_bytes > free_bytes:
        raise InvalidInput(
            f"{needed_bytes / BYTES_A_GB:.1f} GB are to be fetched and {free_bytes / BYTES_A_GB:.1f} GB are free at "
            f"{folder}. Free some, or give a folder on another disk: python -m training.weights --out DIR.",
            field="out",
        )


def _write_json(path: Path, content: Mapping[str, str]) -> None:
    write_whole(path, json.dumps(content, indent=1) + "\n")


@contextmanager
def _our_errors(model: str) -> Iterator[None]:
    """Turn the hub library's errors into ours, without its own words: some hold the access token."""
    try:
        yield
    except Exception as error:
        raise _our_error(error, model, HfApi().endpoint) from error


def _our_error(error: Exception, model: str, hub: str) -> AIPlayerError:
    """Say what an error of the hub library means, and what to do."""
    again = "then run the same command again; complete files are kept."
    match error:
        case GatedRepoError():
            terms = f"Accept its terms at {hub}/{model} and set HF_TOKEN to a token of yours"
            return NotFound(f"{model} is gated. {terms}, {again}")
        case RepositoryNotFoundError():
            return NotFound(f"There is no model {model} at {hub}, or it is private. Check the name, or set HF_TOKEN.")
        case OfflineModeIsEnabled():
            return Unavailable(f"HF_HUB_OFFLINE forbids to fetch anything. Run: make weights MODEL={model}")
        case HfHubHTTPError(response=response) if response.status_code in REFUSED:
            return Unavailable(f"{hub} refuses the access token. Correct or unset HF_TOKEN, {again}")
        case OSError(strerror=str(reason)):
            return ModelMissing(f"The weights cannot be written: {reason}. Mend that, {again}")
    return Unavailable(f"{hub} does not answer as it should ({type(error).__name__}). Check the network, {again}")
