"""What every runner needs from BentoML: its pinned model, a lasting connection, and a place to say that it is there."""

from pathlib import Path

import bentoml
from bentoml._internal.configuration.containers import BentoMLContainer
from bentoml.models import Model
from bentoml.validators import ContentType
from yaml import YAMLError

from aiplayer.errors import ModelMissing
from aiplayer.presence import Presence
from aiplayer.stored_model import BENTOML_FILE, REMEDY, check_stored

# By default the shared session is closed after 100 calls, under the requests that are in flight.
LASTING_CONNECTION = {"max_requests": 10**9, "max_age": 1e9}
# BentoML's line of a request holds the address of its caller and the path as it was typed. In its place the gateway has
# a line for each request, and a runner for each batch that is slow or fails.
WITHOUT_ACCESS_LINES = {"access": {"enabled": False}}
# Where an answer names no content type, BentoML derives it from the answer's JSON schema, and makes that anew for each
# answer: for a recommendation it takes some milliseconds.
ANSWER = ContentType("application/json")


def pinned_model(tag: str, what: str) -> Model:
    """The exact version of a model.

    Args:
        tag: `name:version` from the settings.
        what: How a person calls the model.

    Raises:
        ModelMissing: nothing is pinned, or the store lacks that version or holds it damaged.
    """
    if not tag:
        raise ModelMissing(f"No version of the {what} is pinned. Run `make setup` once.")
    try:
        return bentoml.models.get(tag)
    except bentoml.exceptions.NotFound as error:
        raise ModelMissing(
            f"The {what} {tag} is not in the model store. Run `make setup`, or set BENTOML_HOME to the right store."
        ) from error
    except (bentoml.exceptions.BentoMLException, YAMLError) as error:
        raise ModelMissing(
            f"The {what} {tag} is damaged in the model store: {BENTOML_FILE} cannot be read. {REMEDY}"
        ) from error


def verified_model(tag: str, what: str) -> Model:
    """The exact version of a model, for whoever loads it: every file of it is the one that was stored.

    Args:
        tag: `name:version` from the settings.
        what: How a person calls the model.

    Raises:
        ModelMissing: as `pinned_model`, or a file is missing or damaged; the message names it.
    """
    model = pinned_model(tag, what)
    check_stored(Path(model.path), tag, model.info.metadata, what)
    return model


def check_made_for(model: Model, label: str, tag: str) -> None:
    """Refuse a model that was made for another version of what it works with.

    Raises:
        ModelMissing: the model's label names another tag.
    """
    made_for = model.info.labels.get(label)
    if made_for != tag:
        raise ModelMissing(f"{model.tag} was made for {label} {made_for}, not for {tag}. Run `make setup`.")


def presence_of(runner: str) -> Presence:
    """Whether a runner of this service is there; it says so itself when it has loaded its model.

    Args:
        runner: The name of its service.
    """
    return Presence(Path(BentoMLContainer.bentoml_home.get()) / "present" / runner)
