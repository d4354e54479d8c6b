"""The sets that this machine knows: `var/sets/NAME/set.json`, written last and whole, and what was told of each."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from aiplayer.errors import InvalidInput, ModelMissing, NotFound
from aiplayer.file_records import check_files
from aiplayer.files import whole_file, write_whole
from aiplayer.settings import STATE
from training.publish.manifest import SET_FILE, SetManifest


def register(manifest: SetManifest, attachments: Mapping[str, bytes], state: Path = STATE) -> SetManifest:
    """Write a set down, unless an equal one is there already, which is returned.

    Raises:
        InvalidInput: a set of this name holds other files, or other things are told of it.
    """
    if is_registered(manifest.name, state):
        existing = read_set(manifest.name, state)
        if not existing.is_equal(manifest) or not manifest.attachments.items() <= existing.attachments.items():
            raise InvalidInput(
                f"The set {manifest.name} is registered already, with other files, and a set never changes. "
                "Give diffusion weights that have changed another name; or make the set's card before it is registered."
            )
        return existing

    folder = folder_of(manifest.name, state)
    for name, content in attachments.items():
        with whole_file(folder / name) as draft:
            draft.write_bytes(content)
    write_whole(folder / SET_FILE, manifest.model_dump_json(indent=1) + "\n")
    return manifest


def set_names(state: Path = STATE) -> list[str]:
    """The names of all sets that are registered here."""
    return sorted(path.parent.name for path in state.glob(f"sets/*/{SET_FILE}"))


def is_registered(name: str, state: Path = STATE) -> bool:
    """Whether a set of exactly this name is registered here."""
    return (folder_of(name, state) / SET_FILE).is_file()


def list_sets(state: Path = STATE) -> list[SetManifest]:
    """All sets that are registered here, the newest first.

    Raises:
        ModelMissing: the `set.json` of one cannot be read.
    """
    manifests = [_read(name, state) for name in set_names(state)]
    return sorted(manifests, key=lambda manifest: manifest.made_at, reverse=True)


def read_set(name: str, state: Path = STATE) -> SetManifest:
    """A set by its name, or by the beginning of it where only one begins so.

    Raises:
        InvalidInput: several begin so.
        NotFound: none does.
        ModelMissing: its `set.json` cannot be read.
    """
    return _read(chosen(name, set_names(state), "here"), state)


def chosen(name: str, names: list[str], where: str) -> str:
    """The one of these names that begins like this.

    Raises:
        InvalidInput: several do.
        NotFound: none does.
    """
    if name in names:
        return name
    found = [candidate for candidate in names if name and candidate.startswith(name)]
    if not found:
        listed = ", ".join(names) or "none"
        raise NotFound(f"There is no set {name!r} {where}. The sets {where}: {listed}.", field="name")
    if len(found) > 1:
        raise InvalidInput(f"Several sets {where} begin with {name!r}: {', '.join(found)}. Say more.", field="name")
    return found[0]


def parsed(content: bytes, where: str) -> SetManifest:
    """A set from the content of its `set.json`.

    Raises:
        ModelMissing: it is none.
    """
    try:
        return SetManifest.model_validate_json(content)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise ModelMissing(f"{where} is damaged: {reason}.") from None


def _read(name: str, state: Path) -> SetManifest:
    path = folder_of(name, state) / SET_FILE
    manifest = parsed(path.read_bytes(), f"{path}, which may be removed with its folder and pulled again,")
    if manifest.name != name:
        raise ModelMissing(f"{path} is that of the set {manifest.name}. Remove the folder and pull the set again.")
    return manifest


def attachment(manifest: SetManifest, name: str, state: Path = STATE) -> bytes | None:
    """The content of what was told of a set, such as `card.md`; None where it has no such file.

    Raises:
        ModelMissing: the file is missing or damaged.
    """
    if name not in manifest.attachments:
        return None
    folder = folder_of(manifest.name, state)
    check_files(folder, {name: manifest.attachments[name]}, f"the set {manifest.name}", remedy(manifest))
    return (folder / name).read_bytes()


def metrics(manifest: SetManifest, state: Path = STATE) -> dict[str, object]:
    """What the set's `card.json` says at its top level; nothing where it has none."""
    card = attachment(manifest, "card.json", state)
    read = json.loads(card) if card else {}
    return read if isinstance(read, dict) else {}


def forget_set(name: str, state: Path = STATE) -> None:
    """Remove a set's folder; it is no set any more from the first step on."""
    folder = folder_of(name, state)
    (folder / SET_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def folder_of(name: str, state: Path = STATE) -> Path:
    """The folder of a set."""
    return state / "sets" / name


def remedy(manifest: SetManifest) -> str:
    """The sentence that says what to do about a damaged file of a set."""
    return f"Pull it again: python -m training.publish pull {manifest.name}"
