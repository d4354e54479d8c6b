"""What stands behind NGINX and how it is reached, as the operator's file says it."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings

Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$", max_length=253)]
# A name or an IPv4 address, and a port.
Place = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+:[0-9]{1,5}$")]
Network = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F.:]+(/[0-9]{1,3})?$")]
# Nothing that ends a word of NGINX's language.
File = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/-]+$")]
Megabytes = Annotated[int, Field(ge=1, le=1_000_000)]


class Site(BaseModel):
    """A site; its file is TOML with these names.

    Attributes:
        page_domain: Where the page is opened.
        api_domain: Where the API is asked.
        certificate: The certificate of both with those that it stands on, PEM.
        certificate_key: Its key.
        gateways: The services that answer; each may be asked for everything.
        canaries: Services of another version.
        canary_percent: The share of callers that the canaries answer; a caller stays with whom they got.
        pages: The pages; a visitor stays with theirs.
        believed_proxies: Networks of proxies before this one, whose word on who asks is taken.
        listen: The address to listen at.
        https_port: The port of TLS.
        http_port: The port that sends everybody to TLS.
        requests_per_second: Of one address to the API, on average.
        burst: So many more may come at once.
        connections: Of one address at a time.
        longest_answer_s: How long the service takes for an answer at most: its `answer_timeout_s`.
        longest_picture_s: The same for a picture: its `picture_timeout_s`.
        pictures_mb: Room for the pictures of generations.
        folder: Where NGINX writes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    page_domain: Domain
    api_domain: Domain
    certificate: File
    certificate_key: File
    gateways: list[Place] = Field(min_length=1)
    canaries: list[Place] = []
    canary_percent: float = Field(default=0.0, ge=0, le=100)
    pages: list[Place] = Field(min_length=1)
    believed_proxies: list[Network] = []
    listen: Network = "0.0.0.0"
    https_port: int = Field(default=443, ge=1, le=65_535)
    http_port: int = Field(default=80, ge=1, le=65_535)
    requests_per_second: int = Field(default=20, ge=1, le=10_000)
    burst: int = Field(default=60, ge=0, le=100_000)
    connections: int = Field(default=60, ge=1, le=100_000)
    max_body_bytes: int = Field(default=Settings.model_fields["max_body_bytes"].default, ge=1_000)
    longest_answer_s: int = Field(default=int(Settings.model_fields["answer_timeout_s"].default), ge=1, le=3_600)
    longest_picture_s: int = Field(default=int(Settings.model_fields["picture_timeout_s"].default), ge=1, le=86_400)
    pictures_mb: Megabytes = 1_000
    folder: File = "/var/lib/aiplayer-nginx"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.page_domain == self.api_domain:
            raise ValueError("page_domain and api_domain must differ: give the API a name of its own, such as api.….")
        if self.canary_percent and not self.canaries:
            raise ValueError("canary_percent is above 0 and there are no canaries: name their addresses.")
        return self


def read_site(file: Path, canary_percent: float | None = None) -> Site:
    """The site of a file.

    Args:
        file: TOML.
        canary_percent: In place of the file's, where it is given.

    Raises:
        InvalidInput: there is no such file, or it says what makes no sense.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}. infra/nginx/site.toml is an example.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} is no TOML: {error}.") from error

    if canary_percent is not None:
        values["canary_percent"] = canary_percent
    try:
        return Site(**values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the site"
        raise InvalidInput(f"{file}: {where}: {first['msg']}.") from error
