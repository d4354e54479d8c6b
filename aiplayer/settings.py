"""One frozen settings object a process, read from defaults, `var/models.json`, `aiplayer.toml` and the environment."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    JsonConfigSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PROJECT = Path(__file__).resolve().parent.parent
STATE = PROJECT / "var"
PINS_FILE = STATE / "models.json"


class ModelPins(BaseModel):
    """The exact model-store tags (`name:version`) that the runners load; empty until set-up has published them."""

    model_config = ConfigDict(frozen=True)

    title_encoder: str = ""
    title_index: str = ""
    playlist_autoencoder: str = ""


class Settings(BaseSettings):
    """Everything a person may set. The environment variable of `database_url` is `AIPLAYER_DATABASE_URL`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="AIPLAYER_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        json_file=PINS_FILE,
        toml_file=PROJECT / "aiplayer.toml",
        nested_model_default_partial_update=True,
    )

    database_url: SecretStr = Field(
        default=SecretStr(f"sqlite:///{STATE / 'aiplayer.db'}"),
        description="Any SQLAlchemy URL; it may hold a password, so it is never printed.",
    )
    database_timeout_s: float = Field(default=5.0, gt=0, description="Longest wait for a connection or a lock.")
    models: ModelPins = ModelPins()
    title_encoder_source: str = Field(default="multilingual-use", description="What set-up publishes as the encoder.")
    seed: int = Field(default=20, ge=0, description="The one seed of the demo catalogue, training and samplers.")
    threads: int = Field(default=1, ge=1, le=64, description="Arithmetic threads of each runner.")
    thumbnail_width_px: int = Field(default=1280, ge=64, le=1920)
    thumbnail_height_px: int = Field(default=720, ge=64, le=1080)
    max_body_bytes: int = Field(default=1_000_000, ge=1_000, description="Larger request bodies are refused with 413.")
    service_url: str = Field(default="http://127.0.0.1:3000", description="Where the page finds the service.")
    service_timeout_s: float = Field(default=60.0, gt=0, description="Longest wait of the page for an answer.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first source that knows a value wins."""
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls),
            JsonConfigSettingsSource(settings_cls),
        )
