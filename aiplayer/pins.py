"""The exact versions of models that are served, for each database its own, as `var/models.json` holds them."""

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


class ModelPins(BaseModel):
    """The exact model-store tags (`name:version`) that the runners load; empty until set-up has published them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title_encoder: str = ""
    title_index: str = ""
    playlist_autoencoder: str = ""


class PinnedSet(ModelPins):
    """The models of a database, and how they came there.

    Attributes:
        diffusion_weights: What paints beside them, as the setting of that name; None leaves that to the settings.
        promoted: Whether a person has chosen this set; then set-up leaves it as it is.
    """

    diffusion_weights: str | None = None
    promoted: bool = False

    @property
    def models(self) -> ModelPins:
        """The versions alone."""
        return ModelPins(**{kind: getattr(self, kind) for kind in ModelPins.model_fields})

    def painted_by(self, diffusion_weights: str) -> Self:
        """The same, with what paints where none is pinned."""
        if self.diffusion_weights is not None:
            return self
        return self.model_copy(update={"diffusion_weights": diffusion_weights})

    def is_of(self, models: ModelPins, diffusion_weights: str) -> bool:
        """Whether these are the same models, and the same painter where one is pinned with them."""
        return self.models == models and self.diffusion_weights in (None, diffusion_weights)


class PinsFile(BaseModel):
    """What `var/models.json` holds.

    Attributes:
        models: The versions that were pinned last.
        databases: The set that is pinned for each database, by `database_key`.
        earlier: The sets that were pinned for each database before, the newest first; also outdated ones, until they
            are removed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: ModelPins = ModelPins()
    databases: dict[str, PinnedSet] = {}
    earlier: dict[str, list[PinnedSet]] = {}

    @classmethod
    def read(cls, path: Path) -> Self:
        """The file's pins; none before the first set-up, nor where a crash has damaged it: set-up writes it anew."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return cls()

    def of_database(self, database: str) -> PinnedSet:
        """The set that is pinned for a database, else the models that were pinned last."""
        return self.databases.get(database) or PinnedSet(**self.models.model_dump())


def database_key(url: str | SecretStr) -> str:
    """A database's URL without anything secret: what its models are pinned under."""
    try:
        parsed = make_url(url.get_secret_value() if isinstance(url, SecretStr) else url)
    except (ArgumentError, ValueError):
        return ""
    database = parsed.database
    if parsed.get_backend_name() == "sqlite" and database:
        database = str(Path(os.path.expanduser(database)).resolve())
    return URL.create(parsed.drivername, host=parsed.host, port=parsed.port, database=database).render_as_string()
