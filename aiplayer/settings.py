"""One frozen settings object a process.

It is read from defaults, `var/models.json`, `aiplayer.toml`, files of secrets, and the environment.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import URL

from aiplayer.addresses import checked_endpoint
from aiplayer.errors import InvalidInput
from aiplayer.exposure import ExposureSettings, Secret
from aiplayer.pins import ModelPins, PinsFile, database_key
from aiplayer.repository_settings import RepositorySettings

PROJECT = Path(__file__).resolve().parent.parent
# All that is written while the product runs lies here: databases, models, pins, logs.
STATE = PROJECT / "var"
if os.environ.get("AIPLAYER_STATE"):
    STATE = Path(os.environ["AIPLAYER_STATE"]).expanduser().resolve()
# Where containers get their secrets: the file aiplayer_database_url holds the setting of that name, and so on.
SECRETS = Path("/run/secrets")
PINS_FILE = STATE / "models.json"
SETTINGS_FILE = PROJECT / "aiplayer.toml"


class SettingsFile(InitSettingsSource):
    """`aiplayer.toml`: UTF-8, with or without the byte order mark that editors on Windows put before it.

    Raises:
        InvalidInput: the file is not UTF-8, or no TOML.
    """

    def __init__(self, settings_cls: type[BaseSettings]):
        super().__init__(settings_cls, _read_toml(SETTINGS_FILE))


def _read_toml(file: Path) -> dict[str, Any]:
    """The values of a TOML file, none where there is no file."""
    if not file.exists():
        return {}
    try:
        text = file.read_text(encoding="utf-8-sig")
        # UTF-16 without a byte order mark would pass as UTF-8 that holds zeros.
        if "\0" in text:
            raise UnicodeError
        return tomllib.loads(text)
    except UnicodeError as error:
        raise InvalidInput(f"{file.name} is not UTF-8. Save it as UTF-8 and run the same command again.") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{file.name} cannot be read: {error}.") from error


class PinsSource(PydanticBaseSettingsSource):
    """The models that are pinned for the database of these settings, else those that were pinned last.

    With a set that was promoted comes what it paints with.
    """

    def get_field_value(self, field: object, field_name: str) -> tuple[Any, str, bool]:
        """No field is looked up alone."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """`models`, of empty tags before the first set-up, and `diffusion_weights` where a promoted set names them."""
        url = self.current_state.get("database_url") or self.settings_cls.model_fields["database_url"].default
        pinned = PinsFile.read(PINS_FILE).of_database(database_key(url))
        values: dict[str, Any] = {"models": pinned.models.model_dump()}
        return values if pinned.diffusion_weights is None else values | {"diffusion_weights": pinned.diffusion_weights}


class Settings(ExposureSettings, RepositorySettings, BaseSettings):
    """Everything a person may set. The environment variable of `database_url` is `AIPLAYER_DATABASE_URL`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="AIPLAYER_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
        # Else the report of a mistake would print secrets.
        hide_input_in_errors=True,
    )

    database_url: SecretStr = Field(
        default=SecretStr(URL.create("sqlite", database=str(STATE / "aiplayer.db")).render_as_string()),
        description="Any SQLAlchemy URL; it may hold a password, so it is never printed.",
    )
    database_timeout_s: float = Field(default=5.0, gt=0, description="Longest wait for a connection or a lock.")
    log_retention_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="How long typed titles are kept, 0 for ever; `python -m training.retention prune` removes others.",
    )
    models: ModelPins = ModelPins()
    title_encoder_source: str = Field(default="multilingual-use", description="What set-up publishes as the encoder.")
    seed: int = Field(default=20, ge=0, description="The one seed of the demo catalogue, training and samplers.")
    threads: int = Field(
        default=1, ge=1, le=64, description="Arithmetic threads of the title encoder's and the recommender's runner."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where the models compute: on a card where there is one, never, or nowhere else."
    )
    thumbnail_width_px: int = Field(default=1280, ge=64, le=1920)
    thumbnail_height_px: int = Field(default=720, ge=64, le=1080)
    thumbnail_art_form: str = Field(default="photography", description="Begins every prompt.")
    thumbnail_details: str = Field(default="landscape, 8K uhd", description="Ends every prompt.")
    thumbnail_negative_prompt: str = Field(
        default="people, person, face, hands, text, watermark, nsfw, nude, naked, sex, gore, blood, violence",
        description="What to keep out of every picture, whoever asks; read before what the client adds.",
    )
    thumbnail_niceness: int = Field(
        default=10, ge=0, le=19, description="How far pictures stand back where searches want the processor too."
    )
    pictures_kept_bytes: int = Field(
        default=64_000_000, ge=0, description="Room for the pictures painted last, which are not painted again."
    )
    picture_jobs_kept_h: float = Field(
        default=24.0, gt=0, le=8_760, description="How long picture jobs are kept with their pictures, in hours."
    )
    picture_jobs_kept: int = Field(default=500, ge=1, description="So many that have ended are kept at most.")
    most_picture_jobs: int = Field(default=64, ge=1, description="Picture jobs that may wait or be painted; then 429.")
    diffusion_weights: str = Field(
        default="",
        description="`small` for the model of the project; what `make weights` fetched, by its name on the "
        "hub; a Stable Diffusion 1.x folder; or the file that `python -m training.diffusion fit` writes. Empty for the "
        "scene painter.",
    )
    diffusion_width_px: int | None = Field(
        default=None, ge=64, le=2048, description="Of what is painted; then scaled. Default: the model's."
    )
    diffusion_height_px: int | None = Field(default=None, ge=64, le=2048)
    diffusion_sampler: Literal["ddim", "dpm-solver++"] = "dpm-solver++"
    diffusion_steps: int | None = Field(default=None, ge=1, le=100)
    diffusion_guidance: float | None = Field(default=None, ge=1, le=30)
    diffusion_brushwork: bool | None = Field(
        default=None, description="Whether pictures are finished in brush strokes. Default: those of the small model."
    )
    diffusion_batch: int = Field(default=4, ge=1, le=8, description="Most pictures at once.")
    diffusion_precision: Literal["float32", "bfloat16", "mixed_float16", "mixed_bfloat16"] | None = Field(
        default=None, description="Default: what was measured to be fastest on this device."
    )
    diffusion_jit_compile: bool | None = Field(default=None, description="Whether XLA compiles. Default: as measured.")
    translate_titles: bool = Field(default=True, description="Whether Google is asked for titles in English.")
    translation_budget_s: float = Field(default=2.0, gt=0, description="Longest wait for a translation.")
    max_body_bytes: int = Field(default=1_000_000, ge=1_000, description="Larger request bodies are refused with 413.")
    answer_timeout_s: float = Field(
        default=30.0, gt=0, description="Longest time until the service begins an answer; then it answers 504."
    )
    picture_timeout_s: float = Field(
        default=3_600.0,
        gt=0,
        le=80_000,
        description="The same for one picture; each more may take what one takes on this device.",
    )
    painter_url: str = Field(
        default="", description="Where a painter on another machine listens; empty: this machine paints."
    )
    painter_key: Secret = Field(default=SecretStr(""), description="What that painter is sent as key.")
    painter_sleeps: bool = Field(
        default=False,
        description="Whether that painter sleeps while idle; the scene painter here then stands in.",
    )
    most_searches: int = Field(default=128, ge=1, description="Searches and playlists under way at once; then 429.")
    most_pictures: int = Field(default=32, ge=1, description="Requests for pictures under way at once; then 429.")
    gateway_workers: int = Field(default=1, ge=1, le=64, description="Processes of the gateway.")
    recommender_workers: int = Field(default=2, ge=1, le=64, description="Processes of the recommender.")
    log_format: Literal["text", "json"] = Field(default="text", description="Lines for a person, or JSON lines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level of the service's own lines; debug tells of every batch."
    )
    otlp_endpoint: str = Field(
        default="", description="Where a collector takes traces, as http://127.0.0.1:4318; empty: there are none."
    )
    trace_share: float = Field(
        default=1.0, ge=0, le=1, description="The share of requests that are traced, where their callers do not say."
    )
    handover_base: str = Field(
        default="", description="Where connections are taken over that `make up` has accepted; set by itself."
    )
    started_by: int = Field(
        default=0, ge=0, description="The process with which the service ends; set by `make up` itself."
    )
    service_url: str = Field(default="http://127.0.0.1:3000", description="Where the page finds the service.")
    service_timeout_s: float = Field(default=60.0, gt=0, description="Longest wait of the page for an answer.")

    @field_validator("otlp_endpoint")
    @classmethod
    def _check_endpoint(cls, endpoint: str) -> str:
        return checked_endpoint(endpoint, "http://127.0.0.1:4318", "OTEL_EXPORTER_OTLP_HEADERS")

    @field_validator("painter_url")
    @classmethod
    def _check_painter(cls, url: str) -> str:
        return checked_endpoint(url, "http://10.0.0.7:3001", "AIPLAYER_PAINTER_KEY")

    @field_validator("title_encoder_source", "diffusion_weights")
    @classmethod
    def _expand_home(cls, path: str) -> str:
        """`~` begins a path as it does in a shell."""
        return os.path.expanduser(path)

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
            # pydantic-settings warns of a folder that is not there.
            *([SecretsSettingsSource(settings_cls, SECRETS)] if SECRETS.is_dir() else []),
            SettingsFile(settings_cls),
            PinsSource(settings_cls),
        )
